"""At the counter: while the client has the device, nobody opens the desk on it.

Handing it over leaves a signed mark in this browser. Until the form is handed in, withdrawn or run out, every address
of the desk answers with one page. Whoever takes the device back before withdraws the form: so nobody of the firm has
the desk and an open form of the client on one device.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from keepwell.desk.assessments import actions
from keepwell.desk.forms.models import Form

COOKIE, SALT = "keepwell_counter", "keepwell.assessments.counter"
TAKE_BACK = "take_back"
LOCKED = 423
Answer = Callable[[HttpRequest], HttpResponse]


def lock(response: HttpResponse, form: Form) -> None:
    """Leave the mark of the form that is answered on this device."""
    response.set_signed_cookie(
        COOKIE,
        str(form.pk),
        salt=SALT,
        expires=form.expires_at,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",  # another site's form does not bring it, so that none takes the device back
    )


def locked_device(get_response: Answer) -> Answer:
    """Answer nothing of the desk on a device that a client has."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if COOKIE not in request.COOKIES:
            return get_response(request)
        form = _held(request)
        if form is None:
            return _unlocked(get_response(request))
        if request.method != "POST" or TAKE_BACK not in request.POST:
            return render(request, "assessments/locked.html", {"form": form}, status=LOCKED)
        actions.take_back(form=form, by=None, at=timezone.now())
        return _unlocked(HttpResponseRedirect("/"))

    return middleware


def _held(request: HttpRequest) -> Form | None:
    """The form that waits for its client on this device."""
    pk = request.get_signed_cookie(COOKIE, "", salt=SALT)
    open_ = Form.objects.filter(state=Form.State.OPEN, expires_at__gt=timezone.now())
    return open_.filter(pk=pk).first() if pk else None


def _unlocked(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE)
    return response
