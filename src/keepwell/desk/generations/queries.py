"""What is current?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from keepwell.desk.generations.attach import use
from keepwell.desk.generations.models import Generation, Pointer


def current() -> Generation | None:
    """The generation people see now, in one query; `None` before the first run was taken in."""
    pointer = Pointer.objects.select_related("generation").first()
    return pointer.generation if pointer else None


_pinned: ContextVar[Generation | None] = ContextVar("pinned", default=None)


@contextmanager
def pinning() -> Iterator[Generation | None]:
    """Keep to the current generation until the end: it is readable, and `pinned` answers it without a query."""
    generation = read_current()
    token = _pinned.set(generation)
    try:
        yield generation
    finally:
        _pinned.reset(token)


def pinned() -> Generation | None:
    """The generation that the request keeps to; outside of one the current generation."""
    return _pinned.get() or current()


def read_current() -> Generation | None:
    """The current generation, readable on this thread's connection (commands and jobs; requests have theirs)."""
    generation = current()
    if generation:
        use(generation.run_id)
    return generation


def kept() -> list[Generation]:
    """The generations that can still be read, newest first."""
    return list(Generation.objects.filter(is_kept=True).order_by("-taken_in_at", "-run_id"))
