"""What may be done to many clients at once: rooms above register the act, this room knows whom it is done to.

Scope is asked when the preview is made and again for every row when the job runs; a row that is refused says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import Verdict, refuse
from keepwell.desk.clients import queries
from keepwell.desk.clients.filters import Filters
from keepwell.desk.clients.forms import BulkForm, DayForm
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
Given = Mapping[str, Any]
Check = Callable[[User, Generation, Sequence[ClientLine], Given], Mapping[str, Verdict]]
Tell = Callable[[User, Sequence[ClientLine], Given], Mapping[str, str]]
Do = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Words:
    """How an act is said: functions take how many clients."""

    will: Callable[[int], str]
    button: Callable[[int], str]
    done: Callable[[int], str]
    asked: Any
    allowed: Any
    refused: Any
    nobody: Any


ARRANGED = Words(
    will=lambda n: (
        ngettext("%(n)d client will be arranged.", "%(n)d clients will be arranged.", n) % {"n": n}
    ),
    button=lambda n: ngettext("Arrange %(n)d client", "Arrange %(n)d clients", n) % {"n": n},
    done=lambda n: _("Arranged: %(done)d;") % {"done": n},
    asked=gettext_lazy("When and what about"),
    allowed=gettext_lazy("Will be arranged"),
    refused=gettext_lazy("Will not be arranged"),
    nobody=gettext_lazy("Nobody can be arranged for this day."),
)


@dataclass(frozen=True, slots=True)
class Act:
    """One act over many clients: `check` answers a verdict a client, `do` acts on one of them.

    `form(user, data)` asks what the act needs besides whom. `tell` says of each client what it would become, under the
    heading `column`. `finished` is called once with the clients it was done to; `undo_url` is where it is taken back.
    """

    name: str
    label: Any
    permission: str
    check: Check
    do: Do
    form: Callable[[User, Any], BulkForm] = DayForm
    words: Words = ARRANGED
    column: Any = ""
    tell: Tell = lambda _user, _lines, _given: {}
    finished: Callable[..., None] | None = None
    undo_url: Callable[[User, jobs.Job], str] = lambda _user, _job: ""


_acts: dict[str, Act] = {}


def register(name: str, label: object, permission: str, check: Check, do: Do, **more: Any) -> None:
    """Add an act (call it in `AppConfig.ready`): `do` takes line, given, by, at, asked_at, generation by keyword."""
    _acts[name] = Act(name, label, permission, check, do, **more)


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
    """Who will be acted on and what each becomes, and who not, each with the sentence."""

    words: Words
    allowed: list[tuple[ClientLine, str]]
    refused: list[tuple[ClientLine, str]]
    is_too_many: bool

    @property
    def sentence(self) -> str:
        """M29: how many, how many not, and why in groups."""
        said, left = self.words.will(len(self.allowed)), len(self.refused)
        if not left:
            return said
        why = Counter(sentence for _line, sentence in self.refused)
        listed = _("; ").join(_("%(n)d: %(why)s") % {"n": k, "why": one} for one, k in why.most_common(3))
        return said + " " + _("%(n)d will not: %(why)s") % {"n": left, "why": listed}

    @property
    def button(self) -> str:
        """The verb, with how many."""
        return self.words.button(len(self.allowed))


def preview(act: Act, chosen: Chosen, user: User, generation: Generation, given: Given) -> Preview:
    """Ask scope and gates for every client."""
    lines = chosen.lines(user, generation)
    too_many, lines = len(lines) > AT_MOST, lines[:AT_MOST]
    verdicts, told = act.check(user, generation, lines, given), act.tell(user, lines, given)
    allowed = [(line, told.get(line.client_id, "")) for line in lines if verdicts[line.client_id]]
    refused = [
        (line, verdicts[line.client_id].in_language(language()))
        for line in lines
        if not verdicts[line.client_id]
    ]
    return Preview(act.words, allowed, refused, too_many)


def run(job: jobs.Job) -> Iterator[jobs.Step]:
    """Do it, row by row, asking again; what was refused is told with its reason, by name to the owner alone."""
    user, generation = jobs.actor(job), read_current()
    act, asked = named(job.payload["act"]), job.payload
    if act is None or generation is None or not user.may(act.permission):
        raise jobs.Failed(refuse(Refusal.NOT_FOUND).in_language(user.language))
    given = asked["given"]
    lines = Chosen(tuple(asked.get("ids", ())), asked.get("query")).lines(user, generation)[:AT_MOST]
    common = {"given": given, "by": user, "asked_at": job.created_at, "generation": generation}
    done: list[ClientLine] = []
    refused = []
    for at, line in enumerate(lines, 1):
        verdict = act.check(user, generation, [line], given)[line.client_id]
        if verdict:
            act.do(line=line, at=timezone.now(), **common)
            done.append(line)
        else:
            name = line.client_name if user.sees_names else formats.mask_name(line.client_name)
            refused.append(f"{name}：{verdict.in_language(user.language)}")
        yield str(act.label), at, len(lines)
    if act.finished and done:
        act.finished(lines=done, at=timezone.now(), **common)
    job.result = " ".join([act.words.done(len(done)), _("not: %(left)d.") % {"left": len(refused)}])
    if refused:
        job.result += " " + " ".join(refused[:TOLD])


def undo_url(user: User, job: jobs.Job) -> str:
    """Where a bulk act is taken back, empty where it cannot be."""
    act = named(job.payload["act"])
    return act.undo_url(user, job) if act else ""
