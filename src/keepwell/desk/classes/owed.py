"""What each class is owed: the signed table of the grading pack in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract.codes import Grade, ServiceType
from keepwell.desk.classes.naming import CELLS, Cell
from keepwell.desk.columns import in_reader_language
from keepwell.policy.clients import Grading
from keepwell.policy.entitlement import ServiceDuty
from keepwell.policy.lookup import service_level_of


def levels(grading: Grading) -> dict[Cell, str]:
    """The service level of every class, the unassessed served as the pack says."""
    return {
        (grade, kind): in_reader_language(
            service_level_of(grading, Grade.of(grade), ServiceType.of(kind)).text
        )
        for grade, kind in CELLS
    }


def duties(grading: Grading, counts: Mapping[Cell, int]) -> list[dict[str, Any]]:
    """Each level with what it owes and how many clients its classes have."""
    told = levels(grading)
    rows = []
    for duty in grading.service_duties:
        label = in_reader_language(duty.service_level.text)
        cells = [cell for cell in CELLS if told[cell] == label]
        rows.append(
            {
                "label": label,
                "n": sum(counts.get(cell, 0) for cell in cells),
                "owed": sentences(duty),
            }
        )
    return rows


def of_cell(grading: Grading, cell: Cell) -> dict[str, Any]:
    """The level of one class with what it owes."""
    level = service_level_of(grading, Grade.of(cell[0]), ServiceType.of(cell[1]))
    duty = next(row for row in grading.service_duties if row.service_level is level)
    return {"label": in_reader_language(level.text), "owed": sentences(duty)}


def sentences(duty: ServiceDuty) -> Sequence[str]:
    """The duties of a level, each a short sentence."""
    contacts, days = duty.n_contacts_365d_at_least, duty.answer_within_working_days
    said = [
        ngettext(
            "At least %(n)d contact reached in 12 months",
            "At least %(n)d contacts reached in 12 months",
            contacts,
        )
        % {"n": contacts},
        ngettext(
            "An answer within %(n)d working day",
            "An answer within %(n)d working days",
            days,
        )
        % {"n": days},
    ]
    return [*said, _("A manager by name")] if duty.has_manager else said
