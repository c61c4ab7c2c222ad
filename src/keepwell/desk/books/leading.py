"""What a leader's home shows besides the sums: who is busy, what is late, whose clients wait for somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.desk.books import boards, queries, standing
from keepwell.desk.books.models import AllocationLoad
from keepwell.desk.books.standing import NOBODY, Cell, Held, Moves
from keepwell.desk.clients.queries import staff_names
from keepwell.desk.clients.sentences import reason_of
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui import charts, formats
from keepwell.desk.work import queries as work

NONE_HELD = Held(0, None, None)
WAITING = "care=leaver&care=nobody"


def board(user: User, on: dt.date, cells: Sequence[Cell]) -> dict[str, Any]:
    """What a leader has to act on: what is late, what waits for a signature, whose clients wait for somebody."""
    late = boards.overdue(user, on)
    rows, n_tray = loads(user, late, cells), boards.n_in_tray(user)
    tray = boards.listed(user) if n_tray else []
    names = staff_names(one.holder for one in tray)
    return {
        "loads": rows,
        "board_figures": _figures(user, on, late, n_tray),
        "tray": [{"one": one, "holder": names.get(one.holder, one.holder)} for one in tray],
        "n_tray": n_tray,
        "tray_link": f"{reverse('clients:list')}?{WAITING}",
        "takers": takers(user) if tray else [],
        "load_chart": _load_chart(rows),
    }


def _figures(user: User, on: dt.date, late: Mapping[str, int], n_tray: int) -> list[dict[str, Any]]:
    has_today = bool(user.may("contacts.read_today")) and user.scope is not Scope.BRANCH
    n_late = sum(late.values())
    if has_today:  # as Today counts it: people's own tasks too
        n_late += work.listed_items(user, on).filter(due_on__lt=on).count()
    figures = [
        {
            "label": _("Overdue"),
            "value": formats.number(n_late),
            "tone": "bad" if n_late else "",
            "link": f"{reverse('contacts:today')}?span=overdue" if has_today else reverse("books:late"),
        },
        {
            "label": _("Waiting for somebody"),
            "value": formats.number(n_tray) if n_tray <= boards.COUNTED_TO else f"{boards.COUNTED_TO:,}+",
            "tone": "warning" if n_tray else "",
            "link": f"{reverse('clients:list')}?{WAITING}",
        },
    ]
    if user.may("people.approvals"):
        n_waiting = approvals.n_waiting(user)
        waits = {"value": formats.number(n_waiting), "link": reverse("people:approvals")}
        figures.append(
            {"label": _("Waiting for your approval"), "tone": "warning" if n_waiting else "", **waits}
        )
    return figures


def loads(user: User, late: Mapping[str, int], cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """Each manager's clients of today against the limits, and what the proposal would change; last whom nobody has."""
    held, moves = standing.by_manager(cells), standing.proposed_moves(user.branch_code)
    of_run = {row.staff_code: row for row in queries.loads(user)}
    codes = [*of_run, *(code for code in held if code not in of_run and code != NOBODY)]
    codes += [NOBODY] if NOBODY in held else []
    names = {**staff_names(code for code in codes if code != NOBODY), NOBODY: _("nobody")}
    most = max([*(one.n for one in held.values()), *(row.n_upper for row in of_run.values())], default=0) or 1
    return [
        {
            **_load(code, of_run.get(code), held.get(code, NONE_HELD), moves.get(code, Moves()), most),
            "name": names.get(code, code),
            "n_late": late.get("" if code == NOBODY else code, 0),
            "why": reason_of(of_run[code], "allocation_reason", names) if code in of_run else "",
        }
        for code in codes
    ]


def _load(code: str, row: AllocationLoad | None, held: Held, moves: Moves, most: int) -> dict[str, Any]:
    is_eligible = row is not None and row.is_eligible
    return {
        "code": code,
        "row": row,
        "n": held.n,
        "assets": held.assets,
        "covered": held.share_covered,
        "share": held.n / most,
        "mark": row.n_upper / most if row is not None and is_eligible else None,
        "is_over": row is not None and is_eligible and held.n > row.n_upper,
        "moves": moves,
        "is_nobody": code == NOBODY,
        "link": f"{reverse('clients:list')}?manager={code}",
        "late_link": f"{reverse('books:late')}?manager={code}",
        "moves_link": f"{reverse('books:proposal')}?manager={code}",
    }


def named(code: str) -> str:
    """The name of a manager, nobody's under a dash; empty for none."""
    return _("nobody") if code == NOBODY else staff_names([code]).get(code, code)


def takers(user: User) -> list[tuple[str, str]]:
    """Number and name of who may be given a client, with how many they look after today."""
    staff = boards.takers(user)
    held = boards.n_held([row.staff_code for row in staff])
    return [
        (row.staff_code, _("%(name)s · %(n)s") % {"name": row.staff_name, "n": held.get(row.staff_code, 0)})
        for row in staff
    ]


def _load_chart(rows: Sequence[Mapping[str, Any]]) -> charts.Chart | None:
    """Who has much and who little: existing clients by manager, the largest first."""
    people = [row for row in rows if not row["is_nobody"]]
    if not people:
        return None
    ranked = sorted(people, key=lambda row: -row["n"])[:20]
    first, last = ranked[0], ranked[-1]
    sentence = _("Most: %(most)s, %(n)s. Fewest: %(least)s, %(m)s.") % {
        "most": first["name"],
        "n": formats.number(first["n"]),
        "least": last["name"],
        "m": formats.number(last["n"]),
    }
    return charts.bars(sentence, [(row["name"], row["n"]) for row in ranked])
