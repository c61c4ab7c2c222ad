"""Keepwell (守客): a securities firm's work with the clients it already has.

Importing this package loads nothing: the engine's libraries come with the room that needs them. ``link`` is there as
soon as it is asked for.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "link":
        return import_module("keepwell.linking").link
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
