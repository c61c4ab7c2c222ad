"""Pages of the desk at two sizes of the firm: how long, how many queries, and does the time grow with the firm?

``python benchmarks/pages.py [--clients 20000 --larger 200000] [--databases sqlite,postgresql]``; for the bar
``--larger 1000000 --base DATA``. Each fifth client has an open task. The desk of the larger firm may take at most 1.5
times as long (the peer is the same desk with the smaller firm), a search at most 20 ms.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
from desks import Desk
from grown import firm
from measure import ROOT, row
from server import postgres

BAR = 1.5
SEARCH_MS = 20.0


def main() -> None:
    """Measure each database at both sizes."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as scratch:
        root = asked.keep or Path(scratch)
        for vendor in asked.databases.split(","):
            with ExitStack() as stack:
                url = stack.enter_context(postgres()) if vendor == "postgresql" else ""
                desks = [_desk(root, clients, url, asked.base) for clients in (asked.clients, asked.larger)]
                _print(vendor, asked, *_measure(desks, asked))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=20_000)
    parser.add_argument("--larger", type=int, default=200_000)
    parser.add_argument("--databases", default="sqlite")
    parser.add_argument("--times", type=int, default=10, help="requests of a page in each of the rounds")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--base", type=Path, help="data folder of a run to multiply, instead of making one")
    parser.add_argument("--keep", type=Path, help="keep everything in this folder")
    return parser.parse_args()


def _desk(root: Path, clients: int, url: str, base: Path | None) -> Desk:
    data = root / str(clients)
    _, made = firm(data, clients, base)
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "pages_{clients}"')
        url = f"{url.rpartition('/')[0]}/pages_{clients}"
    print(f"<!-- {made} -->", flush=True)
    desk = Desk(data, url)
    desk.open(pages=True)
    tasks = json.loads(desk.call(sys.executable, ROOT / "benchmarks" / "open_tasks.py"))
    print(f"<!-- {tasks['open']:,} open tasks, {tasks['moments']:,} of them moments -->", flush=True)
    return desk


def _measure(desks: list[Desk], asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rounds that take turns between the desks, so that a busy machine slows both; the best round of each counts."""
    best: list[dict[str, Any]] = [{}, {}]
    for _ in range(asked.rounds):
        for at, desk in enumerate(desks):
            told = json.loads(
                desk.call(sys.executable, ROOT / "benchmarks" / "page_times.py", str(asked.times))
            )
            for name, found in told.items():
                if name not in best[at] or found["median"] < best[at][name]["median"]:
                    best[at][name] = found
    return best[0], best[1]


def _print(vendor: str, asked: argparse.Namespace, small: dict[str, Any], large: dict[str, Any]) -> None:
    print(f"\n### Pages on {vendor}, ms: median / p95 (median CPU of the desk's process)")
    row("page", f"{asked.clients:,} clients", f"{asked.larger:,} clients", "ratio", "of CPU", "queries", "KB")
    row(*["---"] * 7)
    missed = []
    for name, few in small.items():
        many = large[name]
        ratio = many["median"] / few["median"]
        of_cpu = many["cpu"] / few["cpu"]
        missed += [name] if ratio > BAR else []
        times = [f"{found['median']:.1f} / {found['p95']:.1f} ({found['cpu']:.1f})" for found in (few, many)]
        queries = f"{few['queries']} / {many['queries']}"
        row(name, *times, f"{ratio:.2f}", f"{of_cpu:.2f}", queries, f"{many['bytes'] / 1024:.0f}")
    slow = [
        name for name, found in large.items() if name.startswith("search") and found["median"] > SEARCH_MS
    ]
    for bar, names in ((f"{BAR} x", missed), (f"search within {SEARCH_MS:.0f} ms", slow)):
        print(f"bar {bar}: " + (f"missed by {', '.join(names)}" if names else "met by every page"))


if __name__ == "__main__":
    main()
