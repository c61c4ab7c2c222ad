"""What every view stands on: who may open it, and whether the whole page or only a part of it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from keepwell.contract.verdict import Verdict

View = Callable[..., HttpResponse]


class Refused(PermissionDenied):
    """Someone asked for what the verdict forbids: answered by 403 with its sentence, and audited."""

    def __init__(self, verdict: Verdict, *, subject_kind: str = "", subject_id: str = "") -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict
        self.subject_kind = subject_kind
        self.subject_id = subject_id


class Worker(Protocol):
    """What this floor asks of a request's user."""

    is_authenticated: bool

    def may(self, permission: str) -> Verdict:
        """Whether the role holds the permission."""


def requires(permission: str) -> Callable[[View], View]:
    """Let only logged-in people whose role holds `permission` open the view.

    Raises `Refused` otherwise. The permission stands on the view as `view.permission` for the house test.
    Rows are another matter: a query starts from `visible_to(user)` and what lies outside is a 404.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            worker: Worker = request.user  # type: ignore[assignment]  # the project's own user, see people.models
            if not worker.is_authenticated:
                return redirect_to_login(request.get_full_path())
            demand(worker.may(permission))
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the house test
        return guarded

    return decorate


def demand(verdict: Verdict, *, subject_kind: str = "", subject_id: str = "") -> None:
    """Go on when the verdict allows; raises `Refused` when it does not."""
    if not verdict:
        raise Refused(verdict, subject_kind=subject_kind, subject_id=subject_id)


def sentence_of(verdict: Verdict) -> str:
    """The verdict's sentence in the reader's language."""
    return verdict.in_language(get_language() or "zh-hans")


def wants_part(request: HttpRequest) -> bool:
    """Whether HTMX asks for a part of the page (boosted links and history restores want it whole)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with the whole page, or for HTMX with its named partial `part` and the toasts beside it.

    `part` is a `{% partialdef %}` of the template. Both kinds carry `Vary: HX-Request`. What an act has to say
    waits for the page that follows it: a part of the page before, answered in between, does not take it.
    """
    if part and wants_part(request):
        response = render(request, f"{template}#{part}", dict(context or {}), status=status)
        if request.method == "POST" or getattr(get_messages(request), "added_new", False):
            response.write(render_to_string("ui/parts/toasts_beside.html", {}, request))
    else:
        response = render(request, template, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
