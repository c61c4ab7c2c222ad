"""Client features against the best hand-written DuckDB SQL for the same columns, in one process, turn by turn.

``python benchmarks/features.py [--events 1e7] [--rounds 3] [--threads 2]``. Both are written by the same store (cast,
order, checks, Parquet, SHA-256) and must come out equal in every value. Imports and building the expression are printed
apart; what is compared is CPU seconds of execution.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import tempfile
from pathlib import Path

from measure import median_ratio, own_cpu, row

BEFORE_IMPORTS = own_cpu()

import made_events  # noqa: E402 - imports are measured

from keepwell.contract import TABLES  # noqa: E402 - imports are measured
from keepwell.contract.features import ClientFeature  # noqa: E402 - the same
from keepwell.engine.features.stage import STAGE  # noqa: E402 - the same
from keepwell.engine.stage import Rule  # noqa: E402 - the same
from keepwell.engine.store.decide import Context, execute, query  # noqa: E402 - the same
from keepwell.engine.store.session import Session, Written, sql_type  # noqa: E402 - the same
from keepwell.policy.packs import load_packs  # noqa: E402 - the same

AS_OF = dt.date(2026, 11, 20)
PEER = Path(__file__).with_suffix(".sql")


def main() -> None:
    """Make the events, decide them both ways, print the costs and the ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=float, default=1e7)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="8GB")
    asked = parser.parse_args()
    imported = own_cpu() - BEFORE_IMPORTS
    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as made:
        folder = Path(made)
        paths = made_events.write(folder / "sources", int(asked.events))
        with Session(asked.threads, asked.memory, folder) as session:
            _bind(session, paths)
            _compare(session, folder, asked.rounds, int(asked.events), imported)


def _compare(session: Session, folder: Path, rounds: int, n_events: int, imported: float) -> None:
    context = Context(AS_OF, load_packs(AS_OF), "benchmark")
    row("step", "CPU s", "peak GiB", "rows")
    row("---", "---", "---", "---")
    row("imports", f"{imported:.2f}", "", "")
    *earlier, features = STAGE.rules
    for rule in earlier:
        _told(session, rule, context, folder)
    mine, peer, written = _turns(session, features, context, folder, rounds)
    row("client_feature, engine, best of rounds", f"{min(mine):.2f}", f"{_peak():.2f}", written.n_rows)
    row("client_feature, SQL by hand, best of rounds", f"{min(peer):.2f}", "", written.n_rows)
    print(
        f"\n{n_events:.0e} events, {rounds} rounds turn by turn: engine / hand-written SQL = "
        f"{median_ratio(mine, peer):.2f} (goal 1.20), every value equal"
    )


def _told(session: Session, rule: Rule, context: Context, folder: Path) -> None:
    started = own_cpu()
    query(rule, context)
    built = own_cpu() - started
    (written,) = execute(session, rule, context, lambda table: folder / f"{table.name}.parquet")
    row(f"{written.table}: build the expression", f"{built:.2f}", "", "")
    row(f"{written.table}: execute", f"{own_cpu() - started - built:.2f}", f"{_peak():.2f}", written.n_rows)


def _turns(
    session: Session, rule: Rule, context: Context, folder: Path, rounds: int
) -> tuple[list[float], list[float], Written]:
    """CPU seconds of both ways, one after the other in each round; raises when they differ."""
    started = own_cpu()
    engine = query(rule, context)
    row("client_feature: build the expression", f"{own_cpu() - started:.2f}", "", "")
    by_hand = PEER.read_text(encoding="utf-8").replace(":cut", f"DATE '{AS_OF}'")
    costs: dict[str, list[float]] = {"engine": [], "by hand": []}
    for _ in range(rounds):
        found = {}
        for name, sql in (("by hand", by_hand), ("engine", engine)):
            started = own_cpu()
            found[name] = session.write(ClientFeature, sql, folder / f"{name}.parquet")
            costs[name].append(own_cpu() - started)
        if differing := _differing(session, folder):
            raise SystemExit(f"the two ways differ, column and rows: {differing}")
    return costs["engine"], costs["by hand"], found["engine"]


def _differing(session: Session, folder: Path) -> dict[str, int]:
    """Columns that differ, with the number of rows; a client that only one way has differs in client_id."""
    counts = ", ".join(
        f"count(*) FILTER (a.{name} IS DISTINCT FROM b.{name})" for name in ClientFeature.names()
    )
    joined = (
        f"'{folder}/engine.parquet' a FULL JOIN '{folder}/by hand.parquet' b ON a.client_id = b.client_id"
    )
    found = session.rows(f"SELECT {counts} FROM {joined}")[0]
    return {name: n for name, n in zip(ClientFeature.names(), found, strict=True) if n}


def _bind(session: Session, paths: dict[str, Path]) -> None:
    """Every table the room reads, with nulls for the columns that are not made up."""
    own = {table.name for rule in STAGE.rules for table in rule.writes}
    for name in sorted({name for rule in STAGE.rules for name in rule.reads} - own):
        columns = TABLES[name].columns
        made = (
            {found[0] for found in session.rows(f"DESCRIBE FROM '{paths[name]}'")} if name in paths else set()
        )
        chosen = ", ".join(
            f'"{column}"' if column in made else f'CAST(NULL AS {sql_type(spec)}) AS "{column}"'
            for column, spec in columns.items()
        )
        session.view(
            name, f"SELECT {chosen}" + (f" FROM '{paths[name]}'" if name in paths else " WHERE false")
        )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    main()
