"""Keepwell (守客): a securities firm's work with the clients it already has.

Importing this package loads nothing: the engine's libraries come with the room that needs them. ``link``,
``describe``, ``classify``, ``match``, ``allocate`` and ``assign`` are there as soon as they are asked for.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

BY_THEMSELVES = {
    "link": "keepwell.linking",
    "describe": "keepwell.describing",
    "classify": "keepwell.matching",
    "match": "keepwell.matching",
    "allocate": "keepwell.allocating",
    "assign": "keepwell.assigning",
}


def __getattr__(name: str) -> Any:
    if name in BY_THEMSELVES:
        return getattr(import_module(BY_THEMSELVES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
