"""产品匹配: which products may be named to this client, and what is owed where the client insists on another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.contract.suitable import StartedBy
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients import search
from keepwell.desk.clients.opening import in_scope, opened, who
from keepwell.desk.clients.queries import found, one
from keepwell.desk.clients.saved import recent
from keepwell.desk.gates import actions, forms, limits, pages, queries, rules
from keepwell.desk.gates.models import OpenMatch
from keepwell.desk.gates.signed import desk_day, desk_instant
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import demand, page, requires

TYPED_AT_MOST = 64
SEND = "assessments.send"


@requires(rules.CHECK)
@needs_run
def match(request: Pinned) -> HttpResponse:
    """For whom? A client by name or number, within one's scope; what was typed comes by POST and is kept nowhere."""
    user, typed = who(request), request.POST.get("q", "")[:TYPED_AT_MOST]
    rows = found(user, search.words(typed)).page.rows if typed else ()
    context = {"typed": typed, "rows": rows, "recent": recent(user)}
    return page(request, "gates/match.html", context, part="found")


@requires(rules.CHECK)
@needs_run
def match_client(request: Pinned, client_id: str) -> HttpResponse:
    """What the client can bear, and whether a product matches it: level, term and kind."""
    if request.method == "POST":
        return _checked(request, client_id)
    line = opened(request, client_id, "match")
    start = {"product": request.GET.get("product", "")[:24], "started_by": str(StartedBy.STAFF)}
    return _page(request, pages.Gate.of(line, request.generation), forms.Check(initial=start))


def _page(
    request: Pinned, gate: pages.Gate, form: forms.Check, status: int = 200, failed: Any = None, **more: Any
) -> HttpResponse:
    user = who(request)
    context = {
        "line": gate.line,
        "gate": gate,
        "suited": pages.suitability(gate),
        "asked": [{**one, "form": _warned(one["row"], gate, failed)} for one in pages.asked(gate, user)],
        "form": form,
        "may_send": user.may(SEND),
        **more,
    }
    return page(request, "gates/match_client.html", context, part="answer", status=status)


def _warned(row: OpenMatch, gate: pages.Gate, failed: tuple[int, forms.Warned] | None) -> forms.Warned:
    """The form that closes one wish: with what was typed, where that could not be taken."""
    if failed and failed[0] == row.pk:
        return failed[1]
    return forms.Warned(
        asked_on=pages.asked_on(row), on=gate.on, auto_id=f"id_{row.pk}_%s", initial={"warning_on": gate.on}
    )


def _checked(request: Pinned, client_id: str) -> HttpResponse:
    """One check: the product is looked for by what was typed, asked about, and noted with its outcome."""
    user, line = who(request), in_scope(request, client_id)
    gate, form = pages.Gate.of(line, request.generation), forms.Check(request.POST)
    if not form.is_valid():
        return _page(request, gate, form, status=422)
    meant = queries.meant(form.cleaned_data["product"])
    if len(meant) != 1:
        return _page(request, gate, form, status=422, meant=meant, typed=form.cleaned_data["product"])
    product = queries.named(meant[0].pk)
    amount = form.cleaned_data["amount"] if gate.has_limits else None
    checked = pages.check(gate, product, form.who, amount) if product else None
    if checked is None:
        return _page(request, gate, form, status=422, meant=[], typed=form.cleaned_data["product"])
    at, named = timezone.now(), _named_before(gate, checked)
    actions.check_match(
        client_id=line.client_id,
        record_code=pages.record_of(line),
        product=checked.product,
        started_by=checked.started_by,
        found=checked.found,
        verdict=checked.verdict,
        amount=amount,
        policy=gate.policy,
        asked_at=desk_instant(request.generation, at),
        by=user,
        at=at,
        run=request.generation.run_id,
        named=named,
        named_at=desk_instant(request.generation, named.at)
        if named and request.generation.is_made_up
        else None,
    )
    told = pages.told(checked) | {"amount": amount, "orderers": _orderers(request, gate, checked, amount)}
    return _page(request, gate, form, result=told)


def _named_before(gate: pages.Gate, checked: pages.Checked) -> FirmEntry | None:
    """Where a wish is said to be the client's own: a check on record in which staff had named the product."""
    if checked.started_by is not StartedBy.CLIENT or gate.suited is None:
        return None
    since_on = gate.suited.row["assessed_on"]
    return queries.named_by_staff(gate.line.client_id, checked.product.code, since_on)


def _orderers(
    request: Pinned, gate: pages.Gate, checked: pages.Checked, amount: Decimal | None
) -> list[dict[str, Any]] | None:
    """Who may order what was asked about; `None` for whoever has no limits of their own."""
    if not gate.has_limits:
        return None
    kind = checked.product.facts.product_kind
    return limits.orderers(gate.line, request.generation, who(request), kind, amount)


def _asked(request: Pinned, pk: int) -> tuple[OpenMatch, pages.Gate]:
    """A client's own wish within one's scope, told by the customer number it concerned."""
    row = OpenMatch.objects.filter(pk=pk).first()
    owner = queries.owner_of(row.record_code, row.client_id) if row else ""
    line = one(who(request), owner) if owner else None
    if row is None or line is None:
        raise Http404(pk)
    return row, pages.Gate.of(line, request.generation)


@requires(rules.CHECK)
@needs_run
@require_POST
def record_warning(request: Pinned, pk: int) -> HttpResponse:
    """The signed warning and its recording are on record: nothing else lets the client's wish go on."""
    row, gate = _asked(request, pk)
    if row.recorded_at is not None:
        return _recorded_already(request, gate)
    _goes_on(row, gate)
    form = forms.Warned(request.POST, asked_on=pages.asked_on(row), on=desk_day(request.generation))
    if not form.is_valid():
        check = forms.Check(initial={"started_by": str(StartedBy.CLIENT)})
        return _page(request, gate, check, status=422, failed=(row.pk, form))
    at = timezone.now()
    run = request.generation.run_id
    if not actions.record_warning(asked=row, **form.cleaned_data, by=who(request), at=at, run=run):
        return _recorded_already(request, gate)
    messages.success(request, _("Warning and recording are on record."))
    return redirect("gates:match_client", gate.line.client_id)


def _recorded_already(request: Pinned, gate: pages.Gate) -> HttpResponse:
    messages.info(request, _("The warning is on record already."))
    return redirect("gates:match_client", gate.line.client_id)


def _goes_on(row: OpenMatch, gate: pages.Gate) -> None:
    """Refuse what was forbidden or graded anew since the wish: a warning of old levels warns of nothing."""
    verdict = rules.may_go_on(row, pages.by_now(gate, queries.named(row.product_code)), gate.on)
    demand(verdict, subject_kind="client", subject_id=gate.line.client_id)


@requires(rules.CHECK)
@needs_run
@require_POST
def second_match(request: Pinned, pk: int) -> HttpResponse:
    """A second person looked at it, because of the client's age."""
    row, gate = _asked(request, pk)
    demand(rules.may_second(row, who(request)), subject_kind="client", subject_id=gate.line.client_id)
    _goes_on(row, gate)
    if row.seen_at is None:
        actions.second_match(asked=row, by=who(request), at=timezone.now(), run=request.generation.run_id)
    messages.success(request, _("Noted that you looked at it."))
    return redirect("gates:match_client", gate.line.client_id)
