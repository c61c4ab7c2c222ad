"""SQL of rules that hang on code and policy alone, kept from run to run: to make it takes longer than to run it."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from keepwell.engine.store.fingerprints import code_hash, digest
from keepwell.policy.packs import Packs

FOLDER = "statements"
LIBRARIES = ("duckdb", "ibis-framework", "numpy", "pyarrow", "pypinyin", "sqlglot")


def libraries() -> dict[str, str]:
    """The versions of the libraries that decide, and of the language, which knows the forms of characters."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def statements_folder(data: Path, packs: Packs) -> Path:
    """Where the statements of this code, policy and libraries lie; those of others are removed."""
    root = data / FOLDER
    mine = root / digest({"code": code_hash(), "policy": packs.versions(), "libraries": libraries()})
    mine.mkdir(parents=True, exist_ok=True)
    for other in root.iterdir():
        if other != mine:
            shutil.rmtree(other, ignore_errors=True)
    return mine


def kept(folder: Path, name: str, make: Callable[[], str]) -> str:
    """The statement of that name, made and kept if it is not there whole."""
    path = folder / f"{name}.sql"
    if path.exists():
        # Read as text, a carriage return of the statement would be lost, and the statement made every night.
        mark, _, sql = path.read_bytes().decode().partition("\n")
        if mark == _mark(sql):
            return sql
    sql = make()
    aside = folder / f".{name}.{os.getpid()}"
    aside.write_text(f"{_mark(sql)}\n{sql}", encoding="utf-8")
    aside.replace(path)
    return sql


def _mark(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()
