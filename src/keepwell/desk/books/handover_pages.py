"""What the pages of hand-overs show: the list, one sheet with its content and script, the letter to the client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.codes import LicenceKind, MomentRule
from keepwell.desk.books import handover_rows, handover_rules, plan_rows, plan_words, planning
from keepwell.desk.books.handed import WAITING, HandOver, HandOverStep
from keepwell.desk.clients.queries import branch_names, staff_names
from keepwell.desk.clients.sentences import language, member
from keepwell.desk.columns import lazy_text
from keepwell.desk.gates.signed import packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.records import events
from keepwell.desk.ui.paging import keyset
from keepwell.desk.work.kinds import kind
from keepwell.policy.contact import Script

TONES: dict[str, str] = {
    HandOver.State.OPEN: "warning",
    HandOver.State.RETURNED: "bad",
    HandOver.State.DONE: "good",
    HandOver.State.VOID: "plain",
}
VIEWS = ("mine", "open", "late", "done", "all")


def listed(user: User, on: dt.date, view: str, cursor: str) -> dict[str, Any]:
    """Sheets within scope by the day they are due; at first those that wait for the reader, if there are any."""
    rows, mine = handover_rows.of_scope(user), handover_rows.to_sign(user)
    if view not in VIEWS:
        view = "mine" if mine.exists() else "open"
    chosen = {
        "mine": mine,
        "open": rows.filter(state__in=WAITING),
        "late": handover_rows.late(rows, on),
        "done": rows.filter(state=HandOver.State.DONE),
        "all": rows,
    }[view]
    found = keyset(chosen.select_related("client__line", "move"), ("due_on", "pk"), cursor)
    return {
        "found": found,
        "lines": lines(user, found.rows, on),
        "chosen": view,
        "views": [(name, _label(name)) for name in VIEWS],
        "filter_query": f"view={view}",
        **_at_once(user),
    }


def _at_once(user: User) -> dict[str, int]:
    """How many the user could sign at once: as giver, as taker."""
    mine = handover_rows.to_sign(user) if user.may(handover_rules.SIGN) else HandOver.objects.none()
    return {
        "n_to_give": mine.filter(given_at=None).count(),
        "n_to_take": mine.filter(given_at__isnull=False).count(),
    }


def _label(view: str) -> str:
    return {
        "mine": _("For me to sign"),
        "open": _("Not yet signed"),
        "late": _("Late"),
        "done": _("Signed by both"),
        "all": _("All"),
    }[view]


def lines(user: User, rows: Sequence[HandOver], on: dt.date) -> list[dict[str, Any]]:
    """Sheets in words; whoever is not in the reader's scope stands under a masked name."""
    seen = plan_rows.seen(user, [row.client_id for row in rows])
    names = staff_names({code for row in rows for code in (row.from_code, row.to_code)})
    return [_line(user, row, on, seen, names) for row in rows]


def _line(user: User, row: HandOver, on: dt.date, seen: set[str], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "row": row,
        "name": planning.client_name(user, row.move, seen),
        "is_seen": row.client_id in seen,
        "was": names.get(row.from_code, row.from_code),
        "to": names.get(row.to_code, row.to_code),
        "tone": TONES[row.state],
        "is_late": row.is_open and row.due_on < on,
        "waits_for": _waits_for(row, names),
    }


def _waits_for(row: HandOver, names: Mapping[str, str]) -> str:
    """Whose signature comes next, or from when it can be given."""
    if not row.is_open:
        return ""
    if not row.waits_for_taker:
        giver = names.get(row.from_code, row.from_code) or _("the leader")
        return _("waits for %(name)s to hand over") % {"name": giver}
    taker = names.get(row.to_code, row.to_code)
    if row.move.is_moved:
        return _("waits for %(name)s to take over") % {"name": taker}
    return _("%(name)s takes over from %(day)s on") % {"name": taker, "day": row.effective_on.isoformat()}


def sheet(user: User, row: HandOver, generation: Generation, on: dt.date) -> dict[str, Any]:
    """One sheet: who, until when, what is promised and open, what to say, who signed."""
    line = lines(user, [row], on)[0]
    told = row.content if row.given_at or row.taken_at else handover_rows.content(row.client_id, on)
    names = staff_names({row.move.proposed_code, row.move.best_code, row.to_code})
    script = packs(generation, on).scripts.introduction
    return {
        **line,
        "plan": row.plan,
        "why": plan_words.why(row.move, names),
        "items": [_item(one) for one in told.get("items", ())] if line["is_seen"] else [],
        "moments": [_moment(one) for one in told.get("moments", ())] if line["is_seen"] else [],
        "is_frozen": bool(row.given_at),
        "licences": licences(row.to_code, generation, on),
        "script": _spoken(script, row, line),
        "steps": HandOverStep.objects.filter(handover=row).order_by("-pk"),
        "may_give": handover_rules.may_give(user, row),
        "may_take": handover_rules.may_take(user, row),
        "may_write": handover_rules.may_write(user, row),
        "signs": bool(user.may(handover_rules.SIGN)),
    }


def _item(told: Mapping[str, Any]) -> dict[str, Any]:
    """A promise or task that people opened, in the reader's words."""
    known = kind(told["kind"])
    said = told.get("reason") or known.sentence(told.get("facts") or {})
    return {
        "label": known.label,
        "tone": known.tone,
        "said": said,
        "due_on": dt.date.fromisoformat(told["due_on"]),
    }


def _moment(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": lazy_text(member(MomentRule, told["rule"]).text),
        "due_on": dt.date.fromisoformat(told["due_on"]),
    }


def licences(staff_code: str, generation: Generation, on: dt.date) -> list[dict[str, Any]]:
    """The registrations of a manager that are valid on a day: number and kind."""
    rows = events.licences(generation.run_id, staff_code)
    return [
        {"no": row["licence_no"], "kind": lazy_text(member(LicenceKind, row["licence_kind"]).text)}
        for row in rows
        if row["valid_from"] <= on and (row["valid_to"] is None or row["valid_to"] >= on)
    ]


def _spoken(script: Script, row: HandOver, line: Mapping[str, Any]) -> dict[str, Any]:
    """The approved words with which the new manager begins."""
    tag = language()
    branch = branch_names([row.plan.branch_code]).get(row.plan.branch_code, row.plan.branch_code)
    named = {
        "staff": line["to"],
        "staff_code": row.to_code,
        "branch": branch,
        "before": line["was"] or branch,
        "client": line["name"],
    }
    return {
        "stance": script.stance.in_language(tag),
        "text": script.text.in_language(tag).format_map(named),
        "may_say": script.may_say.in_language(tag),
        "may_not_say": script.may_not_say.in_language(tag),
        "version": script.version,
        "approved_on": script.approved_on,
    }


def letter(user: User, row: HandOver, generation: Generation, on: dt.date) -> dict[str, Any]:
    """The letter to the client: the new manager with licence number, why, what stays promised, how to object."""
    context = sheet(user, row, generation, on)
    branch = branch_names([row.plan.branch_code]).get(row.plan.branch_code, row.plan.branch_code)
    signed = packs(generation, on).allocation
    return {
        **context,
        "branch": branch,
        "promises": _promises(row, on),
        "objections_until": max(filter(None, (row.plan.objections_until, row.due_on))),
        "n_days_to_answer": signed.objections.n_working_days_to_answer,
        "weighed": [_("your needs and your manager's strengths"), *_weighed()],
    }


def _promises(row: HandOver, on: dt.date) -> Iterable[dict[str, Any]]:
    """What people promised the client, without the firm's own occasions."""
    told = row.content or handover_rows.content(row.client_id, on)
    return [_item(one) for one in told.get("items", ()) if one["kind"] in {"promise", "appointment"}]


def _weighed() -> list[str]:
    """What else the signed rules look at, in words a client reads."""
    return [
        _("how long you have known each other"),
        _("experience and qualification"),
        _("and how many clients each manager already looks after"),
    ]
