"""Objections to plans: what somebody may object to, what waits for whose answer, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from keepwell.desk.books import plan_rows, plan_words, planning, rules
from keepwell.desk.books.acted import Objection, Plan
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.people.models import User
from keepwell.desk.ui.paging import keyset


def page_of(user: User, on: dt.date, asked: dict[str, str]) -> dict[str, Any]:
    """Objections within scope, those that wait first; and the moves of the open plan that concern the user."""
    rows = plan_rows.objections_of(user)
    state = asked["state"] if asked["state"] in Objection.State.values else ""
    if state:
        rows = rows.filter(state=state)
    found = keyset(rows, ("-pk",), asked["after"])
    return {
        "found": found,
        "lines": lines(user, found.rows, on),
        "chosen": state,
        "may_answer": bool(user.may(rules.ANSWER)),
        "states": Objection.State.choices,
        "filter_query": f"state={state}" if state else "",
        **_plan(user, on, asked["moves"]),
    }


def _plan(user: User, on: dt.date, cursor: str) -> dict[str, Any]:
    """The open plan's moves that concern the user, while objections are taken."""
    plan = plan_rows.open_of(user.branch_code) if user.branch_code else None
    if plan is None or plan.state == Plan.State.REVIEW:
        return {"plan": None}
    found = keyset(plan_rows.moves_of(user, plan).select_related("client__line"), ("pk",), cursor)
    for move in found.rows:
        move.plan = plan
    rows = planning.moves(user, found.rows)
    for row in rows:
        row["verdict"] = rules.may_object(user, row["move"], on)
    return {"plan": plan, "plan_told": plan_words.state(plan), "moves": rows, "moves_found": found}


def lines(user: User, rows: Sequence[Objection], on: dt.date) -> list[dict[str, Any]]:
    """Objections in words, each with whether this user may answer it."""
    told = {row["move"].pk: row for row in planning.moves(user, [row.move for row in rows])}
    names = staff_names({row.staff_code for row in rows})
    return [
        {
            "row": row,
            "told": told[row.move_id],
            "who": names.get(row.staff_code, row.by_name),
            "tone": plan_words.ANSWERED[row.state],
            "is_late": row.state == Objection.State.OPEN and row.due_on < on,
            "may_answer": rules.may_answer(user, row),
        }
        for row in rows
    ]
