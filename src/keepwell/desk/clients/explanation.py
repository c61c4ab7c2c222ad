"""怎么算的: for each figure on the card the rule, the policy's version, the inputs and the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from keepwell.contract.codes import ProductKind
from keepwell.contract.suitability import ClientSuitability, SuitabilityFlag
from keepwell.contract.value import ClientValue
from keepwell.desk.clients import holders, queries
from keepwell.desk.clients.explained import FIGURES, SUITABILITY, VALUED, Figure
from keepwell.desk.clients.models import Client, ClientLine, Moment, Place
from keepwell.desk.clients.sentences import code_text, language, reason_of, value_of
from keepwell.desk.generations.models import Generation
from keepwell.desk.ui import formats
from keepwell.policy.packs import Packs, load_packs


@dataclass(frozen=True)
class Explanation:
    """What the page shows."""

    figure: Figure
    title: str
    rule: str
    reason: str
    inputs: list[tuple[str, str, str]]
    policy_version: str
    pack: Mapping[str, Any]


def explain(
    name: str, line: ClientLine, generation: Generation, staff: Mapping[str, str]
) -> Explanation | None:
    """The explanation of a figure of the client; `None` when nothing was decided, so that there is none."""
    figure = FIGURES[name]
    client: Client = line.client
    if figure.source == "moments":
        return _of_moments(figure, line, generation)
    if figure.source == SUITABILITY:
        return _of_suitability(figure, line, generation)
    row = getattr(client, figure.source, None)
    if row is None:
        return None
    if figure.source == "place":
        return _of_place(figure, row)
    also = getattr(client, figure.also, None) if figure.also else None
    reason = reason_of(row, figure.reason, staff, also) if figure.reason else ""
    inputs = [_input(row, column, staff) for column in figure.inputs]
    inputs += [_input(also, column, staff) for column in figure.further] if also else []
    if name == "contribution":
        reason, valued = _of_value(line, generation)
        inputs += valued
    if name == "last_contact" and line.contacted_on and line.contacted_on != line.last_contact_on:
        inputs.append((gettext("Recorded here since the run"), line.contacted_on.isoformat(), "contact"))
    return _explained(figure, reason, inputs, getattr(row, "policy_version", ""), generation)


def _of_value(line: ClientLine, generation: Generation) -> tuple[str, list[tuple[str, str, str]]]:
    """What is left of the contribution, and what is expected; nothing in a run that told no values."""
    rows = queries.told_of(line, generation.run_id, ClientValue)
    said = [reason_of(row, name, {}) for row in rows for name in ("value_reason", "expected_reason")]
    return " ".join(said), [_input(row, name, {}) for row in rows for name in VALUED]


def _of_moments(figure: Figure, line: ClientLine, generation: Generation) -> Explanation | None:
    """One line an occasion: kind, priority, deadline."""
    rows = queries.moments(line, generation.as_of_on)
    if not rows:
        return None
    inputs = [
        (
            code_text(Moment.contract_table, "rule", row.rule),
            " · ".join(
                value_of(Moment.contract_table.columns[name], getattr(row, name), {})
                for name in ("moment_kind", "priority", "due_on")
            ),
            f"moment.priority, due_on · {row.occasion}",
        )
        for row in rows
    ]
    return _explained(figure, "", inputs, rows[0].policy_version, generation)


def _of_suitability(figure: Figure, line: ClientLine, generation: Generation) -> Explanation | None:
    """Level, score and validity with what the answers say of them; each flag is a line of its own."""
    rows = queries.told_of(line, generation.run_id, ClientSuitability)
    if not rows:
        return None
    row = rows[0]
    reason = " ".join(
        reason_of(row, name, {}) for name in ("investor_reason", "level_reason", "lowest_reason")
    )
    inputs = [_kinds(row) if name == "kinds_wished" else _input(row, name, {}) for name in figure.inputs]
    for flag in queries.told_of(line, generation.run_id, SuitabilityFlag):
        label = code_text(SuitabilityFlag, "flag_kind", flag.flag_kind)
        inputs.append((label, reason_of(flag, "flag_reason", {}), f"suitability_flag.{flag.flag_reason}"))
    return _explained(figure, reason, inputs, row.policy_version, generation)


def _kinds(row: queries.Told) -> tuple[str, str, str]:
    """The kinds wished, which the table keeps as codes, in words."""
    label, value, place = _input(row, "kinds_wished", {})
    words = [ProductKind.of(one).text.in_language(language()) for one in (row.kinds_wished or "").split()]
    return label, ("、" if language().startswith("zh") else ", ").join(words) or value, place


def _of_place(figure: Figure, row: Place) -> Explanation:
    """The act by which the manager is the manager."""
    holder, branches = holders.of([row])[row.pk], queries.branch_names([row.home_branch_code])
    inputs = [
        (
            gettext("Relationship manager"),
            f"{holder.name} {holder.code}".strip() or gettext("nobody"),
            "place",
        ),
        (gettext("Home branch"), branches.get(row.home_branch_code, row.home_branch_code), "place"),
        (gettext("Since"), row.since_on.isoformat() if row.since_on else formats.UNKNOWN, "place"),
        (gettext("Grounds"), str(row.get_grounds_display()), "place"),
    ]
    return _explained(figure, holders.told(holder), inputs, "", None)


def _explained(
    figure: Figure,
    reason: str,
    inputs: list[tuple[str, str, str]],
    version: str,
    generation: Generation | None,
) -> Explanation:
    tag = language()
    pack = _pack(figure.pack, generation) if generation and figure.pack else {}
    return Explanation(
        figure, figure.title.in_language(tag), figure.rule.in_language(tag), reason, inputs, version, pack
    )


def _input(row: Any, name: str, staff: Mapping[str, str]) -> tuple[str, str, str]:
    column = row.contract_table.columns[name]
    place = f"{row.contract_table.name}.{name}"
    return column.label.in_language(language()), value_of(column, getattr(row, name), staff), place


def _pack(name: str, generation: Generation) -> dict[str, Any]:
    pack = getattr(_packs(generation.as_of_on, generation.calendar), name)
    header = pack.header
    return {
        "title": header.title.in_language(language()),
        "regulation": header.regulation.in_language(language()),
        "article": header.article.in_language(language()),
        "version": pack.version,
        "in_force_from": header.in_force_from,
    }


@lru_cache(maxsize=4)
def _packs(as_of: dt.date, calendar: str) -> Packs:
    return load_packs(as_of, settings.FIRM_PACKS, calendar)
