"""Error pages and the gallery of components."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from keepwell.contract.reasons.refusal_titles import title_of
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import Verdict, refuse
from keepwell.desk.columns import in_reader_language
from keepwell.desk.ui import samples
from keepwell.desk.ui.http import Refused, page, requires, sentence_of


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the verdict's sentence, the same that the button's tooltip and the audit log hold."""
    verdict = exception.verdict if isinstance(exception, Refused) else Verdict(Refusal.NOT_FOUND)
    inside = request.user.is_authenticated  # who is at work goes on by the navigation
    context = {
        "title": in_reader_language(title_of(verdict.refusal)),
        "sentence": sentence_of(verdict),
        "back": came_from(request),
        "keeps_navigation": inside,
        "layout": "ui/base.html" if inside else "ui/bare.html",
    }
    return render(request, "ui/refused.html", context, status=403)


def came_from(request: HttpRequest) -> str:
    """The page of ours on which the refused button was pressed: its path and query, empty when unknown."""
    page_before = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if request.method != "POST" or not url_has_allowed_host_and_scheme(page_before, hosts):
        return ""
    parts = urlsplit(page_before)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's name
    """404: the same words for an unknown address and for what lies outside the reader's scope."""
    return render(
        request, "ui/not_found.html", {"sentence": sentence_of(refuse(Refusal.NOT_FOUND))}, status=404
    )


def failed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """500: rendered without the request, so that nothing asks the database that may have failed."""
    return HttpResponse(render_to_string("ui/failed.html", _in_language()), status=500)


def _in_language() -> dict[str, str]:
    """What a page that is rendered without the request says of its language."""
    return {"html_language": "zh-CN" if (get_language() or "zh-hans").startswith("zh") else "en"}


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than any page takes; whoever sent it need not be logged in."""
    return render(request, "ui/too_large.html", status=413)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's names
    """400: what was sent is none of our forms; rendered without the request, whose host may be the fault."""
    return HttpResponse(render_to_string("ui/unreadable.html", _in_language()), status=400)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """403 for a form that was open longer than the session."""
    return render(request, "ui/form_expired.html", status=403)


@requires("ui.gallery")
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states, on invented numbers."""
    return page(request, "ui/gallery.html", samples.gallery())


@requires("ui.gallery")
def gallery_drawer(request: HttpRequest) -> HttpResponse:
    """What the gallery's drawer shows."""
    return page(request, "ui/gallery_drawer.html", {}, part="body")
