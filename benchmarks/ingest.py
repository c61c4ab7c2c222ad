"""Taking a large text in: CPU and peak memory against DuckDB reading, sorting and writing the same file unchecked.

``python benchmarks/ingest.py [--megabytes 200] [--memory 1GB]``. Each way is a process of its own. The peer casts in
its CSV reader and writes sorted Parquet: no verdicts, references, keys, control totals or quarantine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from measure import Cost, row, whole_process

AS_OF = dt.date(2026, 11, 20)
BYTES_A_ROW = 118
WAYS = ("peer", "csv", "gbk", "fixed", "parquet")
WIDTHS = {
    "flow_code": 12,
    "account_code": 10,
    "flowed_at": 19,
    "side": 3,
    "flow_amount": 14,
    "device_code": 20,
}
SMALL = {
    "branch": "SELECT '001' AS branch_code, '总部' AS branch_name, '上海' AS city",
    "staff": """SELECT 'S1' AS staff_code, '001' AS branch_code, '李明' AS staff_name, 'manager' AS role,
        true AS has_book""",
    "customer_record": """SELECT '1' AS record_code, '001' AS branch_code, 'person' AS client_kind,
        '王伟' AS client_name, DATE '2020-01-01' AS opened_on""",
    "account": """SELECT printf('A%09d', i) AS account_code, '1' AS record_code, 'normal' AS account_kind,
        'CNY' AS currency, 'normal' AS account_status, DATE '2020-01-01' AS opened_on FROM range(100000) AS t(i)""",
}
MAPPING = """
[mapping]
name = "bench"
title = "One large file of cash flows"
others_as_contract = true
[file.flows]
pattern = "cash_flow.*"
{reading}
[table.cash_flow]
file = "flows"
[table.cash_flow.columns]
flowed_on = {{ from = "flowed_at", form = "YYYY-MM-DD hh:mm:ss" }}
channel = {{ default = "app" }}
known_on = {{ default = "@known_on" }}
"""


def main() -> None:
    """Make the file, then take it in every way and print the costs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--memory", default="1GB")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        _take(asked.way, asked.folder, asked.memory)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        n_rows = asked.megabytes * 1_000_000 // BYTES_A_ROW
        _make(folder, n_rows)
        row("way", "MB", "CPU s", "MB per CPU s", "peak GiB", "ratio to peer")
        row("---", "---", "---", "---", "---", "---")
        peer: Cost | None = None
        for way in WAYS:
            cost = whole_process(
                [sys.executable, __file__, "--way", way, "--folder", str(folder), "--memory", asked.memory]
            )
            peer = peer or cost
            n_bytes = sum(path.stat().st_size for path in (folder / way).glob("cash_flow.*")) / 1e6
            ratio = cost.cpu_seconds / peer.cpu_seconds
            speed = n_bytes / cost.cpu_seconds
            row(
                way,
                f"{n_bytes:.0f}",
                f"{cost.cpu_seconds:.1f}",
                f"{speed:.0f}",
                f"{cost.peak_gib:.2f}",
                f"{ratio:.2f}",
            )


def _make(folder: Path, n_rows: int) -> None:
    """The same flows as CSV, GBK, fixed width and Parquet, beside a small firm."""
    import duckdb

    connection = duckdb.connect()
    columns = (
        "printf('F%011d', i) AS flow_code, printf('A%09d', i * 7919 % 100000) AS account_code, "
        "strftime(TIMESTAMP '2026-11-20 01:00:00' - INTERVAL (i % 300) DAY + INTERVAL (i % 9000) SECOND, "
        "'%Y-%m-%d %H:%M:%S') AS flowed_at, CASE WHEN i % 3 = 0 THEN 'out' ELSE 'in' END AS side, "
        "printf('%d.%02d', i % 900000, i % 100) AS flow_amount, '手机' || (i % 5000) AS device_code"
    )
    connection.execute(f"CREATE TABLE flows AS SELECT {columns} FROM range({n_rows}) AS t(i)")
    for way in WAYS:
        (folder / way).mkdir()
        for name, sql in SMALL.items():
            connection.execute(f"COPY ({sql}) TO '{folder / way / name}.parquet'")
    for way in ("peer", "csv"):
        connection.execute(f"COPY flows TO '{folder / way}/cash_flow.csv'")
    typed = "* REPLACE (CAST(flowed_at AS TIMESTAMP) AS flowed_at, CAST(flow_amount AS DECIMAL(18, 2)) AS flow_amount)"
    days = "CAST(flowed_at AS DATE) AS flowed_on, CAST(flowed_at AS DATE) AS known_on, 'app' AS channel"
    connection.execute(f"COPY (SELECT {typed}, {days} FROM flows) TO '{folder}/parquet/cash_flow.parquet'")
    connection.close()
    with (folder / "csv/cash_flow.csv").open(encoding="utf-8") as source:
        _recode(source, folder)


def _recode(source: TextIO, folder: Path) -> None:
    """The CSV's rows once more in GBK, with separators and in fixed width."""
    with ExitStack() as stack:
        gbk = stack.enter_context((folder / "gbk/cash_flow.csv").open("w", encoding="gbk"))
        fixed = stack.enter_context((folder / "fixed/cash_flow.dat").open("wb"))
        for number, line in enumerate(source):
            gbk.write(line)
            if number:
                fields = zip(line.rstrip("\n").split(","), WIDTHS.values(), strict=True)
                fixed.write(b"".join(field.encode("gbk").ljust(width) for field, width in fields) + b"\n")


def _take(way: str, folder: Path, memory: str) -> None:
    """Take the file in one way."""
    if way == "peer":
        _peer(folder, memory)
        return
    from keepwell.engine.store.intake import load_mapping, take_in
    from keepwell.engine.store.session import Session
    from keepwell.policy.packs import load_packs

    reading = f"widths = {list(WIDTHS.values())}\ncolumns = {list(WIDTHS)}" if way == "fixed" else ""
    path = folder / f"{way}.toml"
    path.write_text(MAPPING.format(reading=reading) if way != "parquet" else _plain(), encoding="utf-8")
    with Session(threads=2, memory=memory, spill=folder / "spill") as session:
        mapping = load_mapping(str(path))
        intake = take_in(
            session, folder / way, folder / f"{way}-sources", mapping, AS_OF, AS_OF, load_packs(AS_OF)
        )
    (flows,) = [one for one in intake.deliveries if one["table_name"] == "cash_flow"]
    if flows["n_read"] != flows["n_accepted"]:
        raise SystemExit(f"{way}: {flows}")


def _plain() -> str:
    return '[mapping]\nname = "bench"\ntitle = "As the contract"\nothers_as_contract = true\n'


def _peer(folder: Path, memory: str) -> None:
    import duckdb

    connection = duckdb.connect(
        config={"threads": 2, "memory_limit": memory, "temp_directory": str(folder / "spill")}
    )
    types = (
        "{'flow_code': 'VARCHAR', 'account_code': 'VARCHAR', 'flowed_at': 'TIMESTAMP', 'side': 'VARCHAR', "
    )
    types += "'flow_amount': 'DECIMAL(18,2)', 'device_code': 'VARCHAR'}"
    connection.execute(
        f"COPY (SELECT *, CAST(flowed_at AS DATE) AS flowed_on FROM read_csv('{folder}/peer/cash_flow.csv', "
        f"header = true, columns = {types}) ORDER BY account_code, flowed_at, flow_code) TO '{folder}/peer.parquet' "
        "(FORMAT parquet, COMPRESSION zstd)"
    )


if __name__ == "__main__":
    main()
