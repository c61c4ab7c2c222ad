"""A night on which one record in a hundred changed, against deciding all anew: CPU and memory of identity.

``python benchmarks/night.py [--clients 100000] [--months 12] [--keep DIR]`` makes the firm, takes in all days but the
last, then the last day, on which one customer record in a hundred has another phone, and some of them another address
or name. That night is decided twice, each time as a process of its own in a copy of the same data folder: from the run
before, and anew. Both have the SQL kept that a night before such a one leaves, and both must write the same bytes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb
from measure import Cost, keepwell, row, whole_process
from pipeline import BEFORE, UNTIL, split

ONE_IN = 100
STAGE = "identity"


def main() -> None:
    """Make, take in, decide the night both ways and print what each cost."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as scratch:
        root = asked.keep or Path(scratch)
        n_changed, n_records = _deliveries(root, asked)
        print(f"{n_changed:,} of {n_records:,} records changed")
        first = root / "first"
        _run(root, first, "before", BEFORE.isoformat(), asked)
        _run(root, _copy(first, root / "kept"), "after", UNTIL.isoformat(), asked)
        found = {}
        row("way", "identity CPU s", "whole run CPU s", "peak GiB of identity", "peak GiB")
        row(*["---"] * 5)
        for name, more in (("anew", ("--rebuild",)), ("from the run before", ())):
            data = _copy(first, root / "night", root / "kept" / "statements")
            cost = _run(root, data, "after", UNTIL.isoformat(), asked, *more)
            found[name] = _told(name, data, cost)
    share = found["from the run before"][0] / found["anew"][0]
    print(f"identity of the night takes {share:.0%} of deciding anew")
    if found["anew"][1] != found["from the run before"][1]:
        sys.exit("the two ways did not write the same bytes")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--keep", type=Path, help="keep everything in this folder")
    return parser.parse_args()


def _deliveries(root: Path, asked: argparse.Namespace) -> tuple[int, int]:
    """The firm up to the day before, and the last day with changed records; how many changed, and of how many."""
    whole = root / "whole"
    if not (whole / "extracts").exists():
        size = ("--clients", str(asked.clients), "--months", str(asked.months))
        whole_process(keepwell("simulate", "--data", str(whole), *size, "--json"), quiet=True)
    split(whole / "extracts", root)
    path = root / "after" / "customer_record.parquet"
    source = path.rename(path.with_suffix(".whole"))
    connection = duckdb.connect()
    drawn = "('0x' || left(sha256(record_code), 8))::BIGINT"
    connection.execute(f"CREATE TABLE told AS SELECT *, {drawn} AS n FROM read_parquet('{source}')")
    changed = f"n % {ONE_IN} = 0"
    connection.execute(
        f"COPY (SELECT * EXCLUDE (n) REPLACE ("
        f"CASE WHEN {changed} THEN '13' || lpad((n // 7 % 1000000000)::VARCHAR, 9, '0') ELSE phone END AS phone, "
        f"CASE WHEN {changed} AND n // 100 % 3 = 0 THEN address || '1' ELSE address END AS address, "
        f"CASE WHEN {changed} AND n // 100 % 10 = 0 THEN client_name || '一' ELSE client_name END AS client_name) "
        f"FROM told) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
    )
    counts = connection.execute(f"SELECT count(*) FILTER ({changed}), count(*) FROM told").fetchall()[0]
    source.unlink()
    return int(counts[0]), int(counts[1])


def _run(root: Path, data: Path, delivery: str, as_of: str, asked: argparse.Namespace, *more: str) -> Cost:
    power = ("--threads", str(asked.threads), "--memory", asked.memory, "--json")
    command = keepwell("run", "--extracts", str(root / delivery), "--as-of", as_of, "--data", str(data))
    return whole_process([*command, *power, *more], quiet=True)


def _copy(data: Path, to: Path, statements: Path | None = None) -> Path:
    """A data folder of its own, with the SQL kept elsewhere if that is named."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(data, to)
    if statements:
        shutil.copytree(statements, to / statements.name, dirs_exist_ok=True)
    return to


def _told(name: str, data: Path, cost: Cost) -> tuple[float, dict[str, str]]:
    """Print what a night cost; the CPU seconds of who is the same person, and the hashes of all it wrote."""
    run = data / "runs" / (data / "runs" / "current").read_text(encoding="utf-8").strip()
    told = json.loads((run / "telemetry.json").read_text(encoding="utf-8"))
    stage = next(one for one in told["stages"] if one["name"] == STAGE)
    row(
        name,
        f"{stage['cpu_seconds']:.1f}",
        f"{cost.cpu_seconds:.1f}",
        f"{stage['peak_bytes'] / 1024**3:.2f}",
        f"{cost.peak_gib:.2f}",
    )
    return stage["cpu_seconds"], json.loads((run / "manifest.json").read_text(encoding="utf-8"))["outputs"]


if __name__ == "__main__":
    main()
