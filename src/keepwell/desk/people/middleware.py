"""Language and theme of the reader; nobody but at the login page without a log-in; new passwords first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponse]
OPEN_BEFORE_NEW_PASSWORD = {"people:password", "people:logout", "people:language", "people:theme"}


def preferences(get_response: Answer) -> Answer:
    """Speak the user's language, else the cookie's, else Chinese; the browser's own wish is not asked."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        wanted = (
            user.language if user.is_authenticated else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        )
        language = wanted if wanted in known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers["Content-Language"] = "zh-CN" if language.startswith("zh") else language
        return response

    return middleware


class LoginRequired(LoginRequiredMiddleware):
    """Every page needs a log-in; HTMX is sent to the login page as a whole, not into a fragment."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: Any,
        view_kwargs: Any,
    ) -> Any:
        """Ask for the log-in, then for the new password that a first log-in needs."""
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        user: Any = request.user
        if answer is not None or not user.is_authenticated or not user.must_change_password:
            return answer
        match = request.resolver_match
        if match and match.view_name in OPEN_BEFORE_NEW_PASSWORD:
            return None
        return redirect("people:password")

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """Send to the login page."""
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
        return super().handle_no_permission(request, view_func)
