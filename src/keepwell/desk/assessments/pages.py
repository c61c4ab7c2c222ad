"""What the lists of suitability show: notices owed and told, questionnaires sent, the self-check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.codes import RiskLevel
from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.reasons.suitability import CheckReason, NoticeReason
from keepwell.contract.suitability import SuitabilityNotice as Notice
from keepwell.contract.suitable import AnsweredOn, CheckItem, GradedAnew, InvestorKind
from keepwell.desk.assessments import listing
from keepwell.desk.assessments.models import SuitabilityCheck, SuitabilityNotice, Told
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import named, product_names
from keepwell.desk.clients.sentences import code_text, language
from keepwell.desk.forms import answering
from keepwell.desk.forms.models import Form
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.policy.packs import Packs

CHINESE = "zh-hans"


def owed(rows: Sequence[SuitabilityNotice], user: User, on: dt.date) -> list[dict[str, Any]]:
    """Notices with whose they are, what is to be told and for how long it has been owed."""
    names = product_names(row.product_code for row in rows)
    return [
        one | _graded(row, names) | {"days": (on - row.owed_since_on).days, "said": said(row)}
        for one, row in zip(_with_lines(rows, user), rows, strict=True)
    ]


def told(rows: Sequence[Told], user: User) -> list[dict[str, Any]]:
    """What was told, to whom, by whom and how."""
    names = product_names(row.product_code for row in rows)
    return [one | _graded(row, names) for one, row in zip(_with_lines(rows, user), rows, strict=True)]


def told_to(rows: Sequence[Told]) -> list[dict[str, Any]]:
    """The same on one client's page."""
    names = product_names(row.product_code for row in rows)
    return [{"row": row} | _graded(row, names) for row in rows]


def said(row: SuitabilityNotice, tag: str = "") -> str:
    """What the client is told, in the reader's language or the one asked for."""
    facts = {name: getattr(row, name) for name in row.stored}
    return sentence(NoticeReason.of(row.notice_reason), facts, tag or language())


def sayings(rows: Iterable[SuitabilityNotice]) -> list[tuple[SuitabilityNotice, str]]:
    """The notices of a client with the sentence as the client is told it: in Chinese."""
    return [(row, said(row, CHINESE)) for row in rows]


def _with_lines(rows: Sequence[Any], user: User) -> list[dict[str, Any]]:
    """Each row with its client's name, as the reader may see it, manager and branch; who is gone has a number."""
    lines: list[ClientLine | None] = [getattr(row.client, "line", None) for row in rows]
    named(line for line in lines if line is not None)
    return [
        {"row": row, "line": line, "name": shown_name(line.client_name if line else row.client_id, user)}
        for row, line in zip(rows, lines, strict=True)
    ]


def shown_name(name: str, user: User) -> str:
    """A client's name, masked for whoever does not see names."""
    return name if user.sees_names else formats.mask_name(name)


def _graded(row: SuitabilityNotice | Told, names: dict[str, str]) -> dict[str, str]:
    """What was graded anew, from what to what, in words."""
    return {
        "what": code_text(Notice, "notice_kind", row.notice_kind),
        "product": names.get(row.product_code, row.product_code),
        "before": _level(row.notice_kind, row.level_before),
        "now": _level(row.notice_kind, row.level_now),
    }


def _level(kind: str, value: str | None) -> str:
    if not value:
        return formats.UNKNOWN
    if kind == GradedAnew.LOWEST_CLASS:
        return _("yes") if value == "true" else _("no")
    if kind == GradedAnew.INVESTOR_KIND:
        return InvestorKind.of(value).text.in_language(language())
    return RiskLevel.of(value).text.in_language(language()) if kind == GradedAnew.CLIENT_LEVEL else value


def sent(rows: Sequence[Form], user: User, packs: Packs, at: dt.datetime) -> list[dict[str, Any]]:
    """Questionnaires sent, as they are told to a reader."""
    others = listing.others_on_devices([row.device_code for row in rows if row.device_code])
    return [_sent(row, user, at, others) | {"refusal": refused(row, packs)} for row in rows]


def _sent(row: Form, user: User, at: dt.datetime, others: dict[str, int]) -> dict[str, Any]:
    n_clients = others.get(row.device_code, 0) if row.way != AnsweredOn.COUNTER else 0
    return {
        "form": row,
        "name": shown_name(row.client_name, user),
        "state": state_of(row, at),
        "tone": TONES.get(Form.State(row.state), "plain"),
        "way": AnsweredOn.of(row.way).text.in_language(language()),
        "level": row.level.text.in_language(language()) if row.level else "",
        "n_clients": n_clients if n_clients > 1 else 0,
    }


TONES = {
    Form.State.RECEIVED: "good",
    Form.State.ANSWERED: "accent",
    Form.State.REFUSED: "bad",
    Form.State.LOCKED: "warning",
}


def state_of(row: Form, at: dt.datetime) -> str:
    """How far a form is; one that ran out is said to have."""
    is_over = row.state == Form.State.OPEN and row.expires_at <= at
    return _("Run out") if is_over else row.get_state_display()


def refused(row: Form, packs: Packs) -> str:
    """Why the answers were not taken over, by the article; empty for a form that was."""
    if row.state != Form.State.REFUSED or row.answered_at is None:
        return ""
    fault = answering.fault_of(row, packs, row.answered_at)
    if fault and str(fault.reason) == row.refusal:
        return sentence(fault.reason, fault.facts, language())
    return _("The level told is not the one that the answers make (Art. 13, 21).")


def checked(rows: Iterable[SuitabilityCheck]) -> list[dict[str, Any]]:
    """The items of the self-check in their order."""
    found = {row.check_item: row for row in rows}
    tag = language()
    return [
        {
            "row": row,
            "label": item.text.in_language(tag),
            "article": CheckReason.of(row.check_reason).text.in_language(tag),
            "tone": "good" if row.n_found == 0 else "warning",
        }
        for item in CheckItem
        if (row := found.get(str(item)))
    ]
