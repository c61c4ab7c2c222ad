"""Client features of trades, flows and log-ins: engine, SQL by hand, Polars and pandas, each in a process of its own.

``python benchmarks/features_peers.py [--sizes 1e6,1e7] [--only engine,sql,polars,pandas] [--rounds 1]``. All read the
same Parquet and write 28 columns a client, which must come out equal in every value. Imports and building the
expression are not counted; memory is that of the whole process. For 1e8 events ask for ``--sizes 1e8 --only
engine,sql``. The whole table of features, engine against SQL alone, is `features.py`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from features_asked import AMOUNTS, AS_OF, COLUMNS, COUNTS, SPANS
from measure import exponent, own_cpu, row

NORM_DAYS = 180  # of log-ins, as the signed pack has them


def by_engine(sources: Path, out: Path) -> Callable[[], None]:
    """The rules of the engine's room, joined as the nightly rule joins them."""
    from keepwell.contract import TABLES
    from keepwell.engine.features.rules import flows, gaps, money, presence, trading
    from keepwell.engine.store.session import Session, compiled, unbound
    from keepwell.policy.packs import load_packs

    table = {name: unbound(TABLES[name]) for name in ("client", "client_account", "exchange_rate", *SPANS)}
    owners = table["client_account"]
    rates = money.account_rate(owners, table["exchange_rate"], AS_OF)
    parts = (
        trading.trading(table["trade"], owners, rates, AS_OF),
        flows.flows(table["cash_flow"], owners, rates, AS_OF),
        gaps.gaps(table["trade"], owners, load_packs(AS_OF), AS_OF),
        presence.presence(table["login"], owners, NORM_DAYS, AS_OF),
    )
    joined = table["client"].select("client_id")
    for place, part in enumerate(parts):
        joined = joined.left_join(part, "client_id", rname=f"{{name}}_{place}")
    told = compiled(joined.select("client_id", *COLUMNS))

    def run() -> None:
        with Session(2, "8GB", sources.parent) as session:
            _bind(session, sources, table)
            _write(session.connection, told, out)

    return run


def _bind(session: Any, sources: Path, tables: dict[str, Any]) -> None:
    """Views of the files, with nulls for columns that are not made up."""
    for name, table in tables.items():
        path = sources / f"{name}.parquet"
        made = {one[0] for one in session.rows(f"DESCRIBE FROM '{path}'")} if path.exists() else set()
        chosen = ", ".join(f'"{one}"' if one in made else f'NULL AS "{one}"' for one in table.columns)
        session.view(name, f"SELECT {chosen}" + (f" FROM '{path}'" if made else " WHERE false"))


def by_sql(sources: Path, out: Path) -> Callable[[], None]:
    """The same columns of the SQL that the whole table is measured against."""
    import duckdb

    def run() -> None:
        text = Path(__file__).with_name("features.sql").read_text(encoding="utf-8")
        parts = text[: text.index("latest AS MATERIALIZED")].rstrip().rstrip(",")
        joins = " ".join(
            f"LEFT JOIN {name} USING (client_id)"
            for name in ("trading", "products", "gaps", "flows", "presence")
        )
        named = {
            "net_commission_365d_amount": "commission_365d_amount - pass_through AS net_commission_365d_amount"
        }
        chosen = ", ".join(named.get(name, name) for name in COLUMNS)
        session = duckdb.connect(
            config={"threads": 2, "memory_limit": "8GB", "temp_directory": str(sources.parent)}
        )
        for path in sources.glob("*.parquet"):
            session.execute(f"CREATE VIEW {path.stem} AS FROM '{path}'")
        _write(
            session,
            f"{parts} SELECT client_id, {chosen} FROM client {joins}".replace(":cut", f"DATE '{AS_OF}'"),
            out,
        )

    return run


def _write(connection: Any, told: str, out: Path) -> None:
    """One form for both: whole numbers, fen, days; nothing that happened is zero."""
    cast = {
        **dict.fromkeys(AMOUNTS, "CAST(coalesce({0}, 0) AS DECIMAL(18,2))"),
        **dict.fromkeys(COUNTS, "CAST(coalesce({0}, 0) AS BIGINT)"),
    }
    chosen = ", ".join(f"{cast.get(name, '{0}').format(name)} AS {name}" for name in COLUMNS)
    connection.execute(
        f"COPY (SELECT client_id, {chosen} FROM ({told}) ORDER BY client_id) TO '{out}' (FORMAT parquet)"
    )


def by_frames(name: str) -> Callable[[Path, Path], Callable[[], None]]:
    """A way written in a module of its own, which loads its library when it is asked for."""

    def way(sources: Path, out: Path) -> Callable[[], None]:
        return partial(import_module(f"peer_{name}").run, sources, out)

    return way


CONTENDERS = {
    "engine": by_engine,
    "sql": by_sql,
    "polars": by_frames("polars"),
    "pandas": by_frames("pandas"),
}


def alone(name: str, sources: Path, out: Path) -> None:
    """One contender in this process: what it took without imports, and its memory."""
    run = CONTENDERS[name](sources, out)
    started = own_cpu()
    run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(json.dumps({"cpu": own_cpu() - started, "peak": peak}))


def measured(name: str, sources: Path, out: Path, rounds: int) -> dict[str, float]:
    """The best of the rounds, each in a process of its own."""
    found = []
    for _ in range(rounds):
        command = [sys.executable, __file__, "--alone", name, "--sources", str(sources), "--out", str(out)]
        found.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    return min(found, key=lambda one: one["cpu"])


def differing(folder: Path, names: list[str]) -> dict[str, int]:
    """Columns in which another than the first differs from it, with the number of rows."""
    import duckdb

    first, *others = names
    found: dict[str, int] = {}
    for other in others:
        counts = ", ".join(
            f"count(*) FILTER (a.{name} IS DISTINCT FROM b.{name})" for name in ("client_id", *COLUMNS)
        )
        joined = f"'{folder}/{first}.parquet' a FULL JOIN '{folder}/{other}.parquet' b ON a.client_id = b.client_id"
        (told,) = duckdb.sql(f"SELECT {counts} FROM {joined}").fetchall()
        found |= {f"{other}: {name}": n for name, n in zip(("client_id", *COLUMNS), told, strict=True) if n}
    return found


def main() -> None:
    """Make the events of each size, let every contender decide them, print costs, ratios and growth."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1e6,1e7")
    parser.add_argument("--only", default=",".join(CONTENDERS))
    parser.add_argument("--rounds", type=int, default=1)
    for name in ("--alone", "--sources", "--out"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        alone(asked.alone, Path(asked.sources), Path(asked.out))
        return
    names, sizes = asked.only.split(","), [int(float(size)) for size in asked.sizes.split(",")]
    costs = {size: _of_size(size, names, asked.rounds) for size in sizes}
    if len(sizes) > 1:
        for name in names:
            print(f"{name}: growth exponent {exponent(sizes, [costs[size][name] for size in sizes]):.2f}")


def _of_size(n_events: int, names: list[str], rounds: int) -> dict[str, float]:
    import made_events

    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as made:
        folder = Path(made)
        made_events.write(folder / "sources", n_events)
        told = {
            name: measured(name, folder / "sources", folder / f"{name}.parquet", rounds) for name in names
        }
        if wrong := differing(folder, names):
            raise SystemExit(f"the ways differ, columns and rows: {wrong}")
    row("events", "way", "CPU s", "of the engine's", "peak GiB")
    row("---", "---", "---", "---", "---")
    for name, cost in told.items():
        ratio = cost["cpu"] / told[names[0]]["cpu"]
        row(f"{n_events:.0e}", name, f"{cost['cpu']:.2f}", f"{ratio:.2f}", f"{cost['peak']:.2f}")
    return {name: cost["cpu"] for name, cost in told.items()}


if __name__ == "__main__":
    main()
