"""``keepwell explain CLIENT``: every decision with its rule, facts, policy version and run."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from keepwell.contract import TABLES, Column, Kind, Table
from keepwell.contract.reasons.sentence import plain, sentence
from keepwell.contract.sources.clients import CustomerRecord
from keepwell.engine.cli import behind, output
from keepwell.engine.store.answers import FILE, answers_in, read_answers
from keepwell.engine.store.errors import NoSuchClient, NoSuchRun
from keepwell.engine.store.folder import DataFolder
from keepwell.engine.store.lookup import RunReader
from keepwell.policy.packs import load_packs

DECIDED = (
    "client",
    "client_record",
    "client_account",
    "client_suitability",
    "client_grade",
    "allocation_proposal",
    "allocation_adviser",
    "moment",
)
FACTS = "client_feature"
BY_PEOPLE = (
    "moment_fired"  # of which only what people dealt with is told; what is open stands under ``moment``
)
BRIEF = (
    "suitability_flag",
    "golden_field",
    "limited_account",
    "identity_conflict",
    "allocation_alternative",
    "allocation_pool",
)  # a line a row, without what only machines compare
MARKS = ("client_id", "value_mark", "urgency")
ALSO = (BY_PEOPLE, "returned_unrouted", *BRIEF)


def execute(asked: argparse.Namespace) -> int:
    """Print what was decided about one client and why."""
    folder = DataFolder(asked.data)
    run = asked.run or folder.current()
    if run is None:
        raise NoSuchRun("current", [])
    with RunReader(folder.run(run)) as reader:
        client_id = reader.find_client(asked.client)
        if client_id is None:
            raise NoSuchClient(asked.client, run)
        if asked.feature:
            return behind.tell(asked, run, client_id)
        made = folder.run(run).manifest["rows"]  # a run of an earlier version does not have every table
        found = {
            name: reader.rows(TABLES[name], client_id) if name in made else []
            for name in (*DECIDED, FACTS, *ALSO)
        }
    found[BY_PEOPLE] = [row for row in found[BY_PEOPLE] if row.get("settled_as")]
    if asked.json:
        output.as_json({"run": run, "client_id": client_id, **found})
        return 0
    manifest = folder.run(run).manifest
    _print(asked.language, manifest, client_id, found)
    _print_rules(asked.language, manifest, asked.data)
    return 0


def _print(
    language: str, manifest: dict[str, Any], client_id: str, found: dict[str, list[dict[str, Any]]]
) -> None:
    cut = f" · acts of the desk up to {manifest['returns_cut']}" if manifest.get("returns_cut") else ""
    print(f"{client_id} · run {manifest['run_id']} · as of {manifest['as_of']}{cut}")
    facts = found[FACTS][0] if found[FACTS] else {}
    for name in (*DECIDED, *ALSO):
        table = TABLES[name]
        if not found[name]:
            continue
        print(f"\n{table.title.in_language(language)}  ({table.name})")
        for row in found[name]:
            for line in _lines(table, row, facts, language):
                print(f"  {line}")
    if facts:
        print(f"\n{TABLES[FACTS].title.in_language(language)}  ({FACTS})")
        for line in _lines(TABLES[FACTS], facts, facts, language):
            print(f"  {line}")


def _print_rules(language: str, manifest: dict[str, Any], data: Path) -> None:
    """Each pack with its version and who answers for it: the role that signs, and whom ``keepwell init`` was told."""
    print(f"\n{'规则版本与负责人' if language == 'zh' else 'Policy versions and owners'}")
    said, owners = answers_in(data / FILE), {}
    signed = load_packs(date.fromisoformat(manifest["as_of"]), read_answers(data).packs, manifest["calendar"])
    for pack in signed.all():
        role = pack.header.owner
        name = said.get(f"owner_{role}", "")
        owners[pack.header.id] = " ".join(filter(None, (role.text.in_language(language), name)))
    for pack_id, version in manifest["policies"].items():
        owner = owners.get(pack_id, "")
        print(f"  {pack_id} {version}" + (f" · {owner}" if owner else ""))


def _lines(table: type[Table], row: dict[str, Any], facts: dict[str, Any], language: str) -> list[str]:
    colon, lines = "：" if language == "zh" else ": ", []
    for name, column in table.columns.items():
        value = row[name]
        if name in MARKS or value is None:
            continue
        value = _fact(row, language) if name == "shown_value" else value
        lines.append(
            f"{column.label.in_language(language)}{colon}{_value(column, name, value, {**facts, **row}, language)}"
        )
    return ["; ".join(lines)] if len(lines) < 5 or table.name in BRIEF else lines


def _fact(row: dict[str, Any], language: str) -> str:
    """The value of a fact, a code in words."""
    column = CustomerRecord.columns.get(row["golden_field"])
    codes = column.codes if column else None
    return codes.of(row["shown_value"]).text.in_language(language) if codes else str(row["shown_value"])


def _value(column: Column, name: str, value: Any, row: dict[str, Any], language: str) -> str:
    if column.codes is None:
        unit = (
            f" {column.unit.in_language(language)}" if column.unit and column.kind is not Kind.BOOLEAN else ""
        )
        return plain(name, value, language) + unit
    code = column.codes.of(value)
    if column.codes.__module__.startswith("keepwell.contract.reasons"):
        return f"{sentence(code, row, language)}  [{code}]"
    return code.text.in_language(language)
