"""Many clients given to somebody at once: previewed row by row, done by a job, taken back by another."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import Verdict, refuse
from keepwell.desk.books import actions, boards, rules
from keepwell.desk.books.forms import AS_PROPOSED, ReassignForm
from keepwell.desk.clients import bulk
from keepwell.desk.clients.models import AllocationProposal, Assignment, ClientLine, Staff
from keepwell.desk.generations.models import Generation
from keepwell.desk.generations.queries import current, read_current
from keepwell.desk.people.models import User
from keepwell.desk.ui import jobs

UNDO = "books.undo_reassign"
WORDS = bulk.Words(
    will=lambda n: (
        ngettext("%(n)d client will be reassigned.", "%(n)d clients will be reassigned.", n) % {"n": n}
    ),
    button=lambda n: ngettext("Reassign %(n)d client", "Reassign %(n)d clients", n) % {"n": n},
    done=lambda n: _("Reassigned: %(done)d;") % {"done": n},
    asked=gettext_lazy("To whom and why"),
    allowed=gettext_lazy("Will be reassigned"),
    refused=gettext_lazy("Will not be reassigned"),
    nobody=gettext_lazy("Nobody can be reassigned this way. Choose another manager."),
)


def offer() -> None:
    """Offer the act on the client list, and its undoing; called when the room is ready."""
    bulk.register(
        rules.REASSIGN,
        gettext_lazy("Reassign"),
        rules.REASSIGN,
        check,
        give,
        form=ReassignForm,
        words=WORDS,
        column=gettext_lazy("New manager"),
        tell=told,
        finished=tell_takers,
        undo_url=undo_url,
    )
    kept = gettext_lazy("What was taken back before stays so.")
    jobs.register(UNDO, gettext_lazy("Take a reassignment back"), take_back, kept=kept)


def _takers(user: User, lines: Sequence[ClientLine], given: bulk.Given) -> dict[str, Staff | None]:
    """Who would look after each client; nobody where the run proposes nobody who may."""
    staff = {row.staff_code: row for row in boards.takers(user)}
    if given["to"] != AS_PROPOSED:
        return {line.client_id: staff.get(given["to"]) for line in lines}
    rows = AllocationProposal.objects.filter(pk__in=[line.client_id for line in lines])
    proposed = dict(rows.values_list("pk", "manager_code"))
    return {line.client_id: staff.get(proposed.get(line.client_id) or "") for line in lines}


def check(
    user: User, _generation: Generation, lines: Sequence[ClientLine], given: bulk.Given
) -> Mapping[str, Verdict]:
    """Whether each client may be given away so; before anybody is chosen, all of the scope may."""
    if not given["to"]:
        return {line.client_id: user.may(rules.REASSIGN) for line in lines}
    takers = _takers(user, lines, given)
    return {line.client_id: _verdict(line, takers[line.client_id], given) for line in lines}


def _verdict(line: ClientLine, taker: Staff | None, given: bulk.Given) -> Verdict:
    if taker is None and given["to"] == AS_PROPOSED:
        return refuse(Refusal.NOBODY_PROPOSED)
    return rules.may_give(line.manager_code, taker)


def told(user: User, lines: Sequence[ClientLine], given: bulk.Given) -> Mapping[str, str]:
    """The new manager's name beside each client."""
    if not given["to"]:
        return {}
    return {key: row.staff_name for key, row in _takers(user, lines, given).items() if row}


def give(
    *,
    line: ClientLine,
    given: bulk.Given,
    by: User,
    at: dt.datetime,
    asked_at: dt.datetime,
    generation: Generation,
) -> None:
    """One client of many; all carry the instant at which it was asked for, by which they are found again."""
    del at
    place = boards.one(by, line.client_id)
    taker = _takers(by, [line], given)[line.client_id]
    if place is not None and taker is not None:
        actions.reassign(
            place=place,
            to=taker.staff_code,
            reason=given["reason"],
            by=by,
            at=asked_at,
            run=generation.run_id,
            is_told=False,
        )


def tell_takers(
    *,
    lines: Sequence[ClientLine],
    given: bulk.Given,
    by: User,
    at: dt.datetime,
    asked_at: dt.datetime,
    generation: Generation,
) -> None:
    """Each new manager is told once, with how many."""
    del given, generation
    rows = of_instant(by, asked_at).filter(client_id__in=[line.client_id for line in lines])
    for code, n in Counter(rows.values_list("staff_code", flat=True)).items():
        actions.tell_many(staff_code=code, n=n, key=asked_at.isoformat(), by=by, at=at)


def of_instant(user: User, asked_at: dt.datetime) -> Any:
    """What is still in force of the assignments a person asked for at one instant."""
    return Assignment.objects.filter(
        relation=Assignment.Relation.SERVICE, at=asked_at, by_id=user.pk, grounds="act", ends_on=None
    )


def undo_url(user: User, job: jobs.Job) -> str:
    """Where the job is taken back: while something of it stands that no run counts with."""
    generation = current()
    if generation is None or generation.knows(job.created_at) or not user.may(rules.REASSIGN):
        return ""
    if not of_instant(user, job.created_at).exists():
        return ""
    return reverse("books:undo_many", args=[job.pk])


def take_back(job: jobs.Job) -> Iterator[jobs.Step]:
    """Give the clients back to whoever had them, but those that were reassigned again."""
    user, generation = jobs.actor(job), read_current()
    if generation is None or not user.may(rules.REASSIGN):
        raise jobs.Failed(refuse(Refusal.NOT_FOUND).in_language(user.language))
    asked_at = dt.datetime.fromisoformat(job.payload["asked_at"])
    acts = list(of_instant(user, asked_at).order_by("pk"))
    done = 0
    for at, act in enumerate(acts, 1):
        if rules.may_take_back(user, act, generation):
            actions.undo_reassign(act=act, generation=generation, by=user, at=job.created_at)
            done += 1
        yield _("Taking back"), at, len(acts)
    job.result = _("Taken back: %(done)d; not: %(left)d.") % {"done": done, "left": len(acts) - done}
