"""What every request is asked and every answer carries: plain methods and texts, a strict policy, currency, marks."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict, UnreadablePostError
from django.utils.translation import get_language

from keepwell.desk.ui.formats import in_currency
from keepwell.desk.ui.marks import mark_chinese
from keepwell.desk.ui.views import too_large

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

METHODS = ("GET", "HEAD", "POST")
NUL = "\0"
LARGEST_UPLOAD = 32 * 2**20  # bytes; pages that take files ask for less and say so themselves
READ_AWAY = 4 * LARGEST_UPLOAD  # bytes of a request that are read only so that its sender hears the answer
PIECE = 2**16


def read_to_the_end(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Read away what was sent and nobody read: a server that closes before is, to its sender, a broken connection."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        try:
            for _piece in range(0, READ_AWAY, PIECE):
                if not request.read(PIECE):
                    break
        except UnreadablePostError:  # who sent it is gone
            pass
        return response

    return middleware


def plain_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer pages to GET and POST alone, and take NUL out of the address: no text of people holds one.

    PostgreSQL refuses a text with a NUL, which would be a failure of ours for a nonsense of theirs.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        request.path, request.path_info = request.path.replace(NUL, ""), request.path_info.replace(NUL, "")
        request.COOKIES = {name: value.replace(NUL, "") for name, value in request.COOKIES.items()}
        request.GET = _without_nul(request.GET)  # type: ignore[assignment]  # a QueryDict stays one
        return get_response(request)

    return middleware


def plain_forms(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Read what a form holds, without NUL; one that is too large is refused in the reader's language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            try:
                form = _sent(request)
            except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
                return too_large(request)
            request.POST = _without_nul(form)  # type: ignore[assignment]  # a QueryDict stays one
        return get_response(request)

    return middleware


def _sent(request: HttpRequest) -> QueryDict:
    """What was sent with a form; Django counts every part of it but the files."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_UPLOAD:
        raise RequestDataTooBig(LARGEST_UPLOAD)
    return request.POST


def _without_nul(asked: QueryDict) -> QueryDict:
    if not any(NUL in text for name, texts in asked.lists() for text in (name, *map(str, texts))):
        return asked
    plain = QueryDict(mutable=True)
    for name, texts in asked.lists():
        plain.setlist(name.replace(NUL, ""), [str(text).replace(NUL, "") for text in texts])
    plain._mutable = False  # noqa: SLF001  as Django's own requests make it
    return plain


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set the policy on every answer; pages of people at work are never kept by caches."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def base_currency(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Show amounts in the base currency of the run that the request reads."""

    def middleware(request: HttpRequest) -> HttpResponse:
        generation = getattr(request, "generation", None)
        with in_currency(generation.currency if generation else "CNY"):
            return get_response(request)

    return middleware


def marked_chinese(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Mark the Chinese texts of English pages, whole ones and parts alike."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and get_language() == "en":
            response.content = mark_chinese(response.content.decode()).encode()
        return response

    return middleware
