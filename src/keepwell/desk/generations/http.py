"""Views that need a run: before the first one they say so instead of failing."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.desk.generations.layout import fingerprint
from keepwell.desk.generations.models import Generation


class Pinned(HttpRequest):
    """A request that stays on one generation to its end."""

    generation: Generation


@lru_cache(maxsize=1)
def _layout() -> str:
    return fingerprint()


def needs_run(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer with the empty state of flows.md when no run was taken in yet."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        generation = getattr(request, "generation", None)
        if generation is None:
            return render(request, "generations/none.html")
        if generation.layout_hash != _layout():
            return render(request, "generations/other_layout.html", status=503)
        return view(request, *args, **kwargs)

    return guarded
