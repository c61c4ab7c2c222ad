"""Runs on disk for the desk's benchmarks: one decided by the engine, or that one multiplied to a larger firm.

A multiplied firm has every branch, team, member of staff and client of the small one ``copies`` times, under numbers
of its own, so that books and branches keep their size as the firm grows. What the firm has once (products, calendar,
what was delivered) stays as it is. Of the words of the search, names and last four digits keep their text, as there are
more people of one name in a larger firm; whole numbers are each client's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
from measure import keepwell, whole_process

from keepwell.contract import TABLES

BASE = 20_000
AS_OF = "2026-11-20"
RUN = "000001"
KEYS = frozenset(
    {
        "client_id", "record_code", "account_code", "branch_code", "home_branch_code", "team_code", "staff_code",
        "manager_code", "current_code", "best_code", "left_code", "right_code", "left_client_id", "right_client_id",
        "from_client_id", "to_client_id", "conflict_key", "securities_account_code", "related_client_id", "related_key",
        "related_record_code",
    }
)  # fmt: skip


def decided(data: Path, clients: int, *, months: int = 36) -> Path:
    """A run that the engine decided for the made-up firm; answers its folder. Nothing is made twice."""
    run = data / "runs" / RUN
    if not run.exists():
        size = ("--clients", str(clients), "--months", str(months))
        whole_process(keepwell("simulate", "--data", str(data), *size), quiet=True)
        extracts = ("--extracts", str(data / "extracts"), "--as-of", AS_OF)
        whole_process(keepwell("run", "--data", str(data), *extracts), quiet=True)
    return run


def firm(data: Path, clients: int, base: Path | None, *, months: int = 36) -> tuple[Path, str]:
    """A run of about so many clients in ``data`` and a sentence that says how it was made.

    Up to 20,000 clients the engine decides it; beyond, its run of 20,000 (or the one in ``base``) is multiplied.
    """
    if clients <= BASE and base is None:
        return decided(data, clients, months=months), f"{clients:,} clients decided by the engine"
    small = base / "runs" / RUN if base else decided(data / "base", BASE, months=months)
    rows: dict[str, int] = json.loads((small / "manifest.json").read_text(encoding="utf-8"))["rows"]
    copies = max(1, round(clients / rows["client"]))
    # In a process of its own: what this one has ever held would count as the peak of every process it starts.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        run = beside.submit(multiplied, small, data, copies).result()
    return run, f"the engine's run of {rows['client']:,} clients, multiplied by {copies} with new numbers"


def multiplied(small: Path, data: Path, copies: int) -> Path:
    """The small run ``copies`` times in ``data``: tables the desk reads, manifest with their hashes and row counts."""
    run = data / "runs" / RUN
    if run.exists():
        return run
    aside = run.with_name(".aside-multiplied")
    shutil.rmtree(aside, ignore_errors=True)
    (aside / "tables").mkdir(parents=True)
    shutil.copytree(small / "quarantine", aside / "quarantine")
    manifest: dict[str, Any] = json.loads((small / "manifest.json").read_text(encoding="utf-8"))
    for path in (*sorted((small / "tables").glob("*.parquet")), small / "vault" / "client_secret.parquet"):
        target = aside / path.parent.name / path.name
        target.parent.mkdir(exist_ok=True)
        _multiply(path, target, copies, manifest)
    manifest["sources"] = {}
    (aside / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    shutil.copy(small / "telemetry.json", aside / "telemetry.json")
    shutil.copy(small.parents[1] / "token_key", data / "token_key")  # words of secrets are hashed with it
    (data / "runs" / "current").write_text(f"{RUN}\n", encoding="utf-8")
    aside.rename(run)
    return run


def _multiply(source: Path, target: Path, copies: int, manifest: dict[str, Any]) -> None:
    name, connection = source.stem, duckdb.connect()
    connection.execute(
        "SET enable_progress_bar=false; SET memory_limit='4GB'; SET threads=2; SET preserve_insertion_order=true"
    )
    columns = [row[0] for row in connection.execute(f"DESCRIBE FROM '{source}'").fetchall()]
    shown = ", ".join(
        f'CASE WHEN "{one}" IN (\'\', \'-\') THEN "{one}" ELSE copy || "{one}" END AS "{one}"'
        if one in KEYS
        else f"{_word(source)} AS token"
        if (name, one) == ("search_token", "token")
        else f'"{one}"'
        for one in columns
    )
    table = TABLES[name]
    times = copies if KEYS.intersection(table.grain) else 1
    connection.execute(
        f"COPY (SELECT {shown} FROM '{source}', (SELECT format('{{:02x}}', range) AS copy FROM range({times})) "
        f"ORDER BY {', '.join(table.order)}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, "
        f"ROW_GROUP_SIZE {_row_group(source)})"
    )
    with target.open("rb") as stream:
        manifest["outputs"][f"{target.parent.name}/{target.name}"] = hashlib.file_digest(
            stream, "sha256"
        ).hexdigest()
    manifest["rows"][name] = manifest["rows"].get(name, 0) * times


def _word(source: Path) -> str:
    """A search word of a copy: a whole number (of a secret: its hash, known from the vault) becomes another one."""
    secrets = source.parents[1] / "vault" / "client_secret.parquet"
    key = (source.parents[3] / "token_key").read_text(encoding="utf-8").strip()
    hashed = " UNION ALL ".join(
        f"SELECT left(sha256('{key}:{kind}:' || {column}), 32) FROM '{secrets}'"
        for kind, column in (("phone", "phone"), ("id", "id_number"))
    )
    whole = f"token_kind IN ('record', 'account') AND length(token) > 4 OR token IN ({hashed})"
    return (
        f"CASE WHEN copy > '00' AND ({whole}) THEN left(sha256(copy || token), length(token)) ELSE token END"
    )


def _row_group(source: Path) -> int:
    """The largest row group of the engine's own file, at least DuckDB's smallest."""
    found = (
        duckdb.sql(f"SELECT max(row_group_num_rows) FROM parquet_metadata('{source}')").fetchall()[0][0] or 0
    )
    sizes = (2_048, 8_192, 122_880)
    return next((size for size in sizes if found <= size), sizes[-1])


def again(run: Path, number: int) -> Path:
    """The same decisions under the next number, as the next night's run: links, no second copy of the tables."""
    path = run.with_name(f"{number:06d}")
    if not path.exists():
        shutil.copytree(run, path, copy_function=os.link)
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        manifest |= {"run_id": path.name, "parent": run.name}
        (path / "manifest.json").unlink()
        (path / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return path


def sample_of_clients(run: Path, n: int) -> list[str]:
    """Client numbers drawn at random from the run, the same each time."""
    rows = duckdb.sql(
        f"SELECT client_id FROM '{run / 'tables' / 'client.parquet'}' WHERE population = 'existing' "
        f"ORDER BY hash(client_id) LIMIT {n}"
    ).fetchall()
    return [row[0] for row in rows]
