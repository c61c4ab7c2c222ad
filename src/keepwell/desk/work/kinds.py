"""Kinds of tasks that rooms open: how each is called, said and ranked. Registered in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Say = Callable[[Mapping[str, Any]], str]
Then = Callable[[Any], Any]  # of a work item, to the next one


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of task. Lower priority numbers come first, as in the signed rules of moments.

    `is_scripted` where an approved script may be offered: what is said about a complaint is in no script.
    `then` answers the duty that stands once a task of it is done with, not yet saved.
    """

    code: str
    label: str | Promise
    sentence: Say
    tone: str
    priority: int
    is_capped: bool
    is_scripted: bool = True
    then: Then | None = None


_kinds: dict[str, Kind] = {}


def register(
    code: str,
    label: str | Promise,
    *,
    sentence: Say,
    tone: str = "accent",
    priority: int = 50,
    is_capped: bool = False,
    is_scripted: bool = True,
    then: Then | None = None,
) -> None:
    """Name a kind of task: `sentence(facts)` says why it is there, in the reader's language."""
    _kinds[code] = Kind(code, label, sentence, tone, priority, is_capped, is_scripted, then)


def kind(code: str) -> Kind:
    """The kind of that code; raises `KeyError` for one that no room registered."""
    return _kinds[code]
