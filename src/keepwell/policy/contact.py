"""How clients are contacted: when, how often, by whom, and what may be said. Read by the desk alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from keepwell.contract.codes import ActivityState, Channel, LicenceKind, MomentRule, Role
from keepwell.contract.schema import Text
from keepwell.policy.decisions import Deadline, require_tasked
from keepwell.policy.loading import AtLeast, AtMost
from keepwell.policy.pack import Pack

Days = Annotated[int, AtLeast(1), AtMost(60)]


@dataclass(frozen=True)
class Quiet:
    """The hours in which nobody is contacted, Beijing time; from one evening to the next morning."""

    from_time: time
    to_time: time

    def __post_init__(self) -> None:
        if self.to_time >= self.from_time:
            raise ValueError(f"to_time in the morning after from_time, before {self.from_time}")

    def holds(self, at: time) -> bool:
        """Whether `at` lies in the quiet hours."""
        return at >= self.from_time or at < self.to_time


@dataclass(frozen=True)
class Retry:
    """When a client who was not reached is listed again."""

    after_working_days: Annotated[int, AtLeast(1), AtMost(10)]


@dataclass(frozen=True)
class Later:
    """How far a task without a deadline can be put off."""

    n_days_at_most: Days


@dataclass(frozen=True)
class Practice:
    """Who may contact clients: staff with one of these registrations in force."""

    licence_kinds: Annotated[tuple[LicenceKind, ...], AtLeast(1)]


@dataclass(frozen=True)
class Contact(Pack):
    """When and by whom clients may be contacted; how often says the cap of the moments."""

    quiet: Quiet
    retry: Retry
    later: Later
    practice: Practice


@dataclass(frozen=True)
class Answer:
    """Who answers an open complaint, where it stands among tasks due the same day, and by when.

    Both count from the day it was received: until the client is reached a first time, and until it is settled.
    """

    owner_role: Role
    priority: Annotated[int, AtLeast(1), AtMost(99)]
    first_contact: Deadline
    settled: Deadline

    def __post_init__(self) -> None:
        require_tasked(self.owner_role)


@dataclass(frozen=True)
class Complaints(Pack):
    """What becomes of a complaint that the firm has received and not settled."""

    answer: Answer


@dataclass(frozen=True)
class Script:
    """Words that compliance approved for occasions, states and a channel; empty lists mean any.

    `text` may name {client}, {staff}, {staff_code} and {branch}.
    """

    id: Annotated[str, AtMost(40)]
    title: Text
    version: Annotated[int, AtLeast(1)]
    approved_on: date
    approved_by: Role
    rules: tuple[MomentRule, ...]
    states: tuple[ActivityState, ...]
    channel: Channel
    stance: Text
    text: Text
    may_say: Text
    may_not_say: Text

    def fits(self, rule: str, state: str, channel: str) -> tuple[int, int, int] | None:
        """How closely the script fits, `None` when it is for something else."""
        if (self.rules and rule not in self.rules) or (self.states and state not in self.states):
            return None
        return (rule in self.rules, state in self.states, self.channel == channel)


@dataclass(frozen=True)
class Scripts(Pack):
    """The approved scripts; none of them may hold a word of the list (securities law, Art. 135: no promises).

    `introduction` is what a new manager says first to a client whom a plan gave them; it is no occasion's.
    """

    never_said: Annotated[tuple[str, ...], AtLeast(1)]
    introduction: Script
    scripts: Annotated[tuple[Script, ...], AtLeast(1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        ids = [script.id for script in self.scripts]
        if len(set(ids)) < len(ids):
            raise ValueError("each script id once")
        for script in (self.introduction, *self.scripts):
            said = script.text.en.lower() + script.text.zh
            if word := next((word for word in self.never_said if word.lower() in said), ""):
                raise ValueError(f"a text of {script.id} without {word!r}")

    def best(self, rule: str, state: str, channel: str) -> Script | None:
        """The script that fits most closely: first by occasion, then by state, then by channel."""
        fitting = [(script.fits(rule, state, channel), script) for script in self.scripts]
        found = [(rank, script) for rank, script in fitting if rank is not None]
        return max(found, key=lambda pair: pair[0])[1] if found else None
