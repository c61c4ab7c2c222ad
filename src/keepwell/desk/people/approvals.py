"""Everything that waits for a signature, in any room: rooms register a panel each, one page shows them (flows.md ①).

The registry holds no decision and no row: `waiting(user)` reads the room's own table within the user's scope, and
「同意」 or 「退回」 is posted to the room's own address, whose action asks `may_decide` again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, Verdict, refuse
from keepwell.desk.generations.queries import pinned
from keepwell.desk.ui import formats, often
from keepwell.desk.ui.http import demand

Label = str | Promise
LONGEST_REASON = 200
LONGEST_VERSION = 9  # figures
ANOTHER = _("another approver")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One proposal as its approver sees it.

    `difference` holds (label, before, after), already in words. `decide_url` takes POST `decision` (approve or
    return), `reason` and `version`: a decision binds to the version that was read. `grounds` says why the proposer
    wants it; `facts` are (label, value) that help to judge; `told` names who was asked (see `approvers.ask`);
    `verdict` is the room's own no, if it has one.
    """

    kind: str
    pk: int | str
    title: Label
    proposed_by_id: int | None
    proposed_by: str
    proposed_at: dt.datetime
    decide_url: str
    version: int
    grounds: Label = ""
    difference: Sequence[tuple[Label, Label, Label]] = ()
    facts: Sequence[tuple[Label, Label]] = ()
    subject_link: str = ""
    due_on: dt.date | None = None
    told: Label = ""
    verdict: Verdict = ALLOWED

    @property
    def is_for_another(self) -> bool:
        """Whether this person may never sign it: no button stands beside it, only the sentence."""
        return self.verdict.refusal in {Refusal.SECOND_PERSON, Refusal.OWN_ROLE}

    @property
    def key(self) -> str:
        """The row's number as text, for names on the page."""
        return str(self.pk)


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of the user, for the list below: what, how, when, and until when it can be undone."""

    title: Label
    is_approved: bool
    at: dt.datetime
    reason: str = ""
    proposed_by: str = ""
    subject_link: str = ""
    note: Label = ""
    undo_url: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One kind of proposal: who may decide it, what waits, what the user decided lately."""

    kind: str
    label: Label
    permission: str
    waiting: Callable[[Any], Sequence[Waiting]]
    decided: Callable[[Any], Sequence[Decided]] = field(default=lambda _user: ())
    count: Callable[[Any], int] | None = None
    rows: Callable[[Any], QuerySet[Any, Any]] | None = None


_panels: dict[str, Panel] = {}


def register(
    kind: str, label: Label, permission: str, waiting: Callable[[Any], Sequence[Waiting]], **more: Any
) -> None:
    """Add a panel (call it in `AppConfig.ready`).

    `waiting(user)` answers at most some hundred rows within the user's scope, oldest first, the user's own proposals
    among them. By keyword: `decided(user)`, and where counting is cheaper than reading, own proposals not among them:
    `rows(user)`, the rows yet to be counted, which all rooms' are in one query, or `count(user)`, the number.
    """
    _panels[kind] = Panel(kind, label, permission, waiting, **more)


def panels_of(user: Any) -> list[Panel]:
    """The panels of what the user's role may decide."""
    return [panel for panel in _panels.values() if user.may(panel.permission)]


def waiting(user: Any) -> list[Waiting]:
    """Everything that waits for the user's signature, the nearest deadline first, then the oldest."""
    rows = [seen_by(user, row) for panel in panels_of(user) for row in panel.waiting(user)]
    return sorted(rows, key=lambda row: (row.due_on or dt.date.max, row.proposed_at))


def one(user: Any, kind: str, pk: str) -> Waiting | None:
    """One proposal that waits for the user, `None` when it does not."""
    panel = _panels.get(kind)
    if panel is None or not user.may(panel.permission):
        return None
    return next((seen_by(user, row) for row in panel.waiting(user) if str(row.pk) == pk), None)


def seen_by(user: Any, row: Waiting) -> Waiting:
    """The row with the verdict for this user: four eyes come before the room's own reasons."""
    verdict = may_decide(user, proposed_by_id=row.proposed_by_id, approver_name=row.told)
    return row if verdict else replace(row, verdict=verdict)


def n_waiting(user: Any) -> int:
    """How much work waits: own proposals are somebody else's work."""
    panels = panels_of(user)
    known = [panel for panel in panels if panel.rows]
    others = sum(_n_of(panel, user) for panel in panels if not panel.rows)
    return others + (_n_rows(user, known) if known else 0)


def _n_rows(user: Any, panels: Sequence[Panel]) -> int:
    """How many rows the panels have together: every page asks, so in one query that is put together once a user."""
    run = pinned()
    facts = (user.pk, user.role, user.staff_code, user.branch_code, user.team_code)
    key = (
        "approvals",
        tuple(panel.kind for panel in panels),
        facts,
        timezone.localdate(),
        run and run.run_id,
    )

    def together() -> QuerySet[Any, Any]:
        first, *more = (
            panel.rows(user).order_by().values(room=Value(1)).annotate(n=Count("*")).values("n")
            for panel in panels
            if panel.rows
        )
        return first.union(*more, all=True)

    return sum(n for (n,) in often.asked(key, together))


def _n_of(panel: Panel, user: Any) -> int:
    if panel.count:
        return panel.count(user)
    return sum(row.proposed_by_id != user.pk for row in panel.waiting(user))


def may_decide(user: Any, *, proposed_by_id: int | None, approver_name: Label = "") -> Verdict:
    """Four eyes: whoever proposed it does not decide it (M12), by no other login of theirs either."""
    if proposed_by_id is None or not user.is_same_person(proposed_by_id):
        return ALLOWED
    return refuse(Refusal.SECOND_PERSON, approver_name=approver_name or ANOTHER)


def unchanged(
    *, version_read: int, version_now: int, changed_by: str = "", changed_at: dt.datetime | None = None
) -> Verdict:
    """A decision binds to the version that was read (M25)."""
    if version_read == version_now:
        return ALLOWED
    at = formats.moment(changed_at) if changed_at else formats.UNKNOWN
    return refuse(Refusal.CHANGED_SINCE, changed_by=changed_by or formats.UNKNOWN, changed_at=at)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was posted: approve or return, why, and the version that was read."""

    is_approved: bool
    reason: str
    version: int


def read_decision(request: HttpRequest) -> Decision:
    """Read a decision from a form; raises `Refused` (M20) when something is returned without a reason."""
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "").strip()
    version = request.POST.get("version", "")
    is_approved = decision == "approve"
    if not is_approved and (decision != "return" or not reason):
        demand(refuse(Refusal.PURPOSE))
    read = int(version) if version.isdecimal() and len(version) <= LONGEST_VERSION else 0
    return Decision(is_approved, reason[:LONGEST_REASON], read)
