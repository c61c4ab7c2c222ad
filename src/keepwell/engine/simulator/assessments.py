"""Risk assessments: levels declared to clients, and twenty answers that add up to the score (rules.md §1.3)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from keepwell.contract import codes
from keepwell.contract.sources import clients
from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import purposes
from keepwell.engine.simulator.accounts import R_K, R_OPENED, R_PERSON
from keepwell.engine.simulator.block import Block, Town
from keepwell.engine.simulator.codebook import record_cells
from keepwell.engine.simulator.compiled import compiled
from keepwell.engine.simulator.emit import (
    Mask,
    batch,
    cells_of,
    dates,
    flags,
    from_bytes,
    instants,
    integers,
    numbered,
    pick,
)
from keepwell.engine.simulator.identity_noise import record_errors
from keepwell.engine.simulator.record_tables import delivered
from keepwell.engine.simulator.streams import Integers, uniform, uniforms, words

Batch = tuple[str, pa.RecordBatch]
VERSION = "2023"
VERSIONS = [VERSION, "2023-org", "2023-product"]
"""By kind of client."""
VALID_DAYS = 730
# marks of options A to E of the twenty questions; −1 where there is no such option
MARKS = np.array(
    [
        [3, 2, 1, 1, 0], [1, 3, 4, 5, 6], [3, 2, 1, 0, -1], [0, 1, 2, 3, -1], [5, 5, 5, 0, -1],
        [1, 2, 3, 5, -1], [1, 2, 3, 4, -1], [1, 3, 4, 6, -1], [0, 1, 2, 4, 6], [1, 2, 3, 4, 0],
        [1, 3, 5, -1, -1], [2, 4, 5, 6, 6], [0, 1, 3, 5, 6], [0, 2, 3, 4, -1], [0, 2, 4, 6, -1],
        [7, 5, 4, 3, 1], [5, 7, 3, 2, 0], [5, 3, 1, -1, -1], [1, 2, 4, 5, -1], [4, 3, 2, 1, 0],
    ]
)  # fmt: skip  # four rows of five questions as in the source
CUTS = np.array([0, 20, 40, 60, 80, 101])
AGE_QUESTION, LOSS_QUESTION = 16, 14
MULTIPLE = (8, 11)
# of several choices all up to the highest
LETTERS = ["A", "B", "C", "D", "E", "A", "AB", "ABC", "ABCD", "ABCDE"]
WORK = codes.Occupation
SALARIED = (
    WORK.CIVIL_SERVANT, WORK.PUBLIC_SECTOR, WORK.STATE_FIRM, WORK.PRIVATE_FIRM, WORK.FOREIGN_FIRM, WORK.MANAGER,
    WORK.TEACHER, WORK.DOCTOR, WORK.FINANCE, WORK.TECHNICIAN, WORK.SOLDIER,
)  # fmt: skip
# question and option that do not go with an occupation: no fixed income, wages, work in finance
CLASHES = ((0, 4, SALARIED), (0, 0, (WORK.UNEMPLOYED, WORK.STUDENT)), (4, 0, (WORK.STUDENT, WORK.FARMER)))
CARELESS, CARELESS_SHARE = len(WORK), 0.02


def _barred() -> Integers:
    """Of each occupation the options it does not give; nothing is barred from the careless, who come last."""
    out = np.zeros((len(WORK) + 1, 20, 5), np.int64)
    for question, option, occupations in CLASHES:
        for one in occupations:
            out[list(WORK).index(one), question, option] = 1
    return out


BARRED = _barred()


@compiled
def _answers(
    seed: int,
    who: Integers,
    serial: Integers,
    level: Integers,
    lowest: Integers,
    age: Integers,
    work: Integers,
) -> Integers:
    """Options 0..4 per test and question; the sum of marks lies within the level's band. Column 20 is the sum."""
    out = np.zeros((who.size, 21), np.int64)
    for i in range(who.size):
        low, high = CUTS[level[i] - 1], CUTS[level[i]] - 1
        high = min(high, 96)
        want = low + int(uniform(seed, who[i], purposes.ANSWERS, serial[i], 30) * (high - low + 1))
        total = 0
        for q in range(20):
            best, gap = 0, 99.0
            for option in range(5):
                if MARKS[q, option] >= 0 and BARRED[work[i], q, option] == 0:
                    aim = MARKS[q].max() * (want / 100.0) + 3.0 * (
                        uniform(seed, who[i], purposes.ANSWERS, serial[i], q) - 0.5
                    )
                    if abs(MARKS[q, option] - aim) < gap:
                        best, gap = option, abs(MARKS[q, option] - aim)
            out[i, q] = best
            if q == AGE_QUESTION:
                out[i, q] = min(max((age[i] - 21) // 10, 0), 4)
            if q == LOSS_QUESTION:
                out[i, q] = 0 if lowest[i] > 0 else max(best, 1)
            total += MARKS[q, out[i, q]]
        out[i, 20] = _mend(out[i], total, low, high, work[i])
    return out


@compiled
def _mend(row: Integers, total: int, low: int, high: int, work: int) -> int:
    """Moves single answers until the sum lies between ``low`` and ``high``; returns the sum."""
    for _ in range(60):
        if low <= total <= high:
            return total
        for q in range(20):
            if q in (AGE_QUESTION, LOSS_QUESTION):
                continue
            for option in range(5):
                step = MARKS[q, option] - MARKS[q, row[q]]
                if (
                    MARKS[q, option] >= 0
                    and BARRED[work, q, option] == 0
                    and (
                        (total < low and 0 < step <= high - total)
                        or (total > high and low - total <= step < 0)
                    )
                ):
                    row[q] = option
                    total += step
                    break
            if low <= total <= high:
                return total
    return total


def _taken(town: Town, block: Block) -> tuple[Integers, Integers, Integers, Integers]:
    """Tests as (record row, serial, day, level): the last one and, for half of the records, one before."""
    wrong = record_errors(town.firm.identity, town.seed, block)
    person, k = block.records[:, R_PERSON], block.records[:, R_K]
    row, who = block.rows[person], block.first + person
    level = row[:, who_is.RISK].astype(np.int64)
    level = np.where(wrong.risk, np.where(level > 2, level - 1, level + 1), level)
    known = (row[:, who_is.RISK] > 0) & delivered(town, block)
    u = np.stack([uniforms(town.seed, who, purposes.TESTS, k, draw) for draw in range(4)])
    c = town.firm.clients
    stale = u[0] < np.where(row[:, who_is.LIVES] > 0, c.stale_test_live_share, c.stale_test_other_share)
    end, opened = int(town.span.on[-1]), block.records[:, R_OPENED]
    back = np.where(stale, 731 + np.floor(u[1] * 900), np.floor(u[1] * 725)).astype(np.int64)
    day = np.maximum(town.span.workday(np.maximum(end - back, opened)), opened)
    earlier = (u[2] < 0.5) & (day - 380 > opened) & known
    first = np.flatnonzero(known & (day <= town.span.last))
    before = np.flatnonzero(earlier)
    then = town.span.workday(day[before] - 365 - np.floor(u[3][before] * 15).astype(np.int64))
    was = np.clip(level[before] + np.where(u[3][before] < 0.2, -1, 0), 1, 5)
    rows = np.concatenate([first, before])
    order = np.argsort(rows, kind="stable")
    serial = np.repeat([1, 0], [first.size, before.size])
    days, levels = np.concatenate([day[first], then]), np.concatenate([level[first], was])
    order = order[days[order] <= town.span.last]
    return rows[order], serial[order], days[order], levels[order]


def _devices(seed: int, who: Integers, number: Integers, nulls: Mask) -> pa.Array:
    """The device a test was taken on; none at the counter."""
    bits = words(seed, who, purposes.TESTS, number + 90) % 10**15
    return numbered("D", (bits, 15), n=who.size, nulls=nulls)


def assessment_tables(town: Town, block: Block) -> Iterator[Batch]:
    """Assessments of a block and, for those of the last 24 months by persons, their answers."""
    rows, serial, day, level = _taken(town, block)
    person = block.records[rows, R_PERSON]
    who, row = block.first + person, block.rows[person]
    number = block.records[rows, R_K] * 2 + serial
    lowest = ((row[:, who_is.LOWEST] > 0) & (level == 1)).astype(np.int64)
    age = ((day - row[:, who_is.BIRTH]) / 365.2425).astype(np.int64)
    is_careless = uniforms(town.seed, who, purposes.ANSWERS, number, 31) < CARELESS_SHARE
    work = np.where(is_careless, CARELESS, row[:, who_is.WORK])
    answers = _answers(town.seed, who, number, level, lowest, age, work.astype(np.int64))
    fits = (row[:, who_is.KIND] == 0) & (answers[:, 20] >= CUTS[level - 1]) & (answers[:, 20] < CUTS[level])
    shown = fits & (day > int(town.span.on[-1]) - VALID_DAYS)
    head = np.concatenate([record_cells(town.seed, block)[rows], cells_of((serial, 2), n=rows.size)], axis=1)
    seconds = 34_200 + words(town.seed, who, purposes.TESTS, number + 8) % 36_000
    yield batch(
        clients.Questionnaire,
        {
            "questionnaire_code": from_bytes(head),
            "record_code": from_bytes(head[:, :12].copy()),
            "answered_at": instants(day, seconds),
            "answered_on": dates(day),
            "version": pick(VERSIONS, row[:, who_is.KIND].astype(np.int64)),
            "score": integers(answers[:, 20], ~fits),
            "risk_level": pick(list(codes.RiskLevel), level - 1),
            "is_lowest_class": flags(lowest),
            "valid_to": dates(day + VALID_DAYS),
            "device_code": _devices(town.seed, who, number, seconds % 3 == 0),
        },
    )  # fmt: skip  # one column a line
    at = np.repeat(np.flatnonzero(shown), 20)
    question = np.tile(np.arange(20), int(shown.sum()))
    yield batch(
        clients.QuestionnaireAnswer,
        {
            "questionnaire_code": from_bytes(head[at]),
            "question_no": integers(question + 1),
            "answer": pick(LETTERS, answers[at, question] + 5 * np.isin(question, MULTIPLE)),
        },
    )
