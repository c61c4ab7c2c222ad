"""What a client does with a form: prove who they are, answer, hand in. Each step is one transaction and leaves a trace.

The process of the pages may not write the desk's log; it writes steps, which the desk takes over as it receives a form.
What a form says is checked here and once more at the desk, which trusts no answer because of where it came from.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from keepwell.contract.codes import ClientKind, RiskLevel
from keepwell.contract.reasons.suitability import FlagReason
from keepwell.desk.forms import codes
from keepwell.desk.forms.models import Answer, Form, Step
from keepwell.policy import answers
from keepwell.policy.packs import Packs
from keepwell.policy.suitability import Question, Version

MONTH = dt.timedelta(days=29)  # the day of the test and the 29 before it
RESULT = (
    "state", "answered_at", "device_code", "score", "is_lowest_class", "risk_level", "is_jump",
)  # fmt: skip  # what the pages may write of a form, beside its failures
COUNTED = (Form.State.ANSWERED, Form.State.RECEIVED)


class Gone(Exception):
    """The link leads nowhere: unknown, run out, withdrawn or closed; a client is not told which."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a sheet is not accepted: the article's sentence with its facts, and the questions it is about."""

    reason: FlagReason
    facts: dict[str, object]
    questions: tuple[int, ...] = ()


def found(code: str, at: dt.datetime) -> Form:
    """The form of a code, while its link holds; raises `Gone`."""
    form = Form.objects.filter(code_hash=codes.hash_of(code)).first()
    if form is None or form.state in {Form.State.WITHDRAWN, Form.State.LOCKED} or form.expires_at <= at:
        raise Gone
    return form


def prove(*, form: Form, typed: str, at_most: int, at: dt.datetime) -> bool:
    """Whether whoever holds the link knows the client's number; after so many failures the form is closed.

    Raises `Gone` once it is.
    """
    with transaction.atomic():
        held = Form.objects.select_for_update().get(pk=form.pk)
        if held.state == Form.State.LOCKED or held.n_failed >= at_most:
            raise Gone
        if codes.proves(typed, held.proofs):
            Step.objects.create(form=held, what=Step.What.PROVED, at=at)
            return True
        held.n_failed += 1
        Step.objects.create(form=held, what=Step.What.FAILED, at=at)
        if held.n_failed >= at_most:
            if held.state == Form.State.OPEN:
                held.state = Form.State.LOCKED
            Step.objects.create(form=held, what=Step.What.LOCKED, at=at)
        held.save(update_fields=["n_failed", "state"])
    if held.n_failed >= at_most:
        raise Gone
    return False


def answer(*, form: Form, question: Question, letters: str) -> bool:
    """Keep an answer if it is one; a form that is handed in keeps what it has."""
    given = "".join(one for one in question.letters if one in letters)
    if not given or set(letters) - set(question.letters) or (len(given) > 1 and not question.is_multiple):
        return False
    with transaction.atomic():
        if Form.objects.select_for_update().get(pk=form.pk).state != Form.State.OPEN:
            return False
        Answer.objects.update_or_create(form=form, question_no=question.no, defaults={"letters": given})
    return True


def sheet(form: Form) -> dict[int, str]:
    """What was answered so far."""
    return dict(form.answers.order_by("question_no").values_list("question_no", "letters"))


def digest(form: Form) -> str:
    """What was answered, as a fingerprint: the log tells by it whether answers are those that were handed in."""
    said = " ".join(f"{no}{letters}" for no, letters in sheet(form).items())
    return codes.hash_of(f"{form.version} {said}")


def hand_in(*, form: Form, packs: Packs, device: str, at: dt.datetime) -> Fault | None:
    """Hand a form in, once: score and level are kept as they are told. `None`, or why it is not accepted."""
    with transaction.atomic():
        held = Form.objects.select_for_update().get(pk=form.pk)
        if held.state != Form.State.OPEN:
            return None  # handed in already: the result stands
        fault = fault_of(held, packs, at)
        if fault:
            Step.objects.create(form=held, what=Step.What.REFUSED, reason=fault.reason, at=at)
            return fault
        version = signed(held, packs)
        made, on = answers.marked(version, sheet(held)), timezone.localdate(at)
        before = held.level_before or None
        held.state, held.answered_at, held.device_code = Form.State.ANSWERED, at, device
        held.score, held.is_lowest_class = made.score, made.is_without_loss
        held.risk_level = str(made.risk_level)
        held.is_jump = made.risk_level is not None and answers.jumps(
            packs.suitability.retest,
            RiskLevel.of(before) if before else None,
            held.level_before_on,
            made.risk_level,
            on,
        )
        held.save(update_fields=RESULT)
        Step.objects.create(form=held, what=Step.What.ANSWERED, at=at)
    return None


def signed(form: Form, packs: Packs) -> Version:
    """The signed version that the form puts; raises `Gone` where the packs no longer know it."""
    version = answers.version_of(packs.questionnaires, form.version, ClientKind.of(form.client_kind))
    if version is None:
        raise Gone
    return version


def fault_of(form: Form, packs: Packs, at: dt.datetime) -> Fault | None:
    """Why the answers of a form cannot be counted, by the article that says so; `None` when they can."""
    on, kind = timezone.localdate(at), ClientKind.of(form.client_kind)
    told: dict[str, object] = {"assessed_on": on}
    version = answers.version_of(packs.questionnaires, form.version, kind)
    if version is None:
        return Fault(FlagReason.UNKNOWN_VERSION, told)
    if not answers.is_in_use(packs.questionnaires, form.version, kind, on):
        return Fault(FlagReason.OLD_VERSION, told)
    made = answers.marked(version, sheet(form))
    for reason, numbers in (
        (FlagReason.UNANSWERED, made.unanswered),
        (FlagReason.DOUBLE_ANSWERED, made.double_answered),
        (FlagReason.UNKNOWN_OPTION, made.unknown),
    ):
        if numbers:
            return Fault(reason, {**told, "n_found": len(numbers)}, numbers)
    return too_often(form.client_id, packs, at, but=form.pk, elsewhere_on=form.elsewhere_on)


def too_often(
    client_id: str, packs: Packs, at: dt.datetime, but: int | None = None, elsewhere_on: dt.date | None = None
) -> Fault | None:
    """Whether a further test would be more than signed: those answered here count, and the latest elsewhere."""
    rule, on = packs.suitability.retest, timezone.localdate(at)
    counted = Form.objects.filter(client_id=client_id, state__in=COUNTED)
    taken = counted if but is None else counted.exclude(pk=but)
    days = [timezone.localdate(one) for one in taken.values_list("answered_at", flat=True) if one]
    days += [elsewhere_on] if elsewhere_on else []
    n_today = sum(day == on for day in days) + 1
    n_month = sum(on - MONTH <= day <= on for day in days) + 1
    told: dict[str, object] = {"assessed_on": on}
    if n_today > rule.n_per_day_at_most:
        return Fault(
            FlagReason.TESTS_A_DAY, {**told, "n_found": n_today, "n_allowed": rule.n_per_day_at_most}
        )
    if n_month > rule.n_per_30_days_at_most:
        allowed = rule.n_per_30_days_at_most
        return Fault(FlagReason.TESTS_30_DAYS, {**told, "n_found": n_month, "n_allowed": allowed})
    return None
