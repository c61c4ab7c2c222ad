"""Eight people of the made-up firm whose stories are told: found or planted, and written into the truth.

They are clients of one manager of the first team, so that whoever logs in there sees them; four of the stories are
told a second time, of clients of the team's adviser. What is planted lies over the traits, seats and days of a few
persons and shifts no draw of anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keepwell.contract import codes
from keepwell.contract.schema import Text
from keepwell.engine.simulator import persons as who_is
from keepwell.engine.simulator import products as product
from keepwell.engine.simulator.accounts import (
    A_PERSON,
    A_RECORD,
    A_SHARE,
    R_BRANCH,
    R_PERSON,
    account_rows,
    record_rows,
)
from keepwell.engine.simulator.firm import Firm, Size
from keepwell.engine.simulator.planted import BUYS, COMPLAINS, MOVES, SELLS
from keepwell.engine.simulator.products import Goods
from keepwell.engine.simulator.span import Span
from keepwell.engine.simulator.staff import S_BEFORE, S_NOW, Workforce
from keepwell.engine.simulator.streams import Floats, Integers

SEEN = 20_000
"""Persons among whom the people of the stories are looked for."""
N_DAYS_AT_LEAST = 126
STAYS = -6.0
"""Loyalty of whom a story is told: they do not decide to leave before it."""
_SOLD, _MOVED, _OLD_SHARE, _DUE_SHARE = 640_000, 600_000, 200_000, 300_000
_SERVICE = list(codes.ComplaintTopic).index(codes.ComplaintTopic.SERVICE)

TWO_NUMBERS = Text("One person, two client numbers", "一人两个客户号")
OUTFLOW = Text("A large outflow today", "今日大额转出")
ELDER = Text("An elder who holds an R5 product", "高龄客户持有R5产品")
MATURITY = Text("A product matures in two weeks", "产品两周后到期")
TWINS = Text("Twins: much alike, two people", "双胞胎：极相似的两个人")
LEAVER = Text("A manager leaves today", "客户经理今日离职")
COMPLAINT = Text("A complaint that waits for an answer", "一宗待答复的投诉")
LOWEST = Text("The lowest class of risk-bearing", "风险承受能力最低类别")
_LOOK = {
    TWO_NUMBERS: Text(
        "Both client numbers stand on one card, with what says that they are one person",
        "两个客户号归在同一张客户卡上，并列出认定同一人的依据",
    ),
    OUTFLOW: Text(
        "Sixty percent went to the bank this morning; the call stands on Today with the amount and its reason",
        "今早转出约六成资产，今日工作里有这通电话，写明金额与缘由",
    ),
    ELDER: Text(
        "Age, assessed level and the level of what is held stand side by side",
        "年龄、测评等级与持仓产品等级并列可见",
    ),
    MATURITY: Text(
        "The reminder came up tonight, fourteen days before the note ends", "到期前十四天，今晚首次提醒"
    ),
    TWINS: Text(
        "Same surname, birthday and home, two document numbers: they stay two clients",
        "同姓、同生日、同住址，证件号不同，仍是两位客户",
    ),
    LEAVER: Text(
        "Yesterday's manager has left: the client waits in the leader's tray, to be given to somebody today",
        "昨天的客户经理已离职：客户在团队长的待分配里，今天就能指定接手人",
    ),
    COMPLAINT: Text("Received yesterday, still open, about service", "昨天受理，尚未办结，主题是服务质量"),
    LOWEST: Text(
        "Only the lowest products may be offered, and the card says why",
        "只能推介最低等级产品，客户卡写明原因",
    ),
}
KEYS = {
    TWO_NUMBERS: "two_numbers", OUTFLOW: "large_outflow", ELDER: "elder", MATURITY: "maturity", TWINS: "twins",
    LEAVER: "leaving_manager", COMPLAINT: "complaint", LOWEST: "lowest_class",
}  # fmt: skip  # in the order of the tour


class Story(NamedTuple):
    """One story: its title, the persons it is of with the records to look at, who serves them."""

    title: Text
    records: tuple[tuple[int, int], ...]
    staff: int

    @property
    def key(self) -> str:
        """Its name for programs."""
        return KEYS[self.title]

    @property
    def look(self) -> Text:
        """What to look at."""
        return _LOOK[self.title]


@dataclass(frozen=True)
class Stories:
    """All stories, those told of a second person last, and what is planted for them.

    ``seats`` by person, ``traits`` as (person, column, value), ``acts`` as (person, day, kind, two numbers).
    """

    told: tuple[Story, ...] = ()
    seats: dict[int, int] = field(default_factory=dict)
    traits: tuple[tuple[int, int, float], ...] = ()
    acts: tuple[tuple[int, ...], ...] = ()

    def tells_of(self, persons: Integers) -> NDArray[np.bool_]:
        """Whether stories are told of persons."""
        told: NDArray[np.bool_] = np.zeros(persons.size, np.bool_)
        low, high = (int(persons.min()), int(persons.max())) if persons.size else (0, -1)
        for person in self.seats:
            if low <= person <= high:
                told |= persons == person
        return told

    def overlay(self, rows: Floats, first: int) -> None:
        """Plants traits in a block of persons from ``first`` on."""
        for person, column, value in self.traits:
            if first <= person < first + rows.shape[0]:
                rows[person - first, column] = value

    def seat(self, seat_of: Integers, match: Floats, rows: Floats, first: int, staff: Workforce) -> None:
        """Makes them clients of their manager, in a block of persons from ``first`` on."""
        for person, seat in self.seats.items():
            i = person - first
            if 0 <= i < rows.shape[0]:
                seat_of[i] = seat
                wants = rows[i, who_is.NEEDS : who_is.NEEDS + 6]
                for column, place in ((0, S_NOW), (1, S_BEFORE)):
                    holder = int(staff.seats[seat, place])
                    strengths = staff.taste[holder] * wants
                    match[i, column] = sum(float(one) for one in strengths) if holder >= 0 else 0.0

    def acts_of(self, first: int, n: int) -> Integers:
        """The acts of a block of persons, with the person's place in it."""
        mine = [(person - first, *act) for person, *act in self.acts if first <= person < first + n]
        return np.array(mine, np.int64).reshape(len(mine), 5)


class _Cast:
    """Who is looked at for the stories: live persons of the first branch with assets and a risk level."""

    def __init__(self, firm: Firm, size: Size, seed: int, span: Span, staff: Workforce) -> None:
        n = min(size.n_clients, SEEN)
        rows = who_is.traits(firm, span, seed, 0, n)
        self.rows, self.taken = rows, np.zeros(n, np.bool_)
        noise, ends = firm.identity, staff.branch_ends
        shares = np.array(noise.hard_record_shares if firm.hard_identity else noise.record_shares)
        records = record_rows(seed, 0, rows, span.on, shares, ends, noise.id_fifteen)
        accounts = account_rows(seed, 0, rows, records, firm.clients)
        self.n_records = np.bincount(records[:, R_PERSON], minlength=n)
        extra = (accounts[:, A_SHARE] > 0) & (records[accounts[:, A_RECORD], R_BRANCH] > 0)
        self.two_branches = np.isin(np.arange(n), accounts[extra, A_PERSON])
        self.age = (span.on[-1] - rows[:, who_is.BIRTH]) / 365.2425
        self.wealth = np.exp(rows[:, who_is.LOG_ASSETS])
        self.alone = rows[:, who_is.HOUSE] == 1
        old = (rows[:, who_is.OPENS_AT] < 0) & (rows[:, who_is.KIND] == 0) & (rows[:, who_is.RISK] > 0)
        self.local = old & (rows[:, who_is.LIVES] > 0) & (rows[:, who_is.PLACE] <= ends[0])
        self.grown = old & (self.age >= 18)

    def pick(self, may: NDArray[np.bool_], low: float, high: float, rather: float = np.inf) -> int:
        """The first who may, with assets between two bounds, and was not picked before; −1 if there is none.

        Where nobody has as much as ``low``, whoever has ``rather`` will do.
        """
        free = may & ~self.taken & (self.wealth <= high)
        found = np.flatnonzero(free & (self.wealth >= low))
        if not found.size:
            found = np.flatnonzero(free & (self.wealth >= rather))
        if not found.size:
            return -1
        self.taken[found[0]] = True
        return int(found[0])

    def twins(self) -> tuple[int, int]:
        """The first pair of twins who are grown up; −1 if there is none."""
        for one in np.flatnonzero((self.rows[:, who_is.TWIN] > 0) & self.grown & ~self.taken):
            other = int(self.rows[one, who_is.ANCHOR])
            if other != one and other < self.taken.size and self.grown[other] and not self.taken[other]:
                self.taken[one] = self.taken[other] = True
                return int(one), other
        return -1, -1


People = dict[Text, tuple[int, ...]]


def _chosen(cast: _Cast) -> tuple[People, People]:
    """The persons of each story, and those of whom four are told again: of the adviser's clients; −1: nobody fits."""
    plain = cast.local & cast.alone & (cast.n_records == 1) & (cast.age >= 25) & (cast.age < 66)
    lowest = cast.local & (cast.rows[:, who_is.LOWEST] > 0) & (cast.age >= 18) & (cast.n_records == 1)
    old = cast.local & (cast.age >= 70) & (cast.n_records == 1)
    chosen = plain & (cast.rows[:, who_is.RISK] > 1)
    several = cast.local & cast.alone & (cast.n_records == 2) & cast.two_branches
    both = {
        LOWEST: (lowest, 5e3, 5e6),
        ELDER: (old, 1e5, 5e6),
        OUTFLOW: (chosen, 6e5, 5e6),
        MATURITY: (chosen, 1.5e5, 5e6),
    }
    first = {TWO_NUMBERS: (cast.pick(several, 1e5, 5e6),), TWINS: cast.twins()}
    first |= {title: (cast.pick(*wanted),) for title, wanted in both.items()}
    first |= {LEAVER: (cast.pick(chosen, 2e6, 5e6, 3e5),), COMPLAINT: (cast.pick(chosen, 5e4, 5e6),)}
    return first, {title: (cast.pick(*wanted),) for title, wanted in both.items()}


def _acts(people: People, span: Span, goods: Goods, staff: int) -> Iterator[tuple[int, ...]]:
    """What the persons do: the last two days for what fires tonight, some weeks before for what is held."""
    last = span.on.size - 1
    # the latest note of 28 days; it ends two weeks after the last day
    note = int(goods.pools[product.NOTE, 1]) - 4
    issued = int(goods.cells[note, product.FIRST])
    for title, (person, *_others) in people.items():
        if title is OUTFLOW:
            yield person, last - 1, SELLS, _SOLD, 0
            yield person, last, MOVES, _MOVED, 0
        elif title is ELDER:
            yield person, last - 35, BUYS, int(goods.pools[product.STRUCTURED, 0]), _OLD_SHARE
        elif title is MATURITY:
            yield person, min(issued + 1, last), BUYS, note, _DUE_SHARE
        elif title is COMPLAINT:
            yield person, last - 1, COMPLAINS, staff, _SERVICE


def tell(firm: Firm, size: Size, seed: int, span: Span, goods: Goods, staff: Workforce) -> Stories:
    """The stories of a firm; none where it, its first team or its span is too small for one of them."""
    seat, leaver, adviser = staff.told
    if seat < 0 or span.on.size < N_DAYS_AT_LEAST:
        return Stories()
    people, again = _chosen(_Cast(firm, size, seed, span, staff))
    if min(person for persons in people.values() for person in persons) < 0:
        return Stories()
    if adviser < 0:
        again = {}
    again = {title: persons for title, persons in again.items() if min(persons) >= 0}
    seats = {person: seat for persons in people.values() for person in persons}
    seats[people[LEAVER][0]] = leaver
    seats |= {person: adviser for persons in again.values() for person in persons}
    home = float(staff.branch_ends[0]) / 2.0
    traits = [(person, who_is.LOYAL, STAYS) for person in seats]
    traits += [(twin, who_is.PLACE, home) for twin in people[TWINS]]
    traits += [(twin, who_is.LIVES, 1.0) for twin in people[TWINS]]
    traits += [(cast[ELDER][0], who_is.RISK, 3.0) for cast in (people, again) if ELDER in cast]
    manager = int(staff.seats[seat, S_NOW])
    told = [
        Story(
            title,
            _records(title, people[title]),
            _first_holder(staff, leaver) if title is LEAVER else manager,
        )
        for title in KEYS
    ]
    told += [
        Story(title, _records(title, again[title]), int(staff.seats[adviser, S_NOW]))
        for title in KEYS
        if title in again
    ]
    acts = [act for cast in (people, again) for act in _acts(cast, span, goods, manager)]
    return Stories(tuple(told), seats, tuple(traits), tuple(acts))


def _first_holder(staff: Workforce, seat: int) -> int:
    before = int(staff.seats[seat, S_BEFORE])
    return before if before >= 0 else int(staff.seats[seat, S_NOW])


def _records(title: Text, persons: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """The customer records to look at, as person and number within the person."""
    if title is TWO_NUMBERS:
        return ((persons[0], 0), (persons[0], 1))
    return tuple((person, 0) for person in persons)
