"""The letter of the result as PDF: the same bytes for the same form, packs and fonts; no clock is asked.

Its words stand in the reader's language, its glyphs in the file. What it says is handed over as data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from keepwell.contract.schema import Code, Text
from keepwell.desk.forms import letter
from keepwell.desk.forms.models import Form
from keepwell.policy.packs import Packs

SOURCE = Path(__file__).with_name("letter.typ")
# Chinese families that machines have, the free ones first; a letter is made in the first that is there.
FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
)


class NoFont(Exception):
    """The machine has no Chinese font: a letter would be empty boxes."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: what stands on each page of the firm for clients."""

    firm: str
    licence: str = ""
    complaints: str = ""


def can_print() -> bool:
    """Whether the machine has a font that a letter can be made in."""
    return bool(_family())


def pdf(form: Form, packs: Packs, sender: Sender) -> bytes:
    """The letter of a form that was answered; raises `NoFont`."""
    if not _family():
        raise NoFont("no Chinese font is installed; allowed: " + ", ".join(FAMILIES))
    told = json.dumps(_told(letter.of(form, packs), sender), ensure_ascii=False, sort_keys=True)
    made = typst.compile(
        SOURCE.read_bytes(), font_paths=_fonts(), format="pdf", sys_inputs={"letter": told}, timestamp=0
    )
    if not isinstance(made, bytes):
        raise TypeError(f"typst answered {type(made).__name__} for a letter")
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts()


@lru_cache(maxsize=1)
def _family() -> str:
    found = set(_fonts().families())
    return next((name for name in FAMILIES if name in found), "")


def _told(facts: dict[str, Any], sender: Sender) -> dict[str, Any]:
    """All that the letter says, in the reader's language."""
    form, is_english = facts["form"], (get_language() or "").startswith("en")
    return {
        "title": _("Letter on the result of the risk assessment"),
        "firm": sender.firm,
        "licence": sender.licence,
        "fonts": [_family()],
        "lang": "en" if is_english else "zh",
        "region": "gb" if is_english else "cn",
        "greeting": _("Dear %(name)s, from your answers the firm assessed what risk you can bear:")
        % {"name": form.client_name},
        "level": _words(facts["level"]),
        "score": _("%(score)s of 100 points") % {"score": form.score},
        "warnings": _warnings(facts),
        "facts": _facts(facts),
        "table": _table(facts["bands"]),
        "parts": _parts(facts, sender),
        "signatures": [_("Signature of the client"), _("Seal of the firm"), _("Date")],
        "footer": _("Assessment %(number)s · both sides keep a copy") % {"number": form.pk},
    }


def _words(value: Code | Text | None) -> str:
    """A text or a code's text; nothing for none."""
    if value is None:
        return ""
    return (value.text if isinstance(value, Code) else value).in_language(get_language() or "zh-hans")


def _warnings(facts: dict[str, Any]) -> list[str]:
    form, said = facts["form"], []
    if form.is_lowest_class:
        said.append(
            _(
                "You answered that you can bear no loss: lowest class, until somebody of the firm has talked to you. "
                "Only products up to %(most)s may be sold to you (Art. 19, 22)."
            )
            % {"most": _words(facts["at_most"])}
        )
    if form.is_jump:
        said.append(
            _(
                "On %(day)s your level was %(before)s: somebody of the firm will ask you what has changed "
                "(Art. 13, 21)."
            )
            % {"day": form.level_before_on, "before": form.level_before}
        )
    return said


def _facts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    form = facts["form"]
    return [
        (_("Client"), form.client_name),
        (_("Customer number"), form.record_code),
        (_("Questionnaire"), f"{_words(facts['title_of_version'])} · {form.version}"),
        (_("Answered on"), f"{facts['answered_on']}"),
        (_("Holds until"), f"{facts['valid_to']}"),
        (_("Matches up to"), _words(facts["at_most"])),
    ]


def _table(bands: list[letter.Band]) -> dict[str, Any]:
    return {
        "title": _("Points and levels"),
        "head": [_("Points"), _("Level"), _("Matches up to")],
        "rows": [[f"{one.low}–{one.high}", _words(one.level), _words(one.at_most)] for one in bands],
        "own": next((n for n, one in enumerate(bands) if one.is_own), -1),
    }


def _parts(facts: dict[str, Any], sender: Sender) -> list[dict[str, Any]]:
    between = ", " if (get_language() or "").startswith("en") else "、"
    matching = _("Products of these risk levels match your level:")
    meaning = _(
        "The firm may recommend nothing above it. If you yourself want something above it, the firm warns you in "
        "writing first, and of the lowest class nothing above it is sold at all. The level says what risk you can "
        "bear; it promises no gain and excludes no loss."
    )
    channel = sender.complaints or _("the firm")
    return [
        {
            "title": _("What it means"),
            "said": [f"{matching} {between.join(_words(one) for one in facts['matching'])}", meaning],
        },
        {
            "title": _("If you do not agree"),
            "said": [
                _(
                    "Tell your branch, or %(complaints)s; the investor hotline is 12386. If something that matters "
                    "changes, tell the firm and take the assessment again."
                )
                % {"complaints": channel}
            ],
        },
        {
            "title": _("Notice"),
            "said": [
                _(
                    "The firm assessed what risk you can bear from your answers, as the measures for investor "
                    "suitability ask (CSRC No. 130). Both sides keep this letter."
                )
            ],
        },
    ]
