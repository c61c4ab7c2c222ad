"""What the frame of every page shows: navigation, theme, language, as-of date and run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from keepwell.desk.ui import navigation, notices

THEMES = ("auto", "light", "dark")
CHINESE = mark_safe(' lang="zh-CN"')  # for names on an English page: read aloud and set as what they are
THEME_COOKIE = "keepwell_theme"


def theme_of(request: HttpRequest) -> str:
    """The user's theme, else the browser's cookie, else `auto`."""
    chosen = getattr(getattr(request, "user", None), "theme", "") or request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame's variables.

    `request.generation` (with `run_id` and `as_of`) is set by the middleware of `generations`; without a run it
    is missing or `None` and the frame says that there is no data yet. Made once a request: a page is rendered from
    many pieces, and what waits for the user is counted for all of them together.
    """
    found: dict[str, Any] | None = getattr(request, "keepwell_frame", None)
    if found is None:
        found = _frame(request)
        request.keepwell_frame = found  # type: ignore[attr-defined]  # kept on the request it was made for
    return found


def _frame(request: HttpRequest) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    theme = theme_of(request)
    context: dict[str, Any] = {
        "language": language,
        "html_language": "zh-CN" if language.startswith("zh") else "en",
        "chinese": "" if language.startswith("zh") else CHINESE,
        "other_language": "en" if language.startswith("zh") else "zh-hans",
        "theme": theme,
        "next_theme": "light" if theme == "dark" else "dark",
        "generation": getattr(request, "generation", None),
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        match = request.resolver_match
        current = match.view_name if match else ""
        context["navigation"] = navigation.groups_for(user, current)
        context["palette"] = [
            (navigation.address(page.url), page.label) for page in navigation.pages_for(user)
        ]
        context["search_url"] = navigation.search_url(user)
        context["notices_url"] = navigation.notices_url()
        context["n_unread"] = notices.n_unread(user)
        context["palette_url"] = navigation.palette_url(user)
        context["client_acts"] = navigation.client_acts(user)
        if helping := navigation.help_for(request):
            context["help_url"], context["help_label"] = navigation.address(helping.url), helping.label
            context["palette"].append((context["help_url"], helping.label))
            if current == navigation.home(user) and helping.banner(request):
                context["help_dismiss"] = navigation.address(helping.dismiss)
        context["palette_addresses"] = " ".join(url for url, _label in context["palette"])
    return context
