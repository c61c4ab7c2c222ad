"""Views of the list that people keep: saved, shared with the team, pinned, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keepwell.desk.audit import refusals
from keepwell.desk.clients import actions, rules, saved, waiting
from keepwell.desk.clients.acted import SavedView
from keepwell.desk.clients.filters import Filters
from keepwell.desk.clients.forms import ViewForm
from keepwell.desk.clients.lists import filters_of
from keepwell.desk.clients.opening import who
from keepwell.desk.generations.http import Pinned, needs_run
from keepwell.desk.ui.http import page, requires, wants_part


@requires("clients.save_view")
@needs_run
def save(request: Pinned) -> HttpResponse:
    """Keep the list's filters under a name."""
    user = who(request)
    given = request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()
    filters = filters_of(user, Filters.kept(given, request.generation.as_of_on))
    form = ViewForm(saved.reaches(user), request.POST or None, initial={"query": filters.query})
    if request.method == "POST" and form.is_valid():
        verdict = rules.may_keep(filters.query)
        if verdict:
            return _saved(request, form, filters)
        refusals.keep(request, verdict, subject_kind="view", subject_id=form.cleaned_data["name"])
        form.add_error("name", waiting.sentence_of(verdict))
    context = {
        "form": form,
        "filters": filters,
        "chips": filters.on_chips({}),
        "is_beside": wants_part(request),  # on its own page the form answers there
    }
    return page(request, "clients/save_view.html", context, part="body", status=422 if form.errors else 200)


def _saved(request: Pinned, form: ViewForm, filters: Filters) -> HttpResponse:
    user, reach = who(request), form.cleaned_data["reach"]
    actions.save_view(
        name=form.cleaned_data["name"],
        query=filters.query,
        reach=reach,
        place_code=saved.place_of(user, reach),
        run=request.generation.run_id,
        by=user,
        at=timezone.now(),
    )
    messages.success(request, _("Saved: the view stands above the list."))
    address = f"{reverse('clients:list')}?{filters.query}"
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _one(request: Pinned, pk: int) -> SavedView:
    view = saved.one(who(request), pk)
    if view is None:
        raise Http404(pk)
    return view


@requires("clients.save_view")
@needs_run
@require_POST
def pin(request: Pinned, pk: int) -> HttpResponse:
    """Keep a view in front, or no longer."""
    view = _one(request, pk)
    is_pinned = request.POST.get("pinned") == "1"
    actions.pin_view(
        view=view, is_pinned=is_pinned, run=request.generation.run_id, by=who(request), at=timezone.now()
    )
    return HttpResponseRedirect(f"{reverse('clients:list')}?{view.query}")


@requires("clients.save_view")
@needs_run
@require_POST
def delete(request: Pinned, pk: int) -> HttpResponse:
    """Remove one's own view."""
    view, user = _one(request, pk), who(request)
    if view.owner_id != user.pk:
        raise Http404(pk)
    name, query = view.name, view.query
    actions.delete_view(view=view, run=request.generation.run_id, by=user, at=timezone.now())
    messages.success(request, _("Deleted: %(name)s.") % {"name": name})
    return HttpResponseRedirect(f"{reverse('clients:list')}?{query}")
