"""What may be done to many clients at once: rooms above register the act, this room knows whom it is done to.

Scope is asked when the preview is made and again for every row when the job runs; a row that is refused says why.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import Verdict, refuse
from keepwell.desk.clients import queries
from keepwell.desk.clients.filters import Filters
from keepwell.desk.clients.lists import filters_of
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.scope import visible_to
from keepwell.desk.clients.sentences import language
from keepwell.desk.generations.models import Generation
from keepwell.desk.generations.queries import read_current
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats, jobs

AT_MOST = 500
TOLD = 200
KIND = "clients.bulk"
Check = Callable[[User, Generation, Sequence[ClientLine], dt.date], Mapping[str, Verdict]]
Do = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Act:
    """One act over many clients: `check` answers a verdict a client for a day, `do` acts on one of them."""

    name: str
    label: Any
    permission: str
    check: Check
    do: Do


_acts: dict[str, Act] = {}


def register(name: str, label: object, permission: str, check: Check, do: Do) -> None:
    """Add an act (call it in `AppConfig.ready`): `do` takes line, on, about, by, at, generation by keyword."""
    _acts[name] = Act(name, label, permission, check, do)


def acts_of(user: User) -> list[Act]:
    """The acts the user's role may do."""
    return [act for act in _acts.values() if user.may(act.permission)]


def named(name: str) -> Act | None:
    """The act of that name, `None` when no room has registered it."""
    return _acts.get(name)


@dataclass(frozen=True)
class Chosen:
    """Whom it is done to: the clients named, or all that pass the list's filters."""

    ids: tuple[str, ...] = ()
    query: str | None = None

    def lines(self, user: User, generation: Generation) -> list[ClientLine]:
        """Those of them in the user's scope now, largest assets first; one more than allowed shows the excess."""
        rows = visible_to(user)
        if self.query is not None:
            rows = filters_of(user, Filters.kept(self.query, generation.as_of_on)).applied(rows)
        else:
            rows = rows.filter(client_id__in=self.ids[:AT_MOST])
        found = list(rows.order_by("-sort_amount", "-client_id")[: AT_MOST + 1])
        queries.named(found)
        return found


@dataclass(frozen=True)
class Preview:
    """Who will be acted on, and who not, each with the sentence."""

    allowed: list[ClientLine]
    refused: list[tuple[ClientLine, str]]
    is_too_many: bool

    @property
    def sentence(self) -> str:
        """M29: how many, how many not, and why in groups."""
        n, left = len(self.allowed), len(self.refused)
        said = ngettext("%(n)d client will be arranged.", "%(n)d clients will be arranged.", n) % {"n": n}
        if not left:
            return said
        why = Counter(sentence for _line, sentence in self.refused)
        listed = _("; ").join(_("%(n)d: %(why)s") % {"n": k, "why": one} for one, k in why.most_common(3))
        return said + " " + _("%(n)d will not: %(why)s") % {"n": left, "why": listed}


def preview(act: Act, chosen: Chosen, user: User, generation: Generation, on: dt.date) -> Preview:
    """Ask scope and gates for every client."""
    lines = chosen.lines(user, generation)
    too_many, lines = len(lines) > AT_MOST, lines[:AT_MOST]
    verdicts = act.check(user, generation, lines, on)
    allowed = [line for line in lines if verdicts[line.client_id]]
    refused = [
        (line, verdicts[line.client_id].in_language(language()))
        for line in lines
        if not verdicts[line.client_id]
    ]
    return Preview(allowed, refused, too_many)


def run(job: jobs.Job) -> Iterator[jobs.Step]:
    """Do it, row by row, asking again; what was refused is told with its reason, by name to the owner alone."""
    user, generation = jobs.actor(job), read_current()
    act, given = named(job.payload["act"]), job.payload
    if act is None or generation is None or not user.may(act.permission):
        raise jobs.Failed(refuse(Refusal.NOT_FOUND).in_language(user.language))
    on = dt.date.fromisoformat(given["on"])
    chosen = Chosen(tuple(given.get("ids", ())), given.get("query"))
    lines = chosen.lines(user, generation)[:AT_MOST]
    done, refused = 0, []
    for at, line in enumerate(lines, 1):
        verdict = act.check(user, generation, [line], on)[line.client_id]
        if verdict:
            act.do(line=line, on=on, about=given["about"], by=user, at=timezone.now(), generation=generation)
            done += 1
        else:
            name = line.client_name if user.sees_names else formats.mask_name(line.client_name)
            refused.append(f"{name}：{verdict.in_language(user.language)}")
        yield str(act.label), at, len(lines)
    job.result = _("Arranged: %(done)d; not: %(left)d.") % {"done": done, "left": len(refused)}
    if refused:
        job.result += " " + " ".join(refused[:TOLD])
