"""Who has shown that they are the client: a signed cookie of one form's address alone, for a while; no session."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from keepwell.desk.forms.codes import hash_of
from keepwell.desk.forms.models import Form

COOKIE = "kw_form_proof"
DEVICE, DEVICE_AGE = "kw_form_device", 365 * 86_400
SALT = "keepwell.client_pages.proof"


def is_proved(request: HttpRequest, form: Form, minutes: int) -> bool:
    """Whether this browser passed the check of the form, not too long ago."""
    try:
        signed = TimestampSigner(salt=SALT).unsign(request.COOKIES.get(COOKIE, ""), max_age=minutes * 60)
    except BadSignature:
        return False
    return signed == _mark(form)


def keep(response: HttpResponse, form: Form, path: str, minutes: int) -> None:
    """Remember that the check was passed; each step renews it."""
    value = TimestampSigner(salt=SALT).sign(_mark(form))
    response.set_cookie(
        COOKIE,
        value,
        max_age=minutes * 60,
        path=path,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def device_of(request: HttpRequest) -> str:
    """This browser's mark, by which forms answered on one device are told; empty before it has one."""
    mark = request.COOKIES.get(DEVICE, "")
    return hash_of(mark)[:32] if mark else ""


def mark_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give this browser a mark, if it has none."""
    if not request.COOKIES.get(DEVICE):
        response.set_cookie(
            DEVICE,
            secrets.token_urlsafe(16),
            max_age=DEVICE_AGE,
            path="/f/",
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )


def _mark(form: Form) -> str:
    return f"{form.pk}.{form.code_hash[:24]}"
