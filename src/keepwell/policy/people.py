"""How long people act for one another at the desk. Read by the desk alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from keepwell.policy.loading import AtLeast, AtMost
from keepwell.policy.pack import Pack


@dataclass(frozen=True)
class Cover:
    """How many days from the day it is set a cover may last."""

    n_days_at_most: Annotated[int, AtLeast(1), AtMost(366)]


@dataclass(frozen=True)
class People(Pack):
    """How long a colleague sees the clients of another."""

    cover: Cover
