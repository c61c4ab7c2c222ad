"""The signed score of each client with each candidate, part by part, by the engine's own rules."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.allocating.question import MICRO, Question, millionths, places
from keepwell.contract.codes import Grade, Need, ServiceType, TradingStyle
from keepwell.contract.schema import Code
from keepwell.contract.serving import Language
from keepwell.engine.allocation.rules.clients import Clients
from keepwell.engine.allocation.rules.managers import CERTIFIED, QUALIFIED, Managers
from keepwell.engine.allocation.rules.quantities import NEUTRAL
from keepwell.engine.allocation.rules.scores import points, score_parts
from keepwell.engine.solver.assignment.problem import Longs
from keepwell.linking import UnknownFrame
from keepwell.policy.packs import Packs

NEEDS = [str(need) for need in Need]
WORD = r"^(?P<need>[a-z_]+)(?::(?P<strength>[01]|0?\.[0-9]+|1\.0+))?$"
UNKNOWN_TIER = -1


def signed_points(question: Question, candidates: Longs, packs: Packs) -> dict[str, Longs]:
    """What each part of the score brings a candidate by its signed weight, (N, K) each, in millionths.

    What the frames do not tell is neutral, as it is at night; so is the rule for regions.
    """
    people, team = _clients(question), _managers(question)
    told: dict[str, Longs] = {}
    of_client, of_manager = question.branches
    place = np.zeros(len(question.managers) + 1, dtype=np.int64)
    for branch in np.unique(of_client):
        rows, columns = np.flatnonzero(of_client == branch), np.flatnonzero(of_manager == branch)
        if not len(columns):
            continue
        place[columns] = np.arange(len(columns))
        at = (np.arange(len(rows))[:, None], place[candidates[rows]])
        wished = question.wished[rows]
        wished = np.where(np.isin(wished, columns), place[wished], -1)
        parts = score_parts(people.take(rows), team.take(columns), wished, UNKNOWN_TIER, packs.allocation)
        for part, brought in points(parts, packs.allocation).items():
            told.setdefault(str(part), np.zeros(candidates.shape, dtype=np.int64))[rows] = brought[at]
    return told


def _clients(question: Question) -> Clients:
    """The facts of clients that the frame tells; managers by place, for it is only asked who is the same."""
    n = len(question.clients)
    none, no, nothing = np.zeros(n, dtype=object), np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.int64)
    grade = _coded(question.people, "grade", Grade)
    served_as = _coded(question.people, "service_type", ServiceType)
    return Clients(
        code=none, branch=none, current=question.current.astype(object),
        grade=np.where(grade >= 0, grade, len(Grade) - 1), served_as=served_as,
        style=_coded(question.people, "trading_style", TradingStyle), need=strengths(question.people, "needs"),
        value=nothing, is_top_tier=no, is_vulnerable=no, is_advised=no, is_untouched=no, is_risk_known=served_as >= 0,
    )  # fmt: skip


def _managers(question: Question) -> Managers:
    team, n = question.team, len(question.managers)
    none, nothing = np.zeros(n, dtype=object), np.zeros(n, dtype=np.int64)
    qualified = {"adviser": QUALIFIED, "certified": CERTIFIED}
    told = (
        places(team["qualification"].combine_chunks(), pa.array(list(qualified)))
        if _has(team, "qualification")
        else nothing - 1
    )
    return Managers(
        code=np.arange(n).astype(object), branch=none, reason=none, capacity=question.capacity, hours=nothing,
        level=millionths(team, "level", MICRO) // MICRO,
        satisfaction=(millionths(team, "satisfaction_score", 3 * MICRO) - MICRO) // 4,
        qualification=np.append(list(qualified.values()), NEUTRAL)[told], is_adviser=told == 0,
        strength=strengths(team, "specialties"), style=_kinds(team, "styles", TradingStyle),
        service_type=_kinds(team, "service_types", ServiceType), language=np.zeros((n, len(Language)), dtype=np.bool_),
    )  # fmt: skip


def _has(rows: pa.Table, name: str) -> bool:
    return name in rows.column_names


def _coded(rows: pa.Table, name: str, codes: type[Code]) -> Longs:
    """The place of each code in its list, -1 where nothing is told."""
    if not _has(rows, name):
        return np.full(rows.num_rows, -1, dtype=np.int64)
    return places(rows[name].combine_chunks(), pa.array([str(code) for code in codes]))


def _kinds(rows: pa.Table, name: str, codes: type[Code]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which of a list's codes each row tells, with blanks between."""
    known = [str(code) for code in codes]
    table = np.zeros((rows.num_rows, len(known)), dtype=np.bool_)
    if _has(rows, name):
        word, row = _words(rows, name)
        table[row, _found(word, known, name)] = True
    return table


def _words(rows: pa.Table, name: str) -> tuple[pa.Array, Longs]:
    """The words of a column, and in which row each stands."""
    listed = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(pc.fill_null(rows[name].combine_chunks(), "")))
    word, row = pc.list_flatten(listed), pc.list_parent_indices(listed)
    written = pc.not_equal(word, "")
    return word.filter(written), row.filter(written).to_numpy().astype(np.int64)


def _found(word: pa.Array, known: list[str], name: str) -> Longs:
    at = places(word, pa.array(known))
    if len(wrong := np.flatnonzero(at < 0)):
        raise UnknownFrame(f"{name} {word[int(wrong[0])].as_py()!r} is none of {', '.join(known)}")
    return at


def strengths(told: pa.Table, name: str) -> Longs:
    """Needs or specialties written as ``fund:0.8 bond``, (rows, needs) in millionths; a need alone counts one."""
    table = np.zeros((told.num_rows, len(NEEDS)), dtype=np.int64)
    if not _has(told, name):
        return table
    word, row = _words(told, name)
    parts = pc.extract_regex(word, WORD)
    need = places(pc.struct_field(parts, "need"), pa.array(NEEDS))
    if len(wrong := np.flatnonzero(need < 0)):
        raise UnknownFrame(
            f"{name} cannot be read at {word[int(wrong[0])].as_py()!r}: one of {', '.join(NEEDS)}, or fund:0.8 with a "
            "strength from 0 to 1"
        )
    strength = pc.struct_field(parts, "strength")
    strength = pc.if_else(pc.equal(pc.fill_null(strength, ""), ""), "1", strength).cast(pa.float64())
    np.maximum.at(table, (row, need), np.rint(strength.to_numpy() * MICRO).astype(np.int64))
    return table
