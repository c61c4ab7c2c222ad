"""Compilation to machine code, kept on disk between runs and thrown away when any source of this room changes.

numba's own cache looks only at the file of the compiled function; a change in a function it calls from another
file would be missed. Here the digest of all sources of the room is part of the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import resources
from typing import Any, TypeVar, cast

from numba import njit, types
from numba.core.caching import FunctionCache

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _digest() -> str:
    sources = sorted(
        (entry.name, entry.read_bytes())
        for entry in resources.files("keepwell.engine.simulator").iterdir()
        if entry.name.endswith(".py")
    )
    return hashlib.sha256(b"\0".join(name.encode() + b"\0" + text for name, text in sources)).hexdigest()


DIGEST = _digest()


class _RoomCache(FunctionCache):
    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), DIGEST)


def _plain(dispatcher: Any) -> Any:
    """Calls with constants use the version for plain numbers: one compilation a function, not one a constant."""
    resolve = dispatcher.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        return resolve(
            tuple(types.unliteral(arg) for arg in args),
            {name: types.unliteral(arg) for name, arg in kws.items()},
        )

    dispatcher.get_call_template = get_call_template
    return dispatcher


def compiled(function: _Function) -> _Function:
    """The function in machine code; it holds no lock of the interpreter and is cached safely."""
    dispatcher = _plain(njit(nogil=True)(function))
    dispatcher._cache = _RoomCache(function)  # noqa: SLF001  # numba offers no public way to name what a cache depends on
    return cast("_Function", dispatcher)


def inlined(function: _Function) -> _Function:
    """A small function that is compiled into its callers and has no cache entry of its own."""
    return cast("_Function", _plain(njit(nogil=True)(function)))
