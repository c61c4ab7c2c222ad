"""What the pages of profiles show: colleagues, one manager's facts, one client's needs, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.codes import Need, NeedSource
from keepwell.contract.schema import Code
from keepwell.desk.books import grounds, profile_rows, profile_rules
from keepwell.desk.books.handover_pages import licences
from keepwell.desk.books.profile_forms import VALUES, Declare, Kind, RecordNeed
from keepwell.desk.books.profiled import WANTS, ProfileFact
from keepwell.desk.clients.models import ClientLine, Staff
from keepwell.desk.clients.queries import records, staff_names
from keepwell.desk.clients.sentences import member
from keepwell.desk.columns import lazy_text
from keepwell.desk.gates.signed import packs
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.records import events
from keepwell.desk.ui import formats
from keepwell.desk.ui.paging import keyset

TONES: dict[str, str] = {
    ProfileFact.State.DECLARED: "warning",
    ProfileFact.State.CONFIRMED: "good",
    ProfileFact.State.RETURNED: "bad",
}
WAITING = 20


def listed(user: User, generation: Generation, on: dt.date, cursor: str) -> dict[str, Any]:
    """Colleagues with what is confirmed of them, what waits for the leader, clients whose needs are not known."""
    staff = list(profile_rows.staff_of(user))
    counts = profile_rows.counted([row.pk for row in staff])
    kinds = profile_rows.kinds_of([row.pk for row in staff])
    signed = packs(generation, on).allocation.profiles
    before = on - dt.timedelta(days=signed.n_days_needs_hold)
    rows = profile_rows.unknown_needs(user, before)
    found = keyset(rows, ("-sort_amount", "-client_id"), cursor)
    shown = [line.client_id for line in found.rows]
    known, neutral = delivered_needs(shown, generation), grounds.not_known(generation.run_id, shown)
    leads = user.scope in {Scope.TEAM, Scope.BRANCH}
    return {
        "staff": [_colleague(row, counts.get(row.pk, (0, 0)), kinds.get(row.pk, set())) for row in staff],
        "own_code": user.staff_code if profile_rules.may_declare(user, user.staff_code) else "",
        "waiting": _facts(user, profile_rows.waiting(user)[:WAITING]) if leads else [],
        "leads": leads,
        "found": found,
        "unknown": [
            {"line": line, "told": known.get(line.client_id, ()), "neutral": neutral.get(line.client_id, ())}
            for line in found.rows
        ],
        "n_days": signed.n_days_needs_hold,
        "may_record": bool(user.may(profile_rules.RECORD)),
    }


def _colleague(row: Staff, counts: tuple[int, int], known: set[str]) -> dict[str, Any]:
    missing = missing_kinds(known)
    return {"row": row, "n_confirmed": counts[0], "n_waiting": counts[1], "missing": missing}


def missing_kinds(known: set[str]) -> list[Any]:
    """What nobody confirmed of a manager: it counts as neutral. Who is not away has no leave to tell."""
    return [Kind(kind).label for kind in Kind.values if kind not in known and kind != Kind.LEAVE]


def _facts(user: User, rows: Iterable[ProfileFact]) -> list[dict[str, Any]]:
    listed = list(rows)
    names = staff_names({row.staff_code for row in listed})
    return [
        {
            "row": row,
            "name": names.get(row.staff_code, row.staff_code),
            "kind": Kind(row.kind).label,
            "told": told(row),
            "tone": TONES.get(row.state, "plain"),
            "may_confirm": profile_rules.may_confirm(user, row),
            "may_end": profile_rules.may_end(user, row),
        }
        for row in listed
    ]


def told(row: ProfileFact) -> str:
    """A fact in words: what, how strong, evidence, from when until when."""
    parts = [str(dict(VALUES.get(row.kind, [])).get(row.value, "" if row.kind == Kind.LEAVE else row.value))]
    if row.strength is not None:
        parts.append(strength(row.strength))
    if row.words:
        parts.append(row.words)
    if row.weekly_hours is not None:
        parts.append(_("%(n)s h a week") % {"n": formats.number(row.weekly_hours, 1)})
    if row.starts_on:
        last = row.ends_on.isoformat() if row.ends_on else _("open")
        parts.append(f"{row.starts_on.isoformat()} – {last}")
    return " · ".join(part for part in parts if part)


def strength(percent: int) -> str:
    """How strong in words, as it is chosen."""
    return str(dict(WANTS).get(percent, f"{percent}%"))


def profile(
    user: User, staff: Staff, generation: Generation, on: dt.date, bound: Declare | None = None
) -> dict[str, Any]:
    """One manager: facts by kind, what the firm delivers, licences, and the forms where it is the own profile."""
    signed = packs(generation, on).allocation.profiles
    before = on - dt.timedelta(days=signed.n_days_strengths_hold)
    facts = _facts(user, profile_rows.facts_of(staff.pk))
    for one in facts:
        decided = one["row"].decided_at
        one["is_old"] = bool(decided and one["row"].state == "confirmed" and decided.date() < before)
    is_own = bool(profile_rules.may_declare(user, staff.pk))
    forms = (
        [bound if bound and bound.kind == kind else Declare(kind) for kind in Kind.values] if is_own else []
    )
    known = {one["row"].kind for one in facts if one["row"].state == "confirmed"}
    return {
        "staff": staff,
        "facts": facts,
        "missing": missing_kinds(known),
        "delivered": _delivered(staff.pk, generation),
        "licences": licences(staff.pk, generation, on),
        "forms": forms,
        "opened": bound.kind if bound else "",
        "n_days": signed.n_days_strengths_hold,
    }


def _delivered(staff_code: str, generation: Generation) -> list[dict[str, Any]]:
    """Strengths that the firm's own systems deliver."""
    rows = events.of_staff(generation.run_id, "staff_specialty", [staff_code])
    return [
        {
            "label": lazy_text(member(Need, row["need"]).text),
            "share": row["strength_share"],
            "on": row["confirmed_on"],
        }
        for row in rows
    ]


def needs(user: User, line: ClientLine, generation: Generation, on: dt.date) -> dict[str, Any]:
    """One client: what is known of the needs, from where, how old; what is missing counts as neutral."""
    signed = packs(generation, on).allocation.profiles
    before = on - dt.timedelta(days=signed.n_days_needs_hold)
    return {
        "line": line,
        "latest": [
            {"row": row, "is_old": row.recorded_on < before} for row in profile_rows.needs_of(line.pk)
        ],
        "so_far": profile_rows.needs_so_far(line.pk),
        "delivered": _of_client(line, generation, before),
        "n_days": signed.n_days_needs_hold,
        "may_record": user.may(profile_rules.RECORD),
        "form": RecordNeed(),
    }


def _of_client(line: ClientLine, generation: Generation, before: dt.date) -> list[dict[str, Any]]:
    codes = [row.record_code for row in records(line)]
    rows = events.of_records(generation.run_id, "client_need", codes, 50)
    return [
        {
            "label": _code(Need, row["need"]),
            "source": _code(NeedSource, row["need_source"]),
            "share": row["strength_share"],
            "on": row["recorded_on"],
            "is_old": row["recorded_on"] < before,
        }
        for row in rows
    ]


def _code(of: type[Code], value: str) -> Any:
    return lazy_text(member(of, value).text)


def delivered_needs(client_ids: Sequence[str], generation: Generation) -> Mapping[str, Sequence[Any]]:
    """By client, the needs that the firm's own systems deliver, whatever their age."""
    owners = profile_rows.owners_of(client_ids)
    rows = events.of_records(generation.run_id, "client_need", sorted(owners), len(owners) * len(Need))
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(owners[row["record_code"]], []).append(
            (_code(Need, row["need"]), row["recorded_on"])
        )
    return found
