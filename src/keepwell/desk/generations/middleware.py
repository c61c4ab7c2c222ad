"""A request reads the pointer once and stays on that generation to its end."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from keepwell.desk.generations.queries import pinning


def pin_generation(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.generation` (`None` before the first run) and let the connection read it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with pinning() as generation:
            request.generation = generation  # type: ignore[attr-defined]  # Django's way to hand on
            return get_response(request)

    return middleware
