"""Kernels that allocate nothing, compiled without counting references.

Without this Numba counts the references of each array of a tuple at each call, which made the search nineteen times
slower. The option has no public name; the results are the same without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])
OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}


def lean(kernel: F) -> F:
    """Compile a kernel that makes no array."""
    return njit(**OPTIONS)(kernel)
