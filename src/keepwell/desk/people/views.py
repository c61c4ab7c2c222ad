"""Log-in, log-out, one's home, one's settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.people import actions
from keepwell.desk.people.forms import PasswordForm, SettingsForm
from keepwell.desk.people.models import User
from keepwell.desk.people.staff_source import facts_of
from keepwell.desk.ui import navigation
from keepwell.desk.ui.context import THEME_COOKIE, THEMES
from keepwell.desk.ui.http import page, requires

YEAR = 365 * 24 * 3600


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _back(request: HttpRequest) -> str:
    """Where the form wants to return to, if it is an address of ours."""
    wanted = request.POST.get("next") or request.POST.get(REDIRECT_FIELD_NAME) or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@never_cache
@sensitive_post_parameters("password")
@login_not_required
def log_in(request: HttpRequest) -> HttpResponse:
    """The login page; one who is logged in goes home."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        user: Any = form.get_user()
        login(request, user)
        actions.record_login(by=user, at=timezone.now())
        return redirect(_back(request))
    if request.method == "POST":
        actions.record_failed_login(username=request.POST.get("username", ""), by=None, at=timezone.now())
    context = {"form": form, "next": request.GET.get("next", request.POST.get("next", ""))}
    return render(request, "people/login.html", context, status=422 if form.errors else 200)


def locked_out(request: HttpRequest, _response: object = None, _credentials: object = None) -> HttpResponse:
    """After five failures: the same page, with why and until when."""
    sentence = refuse(Refusal.LOCKED_OUT).in_language(get_language() or settings.LANGUAGE_CODE)
    return render(request, "people/login.html", {"locked": sentence}, status=429)


@require_POST
@requires("people.own")
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    actions.record_logout(by=_user(request), at=timezone.now())
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@requires("people.own")
def home(request: HttpRequest) -> HttpResponse:
    """Go to the role's home; to one's settings while no room has built one."""
    return redirect(navigation.home(_user(request)) or "people:me")


@requires("people.own")
def me(request: HttpRequest) -> HttpResponse:
    """My settings: language, theme, colours, keys."""
    user = _user(request)
    form = SettingsForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        actions.save_settings(user=user, settings=form.cleaned_data, by=user, at=timezone.now())
        with translation.override(user.language):
            messages.success(request, gettext("Saved."))
        return redirect("people:me")
    context = {
        "form": form,
        "works_at": facts_of([user.staff_code]).get(user.staff_code),
        "shows_gallery": bool(user.may("ui.gallery")),
    }
    return page(request, "people/me.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@requires("people.own")
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; the first log-in begins here."""
    user = _user(request)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(user=user, password=form.cleaned_data["new"], by=user, at=timezone.now())
        update_session_auth_hash(request, user)
        messages.success(request, gettext("Password changed."))
        return redirect("people:home")
    return page(request, "people/password.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language: kept with the user, or in a cookie before the log-in."""
    wanted = request.POST.get("language", "")
    response = redirect(_back(request))
    if wanted in dict(settings.LANGUAGES):
        user = _user(request)
        if user.is_authenticated:
            actions.save_settings(user=user, settings={"language": wanted}, by=user, at=timezone.now())
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=YEAR, httponly=True, samesite="Lax"
        )
    return response


@require_POST
@login_not_required
def theme(request: HttpRequest) -> HttpResponse:
    """Switch the theme, kept in the same way."""
    wanted = request.POST.get("theme", "")
    response = redirect(_back(request))
    if wanted in THEMES:
        user = _user(request)
        if user.is_authenticated:
            actions.save_settings(user=user, settings={"theme": wanted}, by=user, at=timezone.now())
        response.set_cookie(THEME_COOKIE, wanted, max_age=YEAR, httponly=True, samesite="Lax")
    return response
