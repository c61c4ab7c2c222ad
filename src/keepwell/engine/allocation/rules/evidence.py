"""What people can check a branch's plan by: loads, limits with prices, the certificate, what contradicted."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from keepwell.engine.allocation.rules.alternatives import loads_of
from keepwell.engine.allocation.rules.answering import Answer
from keepwell.engine.allocation.rules.limits import PER_UNIT, RESOURCES
from keepwell.engine.allocation.rules.quantities import CENTI, MICRO, Flags, Objects, Rows, known_where
from keepwell.engine.allocation.rules.question import Question, Trouble
from keepwell.engine.solver.assignment.problem import Floats, Longs

PRICE_PER_UNIT = CENTI // PER_UNIT
"""Hours are counted in hundredths: the price of an hour is a hundred times that of what the solver counts."""


def load_rows(asked: Question, answer: Answer) -> Rows:
    """Each member of the team with a book, eligible or not, as it is and as proposed."""
    team, n = asked.team, len(asked.team.code)
    chosen = np.full(len(asked.clients.code), -1, dtype=np.int64)
    chosen[answer.manager >= 0] = asked.able[answer.manager[answer.manager >= 0]]
    now = _places(asked.clients.current, team.code)
    stays = now == chosen
    stays[answer.manager < 0] = True
    lower, upper, price = (np.zeros(n, dtype=np.int64) for _ in range(3))
    lower[asked.able] = _whole(answer.limits.lower[:, 0], 0)
    upper[asked.able] = _whole(answer.limits.upper[:, 0], len(asked.clients.code))
    price[asked.able] = answer.price[:, 0]
    return {
        "staff_code": team.code,
        "branch_code": np.full(n, asked.branch, dtype=object),
        "is_eligible": team.is_eligible,
        "allocation_reason": team.reason,
        "n_current": _counted(now, n),
        "n_proposed": _counted(chosen, n),
        "n_lower": lower,
        "n_upper": upper,
        "n_incoming": _counted(chosen[~stays], n),
        "n_outgoing": _counted(now[~stays], n),
        "capacity_share": team.capacity,
        "price": price,
    }


def _places(held: Objects, codes: Objects) -> Longs:
    """Where each client's manager stands among the codes, -1 where not."""
    hits = held[:, None] == codes[None, :]
    return np.where(hits.any(axis=1), hits.argmax(axis=1), -1) if hits.size else np.full(len(held), -1)


def _counted(places: Longs, n: int) -> Longs:
    return np.bincount(places[places >= 0], minlength=n).astype(np.int64)


def _whole(limit: Floats, otherwise: int) -> Longs:
    return np.where(np.isfinite(limit), limit, otherwise).astype(np.int64)


def limit_rows(asked: Question, answer: Answer) -> Rows:
    """Every limit of every eligible manager, in units with two digits."""
    shape = answer.limits.lower.shape
    now, then = loads_of(asked, asked.current) * PER_UNIT, loads_of(asked, answer.manager) * PER_UNIT
    lower, low = _limit(answer.limits.lower)
    upper, high = _limit(answer.limits.upper)
    slack = np.minimum(np.where(high, upper - then, 1 << 60), np.where(low, then - lower, 1 << 60))
    price = answer.price * PRICE_PER_UNIT
    codes = [np.array([str(one) for one in RESOURCES], dtype=object)] * shape[0]
    columns = {
        "resource": np.array(codes, dtype=object).reshape(shape),
        "load_lower": known_where(lower, low),
        "load_upper": known_where(upper, high),
        "load_now": now,
        "load_proposed": then,
        "load_fair": answer.limits.fair,
        "load_slack": known_where(slack, low | high),
        "price": price,
        "is_binding": price != 0,
    }
    return {
        "staff_code": np.repeat(asked.managers.code, shape[1]),
        "branch_code": np.full(shape[0] * shape[1], asked.branch, dtype=object),
        **{name: values.ravel() for name, values in columns.items()},
    }


def _limit(side: Floats) -> tuple[Longs, Flags]:
    """A limit in hundredths of a unit, and whether there is one."""
    known = np.isfinite(side)
    return np.where(known, side, 0).astype(np.int64) * PER_UNIT, known


def certificate_rows(asked: Question, answer: Answer, n_tied: int) -> Rows:
    """Value, bound and gap of the branch's plan, beside the status quo."""
    proof, n = answer.certificate, len(asked.clients.code)
    value = int(proof.value) if proof else 0
    bound = max(math.ceil(proof.bound), value) if proof else 0
    holds = np.flatnonzero(asked.current >= 0)
    limits = answer.limits
    moved = (answer.manager >= 0) & (answer.manager != asked.current)
    told = {
        "branch_code": asked.branch,
        "n_clients": n,
        "n_managers": len(asked.able),
        "value": value,
        "bound": bound,
        "gap_share": (bound - value) * MICRO // value if value else 0,
        "is_proven": answer.is_proven,
        "current_value": int(asked.score[holds, asked.current[holds]].sum()),
        "n_unplaced": int((answer.manager < 0).sum()),
        "n_changes": int(moved.sum()),
        "n_changes_at_most": int(answer.n_changes) if math.isfinite(answer.n_changes) else 0,
        "change_price": answer.change_price,
        "n_pinned": int(asked.is_pinned.sum()),
        "n_banned": asked.n_banned,
        "n_tied": n_tied,
        "n_limits": int((np.isfinite(limits.lower) | np.isfinite(limits.upper)).sum()),
        "n_binding": int((answer.price != 0).sum()),
        "question_sha": proof.question if proof else "-",
        "answer_sha": proof.answer if proof else "-",
    }
    rows: Rows = {name: np.array([one]) for name, one in told.items()}
    bounded = math.isfinite(answer.n_changes)
    rows["n_changes_at_most"] = known_where(rows["n_changes_at_most"], np.array([bounded]))
    return rows


def contradiction_rows(asked: Question, troubles: tuple[Trouble, ...]) -> Rows:
    """What could not hold together, in the order in which it was found."""
    codes, staff = asked.clients.code, asked.managers.code
    return {
        "branch_code": np.full(len(troubles), asked.branch, dtype=object),
        "step_no": np.arange(1, len(troubles) + 1),
        "contradiction_reason": _objects(str(one.reason) for one in troubles),
        "resource": _objects(str(one.resource) if one.resource else None for one in troubles),
        "n_clients": np.array([len(one.clients) for one in troubles], dtype=np.int64),
        "client_id": _objects(codes[one.clients[0]] if one.clients else None for one in troubles),
        "n_managers": np.array([len(one.managers) for one in troubles], dtype=np.int64),
        "staff_code": _objects(staff[one.managers[0]] if one.managers else None for one in troubles),
        "missing": np.array([one.missing for one in troubles], dtype=np.int64),
        "relief": _objects(str(one.relief) for one in troubles),
    }


def _objects(values: Iterable[str | None]) -> Objects:
    told = list(values)
    found = np.empty(len(told), dtype=object)
    found[:] = told
    return found
