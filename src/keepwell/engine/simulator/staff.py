"""Branches, teams, staff, and the books: who holds which seat from when to when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepwell.contract import codes
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.firm import Firm, Size, Staffing
from keepwell.engine.simulator.span import Span
from keepwell.engine.simulator.streams import Floats, Integers, four, normal, uniform

# columns of a seat: branch, holder before (−1 none), holder now, day it was left, day the book was taken up, place in
# the branch's list, level of the first holder (who drew the clients)
S_BRANCH, S_BEFORE, S_NOW, S_LEFT, S_TAKEN, S_PLACE, S_LEVEL = range(7)
_OTHERS = (
    codes.Role.SERVICE_DESK,
    codes.Role.COUNTER,
    codes.Role.COMPLIANCE,
    codes.Role.AML_HQ,
    codes.Role.COUNTER,
    codes.Role.SERVICE_DESK,
    codes.Role.HQ_BROKERAGE,
    codes.Role.AML_BRANCH,
    codes.Role.COUNTER,
    codes.Role.SERVICE_DESK,
    codes.Role.AUDIT,
    codes.Role.COUNTER,
    codes.Role.SERVICE_DESK,
    codes.Role.ADMIN,
    codes.Role.SERVICE_DESK,
)
AT_HEADQUARTERS = {codes.Role.AML_HQ, codes.Role.HQ_BROKERAGE, codes.Role.AUDIT, codes.Role.ADMIN}
NEVER = 1 << 30
STORIES_FROM = 5_000
"""Clients of the smallest firm that stories are told of."""


@dataclass(frozen=True)
class Member:
    """One member of staff; ``bias`` in truth is the effect γ on the hazard of their clients."""

    number: int
    branch: int
    team: int
    role: codes.Role
    level: int
    joined: int
    left: int
    has_book: bool
    hours: float
    gamma: float


class Told(NamedTuple):
    """Seats of the first team that the stories are told of: a manager's, the one left on the last day, an adviser's.

    −1 where the team is too small for stories, or has no adviser.
    """

    seat: int
    leaver: int
    adviser: int


UNTOLD = Told(-1, -1, -1)


class Workforce(NamedTuple):
    """All staff, leavers included; seats [seat, column]; taste [staff, need]; γ [staff]; seats of each branch."""

    members: list[Member]
    teams: list[tuple[int, int]]
    seats: Integers
    taste: Floats
    gamma: Floats
    seat_range: Integers
    branch_ends: Floats
    told: Told
    is_adviser: NDArray[np.bool_]


def _gamma(s: Staffing, seed: int, number: int) -> float:
    u = four(seed, number, purposes.STAFF, 1, 0)
    if u[0] < s.good_share:
        return s.good_log
    if u[0] < s.good_share + s.bad_share:
        return s.bad_log
    if u[0] < s.good_share + s.bad_share + s.mixed_share:
        return s.mixed_log if u[1] < 0.5 else -s.mixed_log
    return 0.0


def _level(s: Staffing, u: float) -> int:
    total, level = 0.0, 0
    while level < 4 and u > total + s.level_shares[level]:
        total += s.level_shares[level]
        level += 1
    return level + 1


def _member(
    s: Staffing, seed: int, number: int, place: tuple[int, int], role: codes.Role, joined: int, left: int
) -> Member:
    u = four(seed, number, purposes.STAFF, 0, 0)
    book = role in {codes.Role.MANAGER, codes.Role.ADVISER}
    level = max(_level(s, u[0]), 3 if role in {codes.Role.TEAM_LEADER, codes.Role.BRANCH_HEAD} else 1)
    hours = 20.0 if book and u[1] < s.part_time_share else 40.0
    gamma = _gamma(s, seed, number) if book else 0.0
    return Member(number, place[0], place[1], role, level, joined, left, book, hours, gamma)


def branch_shares(firm: Firm, size: Size, seed: int) -> Floats:
    """Share of clients of each branch, log-normal."""
    raw = np.array(
        [
            math.exp(firm.staff.branch_log_sd * normal(uniform(seed, b, purposes.BRANCH, 0, 0)))
            for b in range(size.n_branches)
        ]
    )
    return raw / raw.sum()


def _spread(shares: Floats, n: int) -> Integers:
    """N places over branches by their shares, at least one each, by largest remainders."""
    exact = shares * max(n - shares.size, 0)
    whole = np.floor(exact).astype(np.int64)
    rest = max(n - shares.size, 0) - int(whole.sum())
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[:rest]] += 1
    return whole + 1


def _leaves(s: Staffing, seed: int, number: int, span: Span) -> int:
    """The planned day on which the first holder of a seat leaves; ``NEVER`` when they stay."""
    years = (int(span.on[-1]) - span.first) / 365.2425
    wait = -math.log(four(seed, number, purposes.SEAT, 0, 0)[0]) / s.leave_yearly
    if wait >= years:
        return NEVER
    at = int(np.searchsorted(span.on, span.first + int(wait * 365.2425)))
    return int(span.on[min(at, span.on.size - 1)])


def _seat(
    s: Staffing, seed: int, number: int, span: Span, role: codes.Role, place: tuple[int, int], successor: int,
    left: int,
) -> tuple[list[Member], list[int]]:  # fmt: skip  # one line of who and where, one of when
    """The first holder of a seat, perhaps a successor, and the seat's row; nothing after the last day is seen."""
    u = four(seed, number, purposes.SEAT, 0, 0)
    joined = span.first - 30 - int(u[3] * 3_000)
    if left > span.last:
        holder = _member(s, seed, number, place, role, joined, 0)
        return [holder], [place[0], -1, number, -NEVER, -NEVER, 0, holder.level]
    before = _member(s, seed, number, place, role, joined, left)
    now = _member(s, seed, successor, place, role, left, 0)
    row = [place[0], number, successor, left, _taken(s, seed, number, left), 0, before.level]
    return [before, now], row


def _taken(s: Staffing, seed: int, number: int, left: int) -> int:
    """The day on which somebody takes up the book of a seat that was left."""
    return left + 1 + int(four(seed, number, purposes.SEAT, 0, 0)[1] * s.orphan_days)


def _role(place: int) -> codes.Role:
    return codes.Role.ADVISER if place % 11 in {3, 7, 10} else codes.Role.MANAGER


def _n_teams(n_seats: int) -> int:
    return max(1, round(n_seats / 8))


def _told(firm: Firm, size: Size, span: Span, seed: int, n_seats: int) -> Told:
    """The first manager of the first team who stays, and the last who would: that one leaves on the last day.

    The people one can log in as at the made-up firm are of this team, the adviser among them.
    """
    if size.n_clients < STORIES_FROM:
        return UNTOLD
    team = range(0, n_seats, _n_teams(n_seats))
    leaves = {i: _leaves(firm.staff, seed, i, span) for i in team}
    staying = [i for i in team if _role(i) is codes.Role.MANAGER and leaves[i] == NEVER]
    held = [
        (
            leaves[i] != NEVER,
            i,
        )  # who took a book over has a higher number than those there from the first day
        for i in team
        if _role(i) is codes.Role.ADVISER
        and (leaves[i] == NEVER or _taken(firm.staff, seed, i, leaves[i]) <= int(span.on[-1]))
    ]
    return Told(staying[0], staying[-1], min(held)[1] if held else -1) if len(staying) > 1 else UNTOLD


def _books(
    firm: Firm, size: Size, span: Span, seed: int, shares: Floats, base: int
) -> tuple[list[Member], list[tuple[int, int]], list[list[int]], Told]:
    members: list[Member] = []
    teams: list[tuple[int, int]] = []
    seats: list[list[int]] = []
    spread = _spread(shares, size.n_books)
    told = _told(firm, size, span, seed, int(spread[0]))
    for branch, n in enumerate(spread):
        n_teams = _n_teams(int(n))
        teams += [(len(teams) + t, branch) for t in range(n_teams)]
        for i in range(int(n)):
            place = (branch, len(teams) - n_teams + i % n_teams)
            number = len(seats)
            left = int(span.on[-1]) if number == told.leaver else _leaves(firm.staff, seed, number, span)
            new, seat = _seat(firm.staff, seed, number, span, _role(i), place, base + number, left)
            seat[S_PLACE] = i
            members += new
            seats.append(seat)
    return members, teams, seats, told


def _leads(firm: Firm, size: Size, span: Span, seed: int, teams: list[tuple[int, int]]) -> list[Member]:
    """Heads of branches, leaders of teams, and the rest of the staff."""
    out: list[Member] = []
    number = size.n_books
    rest = size.n_staff - size.n_books - size.n_branches
    n_leaders = max(1, min(len(teams), rest // 3, round(0.08 * size.n_staff)))
    posts = [(codes.Role.BRANCH_HEAD, (b, -1)) for b in range(size.n_branches)]
    posts += [(codes.Role.TEAM_LEADER, (branch, team)) for team, branch in teams[:n_leaders]]
    n_of = dict.fromkeys(_OTHERS, 0)
    for i in range(max(rest - n_leaders, 2)):  # the first of each role is of the branch of the stories
        role = _OTHERS[i % len(_OTHERS)]
        posts.append((role, (0 if role in AT_HEADQUARTERS else n_of[role] % size.n_branches, -1)))
        n_of[role] += 1
    for role, place in posts:
        joined = span.first - 200 - int(uniform(seed, number, purposes.SEAT, 1, 0) * 4_000)
        out.append(_member(firm.staff, seed, number, place, role, joined, 0))
        number += 1
    return out


def workforce(firm: Firm, size: Size, span: Span, seed: int) -> Workforce:
    """All staff of the firm and the seats they hold. Numbers: books, then leads and others, then successors."""
    shares = branch_shares(firm, size, seed)
    base = size.n_staff + 2
    books, teams, rows, told = _books(firm, size, span, seed, shares, base)
    members = sorted([*books, *_leads(firm, size, span, seed, teams)], key=lambda member: member.number)
    seats = np.array(rows, np.int64)
    n = base + len(rows)
    taste = np.empty((n, 6))
    for i in range(n):
        z = [normal(uniform(seed, i, purposes.STAFF_TASTE, k, 0)) for k in range(6)]
        raw = np.array([math.exp(firm.staff.specialty_sharpness * one) for one in z])
        taste[i] = raw / raw.sum()
    gamma = np.zeros(n)
    for member in members:
        gamma[member.number] = member.gamma
    advisers = np.array([_role(int(place)) is codes.Role.ADVISER for place in seats[:, S_PLACE]])
    starts = np.searchsorted(seats[:, S_BRANCH], np.arange(size.n_branches + 1))
    ranges = np.stack([starts[:-1], starts[1:]], axis=1).astype(np.int64)
    return Workforce(members, teams, seats, taste, gamma, ranges, np.cumsum(shares), told, advisers)


def satisfaction(member: Member, seed: int) -> float:
    """The score the firm keeps of a member of staff, 1 to 5: part of the truth, part noise."""
    z = normal(uniform(seed, member.number, purposes.STAFF, 2, 0))
    return min(max(4.1 - 0.3 * member.gamma + 0.2 * z, 1.0), 5.0)


def tilt(bias: str) -> tuple[float, float, float]:
    """Which of the three planted biases are switched on: level, acquaintance, place in the list."""
    table = {
        "all": (1.0, 1.0, 1.0),
        "none": (0.0, 0.0, 0.0),
        "senior": (1.0, 0.0, 0.0),
        "friends": (0.0, 1.0, 0.0),
    }
    return table.get(bias, (0.0, 0.0, 1.0))
