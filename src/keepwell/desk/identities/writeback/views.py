"""回写: what the firm's other systems were told of corrected identity data, and what they answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.identities.facts import queries as conflicts
from keepwell.desk.identities.facts import rules as facts
from keepwell.desk.identities.models import WriteBack, WriteBackRow
from keepwell.desk.identities.writeback import actions, answers, due, queries, rules, telling
from keepwell.desk.people import approvals
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.ui.http import page, requires


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _file(number: int) -> WriteBack:
    found = queries.file(number)
    if found is None:
        raise Http404(str(number))
    return found


@requires(rules.WRITE_BACK)
@needs_run
def write_backs(request: Pinned) -> HttpResponse:
    """Do the other systems know what was verified? What waits to be told, and every file with its state."""
    user = _user(request)
    if request.method == "POST":
        return _make(request, user)
    n, kinds = telling.summary(request.generation)
    rows = queries.files(request.GET.get("after", ""))
    context = {
        "n": n,
        "kinds": kinds,
        "most": formats.number(due.AT_MOST),
        "is_full": n >= due.AT_MOST,
        "rows": rows,
        "shown": [{"file": one, "tone": telling.TONES[one.state]} for one in rows.rows],
        "back": telling.shown(list(queries.back(user)[:20])),
        "n_back": queries.n_back(user),
    }
    return page(request, "identities/write_backs.html", context)


def _make(request: Pinned, user: User) -> HttpResponse:
    """Make the next file, for the purpose given."""
    made = actions.make(
        purpose=request.POST.get("purpose", "").strip()[:200],
        generation=request.generation,
        by=user,
        at=timezone.now(),
    )
    if made is None:
        messages.info(request, _("Nothing waits to be written back."))
        return redirect("identities:write_backs")
    said = ngettext(
        "File %(number)d is made: %(n)s row.", "File %(number)d is made: %(n)s rows.", made.n_rows
    )
    if not rules.has_left(made):
        said = ngettext(
            "File %(number)d is made: %(n)s row. It waits for a second person.",
            "File %(number)d is made: %(n)s rows. It waits for a second person.",
            made.n_rows,
        )
    messages.success(request, said % {"number": made.number, "n": formats.number(made.n_rows)})
    return redirect("identities:write_back", made.number)


@requires(rules.WRITE_BACK)
@needs_run
def write_back(request: Pinned, number: int) -> HttpResponse:
    """What stands in a file, masked, and what was answered to each row."""
    return _page(request, _file(number))


@requires(rules.AGREE)
@needs_run
def weigh_write_back(request: Pinned, number: int) -> HttpResponse:
    """The same for the second person: what would leave, masked, and nothing to do but to decide."""
    return _page(request, _file(number), is_second=True)


def _page(request: Pinned, found: WriteBack, mistake: str = "", *, is_second: bool = False) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = queries.rows(found, state, request.GET.get("after", ""))
    told = [
        {"answer": answer, "unknown": [one | {"told": telling.why(one["why"])} for one in answer.unknown]}
        for answer in queries.answers(found)
    ]
    context = {
        "file": found,
        "tone": telling.TONES[found.state],
        "rows": rows,
        "shown": telling.shown(rows.rows),
        "state": state,
        "query": urlencode({"state": state}) if state else "",
        "chips": [("", _("All")), *WriteBackRow.State.choices],
        "answers": told,
        "n_back": sum(row.is_back for row in found.rows.all()),
        "columns": ",".join(answers.COLUMNS),
        "mistake": mistake,
        "is_second": is_second,
        "waits": found.state == WriteBack.State.WAITS,
        "may_withdraw": not is_second and bool(rules.may_withdraw(_user(request), found)),
    }
    return page(request, "identities/write_back.html", context, status=422 if mistake else 200)


@requires(rules.AGREE)
@needs_run
@require_POST
def decide_write_back(request: Pinned, number: int) -> HttpResponse:
    """Let a file with many secrets go, or return it, as it was read."""
    decision = approvals.read_decision(request)
    actions.decide(
        row=_file(number),
        is_agreed=decision.is_approved,
        reason=decision.reason,
        version=decision.version,
        by=_user(request),
        at=timezone.now(),
    )
    said = _("Approved: the file may be fetched.") if decision.is_approved else _("Returned to the proposer.")
    messages.success(request, said)
    return redirect("people:approvals")


@requires(rules.WRITE_BACK)
@needs_run
@require_POST
def withdraw_write_back(request: Pinned, number: int) -> HttpResponse:
    """Take one's own file back while it waits."""
    actions.withdraw(row=_file(number), by=_user(request), at=timezone.now())
    messages.success(request, _("Withdrawn: what stood in it waits for the next file."))
    return redirect("identities:write_backs")


@requires(rules.WRITE_BACK)
@needs_run
@require_POST
def fetch_write_back(request: Pinned, number: int) -> HttpResponse:
    """The file in full, for a purpose: the one place at which corrected secrets leave the desk."""
    found = _file(number)
    if found.sealed is None:
        raise Http404(str(number))
    content = actions.fetch(
        write_back=found, purpose=request.POST.get("purpose", ""), by=_user(request), at=timezone.now()
    )
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="keepwell-write-back-{number}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires(rules.WRITE_BACK)
@needs_run
@require_POST
def take_answer(request: Pinned, number: int) -> HttpResponse:
    """Take in what the firm's systems answered; a file that cannot be read is told with place, value and remedy."""
    found, given = _file(number), request.FILES.get("answer")
    if given is None:
        return _page(request, found, _("Choose the file with the answer first."))
    content = given.read()
    try:
        said = answers.read(content, number)
    except answers.BadFile as bad:
        return _page(request, found, str(bad))
    answer = actions.take_answer(
        write_back=found,
        said=said,
        content=content,
        file_name=given.name or "",
        by=_user(request),
        at=timezone.now(),
    )
    told = ngettext(
        "%(n)s row taken in: %(accepted)s accepted, %(refused)s refused, %(unknown)s unknown.",
        "%(n)s rows taken in: %(accepted)s accepted, %(refused)s refused, %(unknown)s unknown.",
        answer.n_rows,
    ) % {
        "n": formats.number(answer.n_rows),
        "accepted": formats.number(answer.n_accepted),
        "refused": formats.number(answer.n_refused),
        "unknown": formats.number(answer.n_unknown),
    }
    (messages.warning if answer.n_unknown else messages.success)(request, told)
    return redirect("identities:write_back", number)


@requires(rules.WRITE_BACK)
@needs_run
@require_POST
def send_again(request: Pinned, number: int) -> HttpResponse:
    """Put the refused rows of a file into the next one."""
    user, found = _user(request), _file(number)
    rows = list(queries.back(user).filter(write_back=found))
    _again(request, rows)
    return redirect("identities:write_back", number)


@requires(facts.SETTLE)
@needs_run
@require_POST
def send_conflict_again(request: Pinned) -> HttpResponse:
    """The branch stands by what it found out: the refused rows go into the next file."""
    user = _user(request)
    row = conflicts.one(user, request.POST.get("key", "")[:80])
    if row is None:
        raise Http404(request.POST.get("key", ""))
    _again(request, queries.back_of(user, row.conflict_key))
    return redirect(f"{reverse('identities:conflict')}?{urlencode({'key': row.conflict_key})}")


def _again(request: Pinned, rows: list[WriteBackRow]) -> None:
    n = actions.send_again(rows=rows, run=request.generation.run_id, by=_user(request), at=timezone.now())
    said = ngettext("%(n)s row goes into the next file.", "%(n)s rows go into the next file.", n)
    messages.success(request, said % {"n": formats.number(n)})
