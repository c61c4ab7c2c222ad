"""Who may send a link, to which client, and how often."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from keepwell.contract.codes import ClientKind
from keepwell.contract.reasons.forms import SendReason
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.reasons.suitability import FlagReason
from keepwell.contract.schema import Text
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.assessments.queries import Known
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.forms import answering, printing
from keepwell.desk.people.models import User
from keepwell.policy.answers import version_in_use
from keepwell.policy.packs import Packs

PERMISSION = "assessments.send"
TOO_OFTEN = {
    FlagReason.TESTS_A_DAY: SendReason.TESTED_TODAY,
    FlagReason.TESTS_30_DAYS: SendReason.TESTED_THIS_MONTH,
}


def may_send(user: User, line: ClientLine, known: Known, packs: Packs, at: dt.datetime) -> Verdict:
    """Whether the client may be asked now: role, address, a questionnaire in use, not too often."""
    allowed = user.may(PERMISSION)
    if not allowed:
        return allowed
    if not settings.CLIENT_PAGES:
        return not_sent(SendReason.NO_ADDRESS)
    if version_in_use(packs.questionnaires, ClientKind.of(line.client_kind), at.date()) is None:
        return not_sent(SendReason.NO_QUESTIONNAIRE)
    fault = answering.too_often(line.client_id, packs, at, elsewhere_on=known.elsewhere_on)
    return not_sent(TOO_OFTEN[fault.reason], **fault.facts) if fault else ALLOWED


def may_prove(proofs: list[str]) -> Verdict:
    """Whether the client could prove on the page who they are."""
    return ALLOWED if proofs else not_sent(SendReason.NO_NUMBER)


def has_checked(is_checked: bool) -> Verdict:
    """At the counter somebody looks at the document before the client answers."""
    return ALLOWED if is_checked else not_sent(SendReason.ID_NOT_CHECKED)


def may_print() -> Verdict:
    """Whether a letter can be made here: its Chinese glyphs stand in the file."""
    return ALLOWED if printing.can_print() else refuse(Refusal.NO_CHINESE_FONT)


def not_sent(reason: SendReason, **facts: object) -> Verdict:
    """No, with the reason's sentence in both languages."""
    why = Text(sentence(reason, facts, "en"), sentence(reason, facts, "zh-hans"))
    return refuse(Refusal.LINK_NOT_SENT, why=why)
