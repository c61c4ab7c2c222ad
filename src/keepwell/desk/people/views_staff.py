"""People and roles: who is here, what may they do; roles are given by two administrators; covers by leaders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from keepwell.contract.codes import Role
from keepwell.desk.audit import refusals
from keepwell.desk.columns import lazy_text
from keepwell.desk.people import (
    actions,
    approvals,
    grants,
    leaving,
    queries,
    rules,
    signed,
    staff_file,
    staffing,
)
from keepwell.desk.people.forms import CoverForm, NewLoginForm, RoleForm, StaffFileForm, say_no
from keepwell.desk.people.models import Cover, Grant, User
from keepwell.desk.ui.http import demand, page, requires
from keepwell.desk.ui.paging import keyset

FILE_ROWS = "people.staff_file"
STATES = ("open", "closed")


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


@requires("people.read")
def staff(request: HttpRequest) -> HttpResponse:
    """Who is here, and what may they do?"""
    role, state = request.GET.get("role", ""), request.GET.get("state", "")
    wanted = request.GET.get("q", "").strip()[:40]
    role = role if role in set(map(str, Role)) else ""
    state = state if state in STATES else ""
    rows = keyset(
        queries.found(wanted=wanted, role=role, state=state), ("username", "id"), request.GET.get("after", "")
    )
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in (("q", wanted), ("role", role), ("state", state)) if value})
    context = {
        "rows": rows,
        "people": staffing.listed(rows.rows),
        "unnumbered": [] if query else queries.without_staff_number(),
        "waiting": [
            (
                grant,
                staffing.title_of(grant),
                _user(request).may("people.grant") and rules.may_withdraw(_user(request), grant),
            )
            for grant in queries.waiting_grants()[:20]
        ],
        "roles": [(str(one), lazy_text(one.text)) for one in Role],
        "chosen": {"q": wanted, "role": role, "state": state},
        "query": query.urlencode(),
    }
    return page(request, "people/staff.html", context, part="people")


@requires("people.grant")
def new(request: HttpRequest) -> HttpResponse:
    """A new login, to be approved by another administrator."""
    form = NewLoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _may(request, form, Grant.Kind.NEW):
        return _propose(request, Grant.Kind.NEW, form)
    return page(request, "people/new.html", {"form": form}, status=422 if form.errors else 200)


@requires("people.grant")
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Another role or place for somebody, to be approved by another administrator."""
    person = get_object_or_404(User, pk=pk)
    first = {name: getattr(person, name) for name in RoleForm.base_fields if hasattr(person, name)}
    demand(rules.is_not_about(_user(request), person), subject_kind="user", subject_id=person.username)
    form = RoleForm(request.POST or None, initial={**first, "username": person.username})
    if request.method == "POST" and form.is_valid() and _may(request, form, Grant.Kind.ROLE):
        return _propose(request, Grant.Kind.ROLE, form)
    context = {"form": form, "person": person}
    return page(request, "people/role.html", context, status=422 if form.errors else 200)


def _may(request: HttpRequest, form: RoleForm, kind: str) -> bool:
    """Whether it may be proposed; a no stands beside its field, and in the log."""
    row = form.row()
    verdict = rules.may_propose(_user(request), kind, [row])
    if not verdict:
        say_no(form, verdict)
        refusals.keep(request, verdict, subject_kind="user", subject_id=row["username"])
    return bool(verdict)


def _propose(request: HttpRequest, kind: str, form: RoleForm) -> HttpResponse:
    _grant, told = grants.propose_grant(
        kind=kind,
        rows=[form.row()],
        reason=form.cleaned_data["reason"],
        by=_user(request),
        at=timezone.now(),
    )
    _say_who(request, told)
    return redirect("people:staff")


def _say_who(request: HttpRequest, told: str) -> None:
    if told:
        messages.success(request, gettext("Waits for approval. %(name)s has been told.") % {"name": told})
    else:
        messages.warning(request, gettext("Waits for approval, but there is no other administrator yet."))


@requires("people.read")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One login: what it may do, what would be handed over."""
    found = get_object_or_404(User, pk=pk)
    return page(request, "people/person.html", staffing.person(found, _user(request)))


@require_POST
@requires("people.grant")
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a new one-time password for somebody: another administrator gives it."""
    found = get_object_or_404(User, pk=pk)
    names = ("username", "display_name", "role", "staff_code", "branch_code", "team_code")
    row = {name: str(getattr(found, name)) for name in names}
    reason = request.POST.get("reason", "").strip()[:200]
    _grant, told = grants.propose_grant(
        kind=Grant.Kind.PASSWORD, rows=[row], reason=reason, by=_user(request), at=timezone.now()
    )
    _say_who(request, told)
    return redirect("people:staff")


@requires("people.disable")
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    """End a login at once; what the person holds goes to the leader. First the preview, then the act."""
    found = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        by, at = _user(request), timezone.now()
        actions.disable(user=found, reason=request.POST.get("reason", "").strip()[:200], by=by, at=at)
        leaving.hand_over(staff_code=found.staff_code, by=by, at=at)
        messages.success(
            request, gettext("%(name)s can log in no more.") % {"name": found.display_name or found.username}
        )
        return redirect("people:person", pk=found.pk)
    return page(request, "people/disable.html", staffing.person(found, _user(request)), part="body")


@require_POST
@never_cache
@requires("people.grant")
@sensitive_variables("given")
def decide_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the role, or return the proposal; one-time passwords are shown on this answer alone."""
    get_object_or_404(Grant, pk=pk)
    decision = approvals.read_decision(request)
    given = grants.decide_grant(
        pk=pk,
        is_approved=decision.is_approved,
        reason=decision.reason,
        version=decision.version,
        by=_user(request),
        at=timezone.now(),
    )
    if any(secret for _user_given, secret in given):
        return page(request, "people/given.html", {"given": given})
    messages.success(request, gettext("Approved.") if decision.is_approved else gettext("Returned."))
    return redirect("people:approvals")


@require_POST
@requires("people.grant")
def withdraw_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    get_object_or_404(Grant, pk=pk)
    grants.withdraw_grant(pk=pk, by=_user(request), at=timezone.now())
    messages.success(request, gettext("Withdrawn."))
    return redirect("people:staff")


@requires("people.read")
def roles(request: HttpRequest) -> HttpResponse:
    """What may each role do?"""
    return page(request, "people/roles.html", staffing.roles())


@requires("people.grant")
def file(request: HttpRequest) -> HttpResponse:
    """A staff file: read, compared, shown; nothing is proposed yet."""
    form = StaffFileForm(request.POST or None, request.FILES or None)
    lines: list[staff_file.Line] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            lines = staff_file.compared(staff_file.read(upload.name, upload.read()))
        except staff_file.BadFile as error:
            form.add_error("file", str(error))
    request.session[FILE_ROWS] = staff_file.proposable(lines)
    context = {"form": form, "lines": lines, "n": len(request.session[FILE_ROWS])}
    return page(request, "people/file.html", context, status=422 if form.errors else 200)


@require_POST
@requires("people.grant")
def propose_file(request: HttpRequest) -> HttpResponse:
    """Propose the new and changed rows of the file that was shown, as one proposal."""
    rows = request.session.pop(FILE_ROWS, [])
    if not rows:
        messages.warning(request, gettext("Nothing is left to propose. Read the file again."))
        return redirect("people:file")
    _grant, told = grants.propose_grant(
        kind=Grant.Kind.FILE, rows=rows, reason="", by=_user(request), at=timezone.now()
    )
    _say_who(request, told)
    return redirect("people:staff")


@requires("people.cover")
def covers(request: HttpRequest) -> HttpResponse:
    """Who covers whom in my scope, until when; set another."""
    user, today = _user(request), timezone.localdate()
    latest_on = signed.last_day_of_cover(today)
    form = CoverForm(queries.coverable(user), latest_on, request.POST or None, initial={"from_on": today})
    if request.method == "POST" and form.is_valid():
        facts = {**form.cleaned_data}  # a field that is said no to leaves the form's own
        days = facts["from_on"], facts["until_on"], today
        verdict = rules.may_cover(user, facts["covered"], facts["covering"], *days)
        if verdict:
            actions.set_cover(**facts, by=user, at=timezone.now())
            messages.success(request, gettext("The cover is set. It ends by itself."))
            return redirect("people:covers")
        say_no(form, verdict)
        refusals.keep(request, verdict, subject_kind="user", subject_id=facts["covering"].username)
    context = {"form": form, "covers": queries.covers_told(queries.covers_of(user, today)), "today": today}
    return page(request, "people/covers.html", context, status=422 if form.errors else 200)


@require_POST
@requires("people.cover")
def end_cover(request: HttpRequest, pk: int) -> HttpResponse:
    """End a cover before its day."""
    within = Cover.objects.filter(covering__in=queries.coverable(_user(request)), ended_at=None)
    cover = get_object_or_404(within.select_related("covering"), pk=pk)
    actions.end_cover(cover=cover, by=_user(request), at=timezone.now())
    messages.success(request, gettext("The cover has ended."))
    return redirect("people:covers")
