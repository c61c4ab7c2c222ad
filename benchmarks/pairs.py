"""The queue of pairs: from the third key of a decision to the next pair, with 50,000 pairs waiting.

``python benchmarks/pairs.py [--pairs 50000] [--clients 20000] [--databases sqlite,postgresql]``. A decision is posted
as the page posts it and the next pair comes back as the part of the page that htmx puts in: through the whole
application in one process, with its queries, traces and template. The bar: 300 ms at the 95th percentile; the peer is
the same desk with a hundredth of the pairs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import django
import duckdb
import psycopg
from desks import Desk
from grown import firm
from measure import ROOT, row
from server import postgres

BAR_MS = 300.0
EACH = 100  # the peer has so many times fewer pairs
WHO = {"bench_steward": "headquarters", "bench_desk": "a branch's own pairs"}


def main() -> None:
    """Measure each database with few pairs and with many; as a child, one desk."""
    asked = _arguments()
    if asked.measure:
        print(json.dumps(measured(asked.measure)))
        return
    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as scratch:
        for vendor in asked.databases.split(","):
            with ExitStack() as stack:
                url = stack.enter_context(postgres()) if vendor == "postgresql" else ""
                sizes = asked.pairs // EACH, asked.pairs
                root = Path(scratch) / vendor
                _print(vendor, {n: _times(root / str(n), n, asked, url) for n in sizes})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=50_000)
    parser.add_argument("--clients", type=int, default=20_000)
    parser.add_argument("--databases", default="sqlite")
    parser.add_argument("--times", type=int, default=60, help="decisions of each person")
    parser.add_argument("--base", type=Path, help="data folder of a run to start from, instead of making one")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _times(data: Path, n: int, asked: argparse.Namespace, url: str) -> dict[str, Any]:
    made = asked.base or data.parent.parent / "firm"
    run, how = firm(made, asked.clients, None)
    shutil.copytree(run, data / "runs" / run.name)
    for name in ("runs/current", "token_key"):
        shutil.copy(made / name, data / name)
    run = data / "runs" / run.name
    print(f"<!-- {how}; {n:,} pairs -->", flush=True)
    _pair(run, n)
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "pairs_{n}"')
        url = f"{url.rpartition('/')[0]}/pairs_{n}"
    desk = Desk(data, url)
    desk.open(pages=True)
    told = desk.call(sys.executable, ROOT / "benchmarks" / "pairs.py", "--measure", str(asked.times))
    found: dict[str, Any] = json.loads(told)
    return found


def _pair(run: Path, n: int) -> None:
    """Give the run so many pairs of different clients, each with the evidence of six fields."""
    pairs = f"""
        WITH r AS (SELECT *, row_number() OVER (ORDER BY record_code) AS nth, count(*) OVER () AS size
                   FROM '{run / "tables" / "client_record.parquet"}'),
        k AS (SELECT range + 1 AS far FROM range({n})),
        p AS (SELECT a.record_code AS left_code, b.record_code AS right_code, a.client_id AS left_client_id,
                b.client_id AS right_client_id, far, a.nth AS nth
              FROM k JOIN r a ON a.nth <= {n} // 8 + 8 JOIN r b ON b.nth = a.nth + far
              WHERE far <= 16 AND a.client_id <> b.client_id)
        SELECT left_code, right_code, left_client_id, right_client_id, 'between_thresholds' AS pair_reason,
          CAST(0.8125 AS DECIMAL(18, 4)) AS score, CAST(hash(left_code || right_code) % 90000000 AS DECIMAL(18, 2))
          AS at_stake_amount, DATE '2026-11-01' - CAST(nth % 90 AS INTEGER) AS waiting_since_on
        FROM p ORDER BY far, nth LIMIT {n}"""
    evidence = f"""
        SELECT left_code, right_code, unnest(['id_number', 'client_name', 'birth_on', 'phone', 'address', 'email'])
          AS evidence_field, unnest(['missing', 'similar', 'same', 'same', 'different', 'missing']) AS agreement,
          unnest([NULL, 3.2, 8.1, 6.4, -2.5, NULL]) AS weight FROM ({pairs})"""
    for name, rows, key in (
        ("identity_pair", pairs, "left_code, right_code"),
        ("pair_evidence", evidence, "left_code, right_code, evidence_field"),
    ):
        _write(run, name, f"SELECT * FROM ({rows}) ORDER BY {key}")


def _write(run: Path, name: str, rows: str) -> None:
    """Put the rows in the place of the run's table, in the types it has, and say so in the manifest."""
    path, manifest = run / "tables" / f"{name}.parquet", run / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    types = duckdb.execute(f"DESCRIBE FROM '{path}'").fetchall()
    columns = ", ".join(f'CAST("{one[0]}" AS {one[1]}) AS "{one[0]}"' for one in types)
    aside = path.with_name(f".aside-{path.name}")
    duckdb.execute(
        f"COPY (SELECT {columns} FROM ({rows})) TO '{aside}' (FORMAT parquet, ROW_GROUP_SIZE 8192)"
    )
    counted = duckdb.execute(f"SELECT count(*) FROM '{aside}'").fetchall()[0][0]
    aside.replace(path)
    told["sources"] = {}  # events are not looked at here
    told["outputs"][f"tables/{name}.parquet"] = hashlib.sha256(path.read_bytes()).hexdigest()
    told["rows"][name] = counted
    manifest.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def measured(times: int) -> dict[str, Any]:
    """Decisions of a steward of headquarters and of a branch's service desk: milliseconds, queries, what waits."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    told = {}
    for name in people():
        browser = Client(headers={"host": "localhost", "HX-Request": "true"})
        browser.force_login(_user(name), backend="django.contrib.auth.backends.ModelBackend")
        pair, n = _first(browser)
        seconds: list[float] = []
        for _ in range(times + 1):
            begun = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                pair = _decide(browser, pair)
            if connection.settings_dict["CONN_MAX_AGE"] == 0:
                connection.close()
            seconds.append(time.perf_counter() - begun)
        kept = sorted(1000 * one for one in seconds[1:])
        told[name] = {
            "waiting": n,
            "median": median(kept),
            "p95": kept[int(0.95 * len(kept))],
            "worst": kept[-1],
            "queries": len(queries),
        }
    return told


def people() -> list[str]:
    """Make the two logins: headquarters, and the branch with the most pairs of its own."""
    from django.db.models import Count, F
    from django.utils import timezone

    from keepwell.desk.generations.queries import read_current
    from keepwell.desk.identities.models import PairLine
    from keepwell.desk.people.actions import create_user
    from keepwell.desk.people.roles import HEADQUARTERS

    read_current()
    places = PairLine.objects.annotate(
        one=F("left_client__place__home_branch_code"), other=F("right_client__place__home_branch_code")
    ).filter(one=F("other"))
    branch = places.values_list("one").annotate(n=Count("*")).order_by("-n", "one")[0][0]
    for name, code in zip(WHO, (HEADQUARTERS, branch), strict=True):
        create_user(
            username=name, display_name=name, role="service_desk", branch_code=code, password=name * 2, by=None,
            at=timezone.now(), must_change_password=False,
        )  # fmt: skip
    return list(WHO)


def _user(name: str) -> Any:
    from keepwell.desk.people.models import User

    return User.objects.get(username=name)


def _first(browser: Any) -> tuple[dict[str, str], int]:
    answer = browser.get("/identities/pairs/")
    return _codes(answer), int(_read(answer, r'data-n="([0-9]+)"'))


def _codes(answer: Any) -> dict[str, str]:
    if answer.status_code != 200:
        raise RuntimeError(f"the queue answers {answer.status_code}")
    return {side: _read(answer, f'name="{side}" value="([^"]+)"') for side in ("left", "right")}


def _read(answer: Any, what: str) -> str:
    found = re.search(what, answer.content.decode())
    if found is None:
        raise RuntimeError(f"the queue's page has no {what}")
    return found.group(1)


def _decide(browser: Any, pair: dict[str, str]) -> dict[str, str]:
    return _codes(
        browser.post("/identities/pairs/judge/", pair | {"judgement": "not_same", "reason": "namesake"})
    )


def _print(vendor: str, found: dict[int, dict[str, Any]]) -> None:
    print(f"\n### The next pair on {vendor}, ms")
    row("who", "pairs of the run", "waiting", "median", "95 %", "worst", "queries")
    row(*["---"] * 7)
    missed = []
    for name, who in WHO.items():
        for n, told in found.items():
            one = told[name]
            times = [f"{one[key]:.1f}" for key in ("median", "p95", "worst")]
            row(who, f"{n:,}", f"{one['waiting']:,}", *times, one["queries"])
            missed += [f"{who} at {n:,}"] if one["p95"] > BAR_MS else []
    print(f"bar {BAR_MS:.0f} ms: " + (f"missed by {', '.join(missed)}" if missed else "met"))


if __name__ == "__main__":
    main()
