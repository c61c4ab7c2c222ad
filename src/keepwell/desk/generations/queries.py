"""What is current?"""

from __future__ import annotations

from keepwell.desk.generations.attach import use
from keepwell.desk.generations.models import Generation, Pointer


def current() -> Generation | None:
    """The generation people see now, in one query; `None` before the first run was taken in."""
    pointer = Pointer.objects.select_related("generation").first()
    return pointer.generation if pointer else None


def read_current() -> Generation | None:
    """The current generation, readable on this thread's connection (commands and jobs; requests have theirs)."""
    generation = current()
    if generation:
        use(generation.run_id)
    return generation


def kept() -> list[Generation]:
    """The generations that can still be read, newest first."""
    return list(Generation.objects.filter(is_kept=True).order_by("-taken_in_at", "-run_id"))
