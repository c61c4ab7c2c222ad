"""The pages of one form: who are you, one question a page, all answers, the result."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.suitable import AnsweredOn
from keepwell.desk.client_pages import proofs
from keepwell.desk.client_pages.firm import packs, sender
from keepwell.desk.forms import answering, letter, printing
from keepwell.desk.forms.answering import Gone
from keepwell.desk.forms.models import Form

View = Callable[..., HttpResponse]
LONGEST = 8


def _held(view: View) -> View:
    """Give the view the form of the code; a link that leads nowhere is told in one sentence."""

    @wraps(view)
    def found(request: HttpRequest, code: str, **more: Any) -> HttpResponse:
        try:
            return view(request, answering.found(code, timezone.now()), code, **more)
        except Gone:
            return gone(request)

    return found


def _proved(view: View) -> View:
    """Only whoever passed the check; others are asked first."""

    @wraps(view)
    def checked(request: HttpRequest, form: Form, code: str, **more: Any) -> HttpResponse:
        minutes, start = packs().suitability.links.idle_minutes, _at("questionnaire", code)
        if not proofs.is_proved(request, form, minutes):
            return HttpResponseRedirect(start)
        response = view(request, form, code, **more)
        if form.way == AnsweredOn.COUNTER and form.answered_at is not None:
            response.delete_cookie(proofs.COOKIE, path=start)  # the device goes back to the branch
        else:
            proofs.keep(response, form, start, minutes)
        return response

    return checked


@_held
def questionnaire(request: HttpRequest, form: Form, code: str) -> HttpResponse:
    """Who are you? Then the first question that is open, or the result.

    The client proves themselves by four digits of the phone that staff are not shown, else by the document's tail.
    """
    rule = packs().suitability.links
    is_wrong = False
    if request.method == "POST":
        typed = request.POST.get("tail", "")
        if answering.prove(
            form=form, typed=typed[:LONGEST], at_most=rule.attempts_at_most, at=timezone.now()
        ):
            response: HttpResponse = HttpResponseRedirect(_next(form, code))
            proofs.keep(response, form, _at("questionnaire", code), rule.idle_minutes)
            proofs.mark_device(request, response)
            return response
        form.refresh_from_db()
        is_wrong = True
    context = {
        "code": code,
        "form": form,
        "is_wrong": is_wrong,
        "n_left": rule.attempts_at_most - form.n_failed,
        "title_of_version": answering.signed(form, packs()).title,
    }
    return render(request, "client_pages/check.html", context, status=422 if is_wrong else 200)


@_held
@_proved
def question(request: HttpRequest, form: Form, code: str, number: int) -> HttpResponse:
    """One question; its answer is kept and the next one follows."""
    version = answering.signed(form, packs())
    asked = next((one for one in version.questions if one.no == number), None)
    if asked is None:
        raise Gone
    if form.state != Form.State.OPEN:
        return HttpResponseRedirect(_at("result", code))
    is_missing = False
    if request.method == "POST":
        given = "".join(request.POST.getlist("answer"))[:LONGEST]
        if answering.answer(form=form, question=asked, letters=given):
            after = request.POST.get("then") != "all" and number < len(version.questions)
            return HttpResponseRedirect(_question(code, number + 1) if after else _at("review", code))
        is_missing = True
    context = {
        "code": code,
        "asked": asked,
        "given": answering.sheet(form).get(number, ""),
        "n": len(version.questions),
        "back": _question(code, number - 1) if number > 1 else "",
        "is_missing": is_missing,
        "then": request.GET.get("then", ""),
    }
    return render(request, "client_pages/question.html", context, status=422 if is_missing else 200)


@_held
@_proved
def review(request: HttpRequest, form: Form, code: str) -> HttpResponse:
    """All answers at once; handing in needs each of them."""
    if form.state != Form.State.OPEN:
        return HttpResponseRedirect(_at("result", code))
    fault = None
    if request.method == "POST":
        device = proofs.device_of(request)
        fault = answering.hand_in(form=form, packs=packs(), device=device, at=timezone.now())
        if fault is None:
            return HttpResponseRedirect(_at("result", code))
    version, told = answering.signed(form, packs()), answering.sheet(form)
    rows = [(one, [o for o in one.options if o.option in told.get(one.no, "")]) for one in version.questions]
    said = sentence(fault.reason, fault.facts, get_language() or "zh-hans") if fault else ""
    context = {
        "code": code,
        "rows": rows,
        "n_open": sum(not chosen for _, chosen in rows),
        "said": said,
        "n": len(rows),
    }
    return render(request, "client_pages/review.html", context, status=409 if fault else 200)


@_held
@_proved
def result(request: HttpRequest, form: Form, code: str) -> HttpResponse:
    """The level, what it means, whom to tell who disagrees; the letter to print."""
    if form.answered_at is None:
        return HttpResponseRedirect(_next(form, code))
    context = {"code": code, "can_print": printing.can_print(), **letter.of(form, packs())}
    return render(request, "client_pages/result.html", context)


@_held
@_proved
def result_letter(_request: HttpRequest, form: Form, code: str) -> HttpResponse:
    """The letter of the result, as a file for the client to keep."""
    if form.answered_at is None:
        return HttpResponseRedirect(_next(form, code))
    if not printing.can_print():
        raise Gone
    made = HttpResponse(printing.pdf(form, packs(), sender()), content_type="application/pdf")
    made["Content-Disposition"] = content_disposition_header(True, letter.file_name(form)) or "attachment"
    return made


@require_POST
def language(request: HttpRequest, code: str) -> HttpResponse:
    """The pages in the other language, from here on."""
    wanted, to = request.POST.get("language", ""), request.POST.get("next", "")
    own = _at("questionnaire", code)
    response = HttpResponseRedirect(to if to.startswith(own) else own)
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def gone(request: HttpRequest, *_args: Any, **_more: Any) -> HttpResponse:
    """A link that leads nowhere: the same whatever the cause."""
    return render(request, "client_pages/gone.html", status=404)


def stale(request: HttpRequest, **_more: Any) -> HttpResponse:
    """A page that stood open too long, or a browser that keeps no cookies."""
    return render(request, "client_pages/stale.html", status=403)


def failed(request: HttpRequest, *_args: Any) -> HttpResponse:
    """Something of ours went wrong; what was answered is kept."""
    return render(request, "client_pages/failed.html", status=500)


def _at(name: str, code: str) -> str:
    return reverse(f"client_pages:{name}", args=[code])


def _question(code: str, number: int) -> str:
    return reverse("client_pages:question", args=[code, number])


def _next(form: Form, code: str) -> str:
    """The first question without an answer, the sheet when all have one, the result once it is handed in."""
    if form.state != Form.State.OPEN:
        return _at("result", code)
    told = answering.sheet(form)
    numbers = [one.no for one in answering.signed(form, packs()).questions if one.no not in told]
    return _question(code, numbers[0]) if numbers else _at("review", code)
