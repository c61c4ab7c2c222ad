"""What the letter of the result says: level, score, cuts, what matches, until when, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils import timezone

from keepwell.contract.codes import ProductLevel, RiskLevel
from keepwell.desk.forms import answering
from keepwell.desk.forms.models import Form
from keepwell.policy.lookup import assessment_valid_to, product_level_at_most
from keepwell.policy.packs import Packs
from keepwell.policy.suitability import Version

ALL = 100


@dataclass(frozen=True, slots=True)
class Band:
    """One row of the table of cuts."""

    level: RiskLevel
    low: int
    high: int
    at_most: ProductLevel | None
    is_own: bool


def of(form: Form, packs: Packs) -> dict[str, Any]:
    """The facts of the letter."""
    version, rule = answering.signed(form, packs), packs.suitability
    answered_on = timezone.localdate(form.answered_at)
    at_most = product_level_at_most(rule, form.level, is_lowest_class=form.is_lowest_class)
    levels = list(ProductLevel)
    return {
        "form": form,
        "level": form.level,
        "answered_on": answered_on,
        "valid_to": assessment_valid_to(rule, answered_on),
        "at_most": at_most,
        "matching": levels[: levels.index(at_most) + 1] if at_most else [],
        "bands": bands(version, form, packs),
        "title_of_version": version.title,
        "is_read": form.state == Form.State.RECEIVED,
        "is_counter": form.way == "counter",
    }


def bands(version: Version, form: Form, packs: Packs) -> list[Band]:
    """The cuts as ranges of the score, with what matches each."""
    ends = [*(cut.score_at_least for cut in version.cuts), ALL + 1]
    return [
        Band(
            cut.risk_level,
            low,
            high - 1,
            product_level_at_most(packs.suitability, cut.risk_level, is_lowest_class=False),
            cut.risk_level == form.level,
        )
        for cut, (low, high) in zip(version.cuts, pairwise(ends), strict=True)
    ]


def file_name(form: Form) -> str:
    """What the letter is called as a file: the customer number and the day, no name."""
    return f"{form.record_code}-{timezone.localdate(form.answered_at):%Y%m%d}.pdf"
