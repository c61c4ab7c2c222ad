"""Addresses of the client room."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.clients import (
    views,
    views_access,
    views_bulk,
    views_card,
    views_overrides,
    views_reveal,
    views_saved,
)

app_name = "clients"
urlpatterns = [
    path("", views.client_list, name="list"),
    path("search/", views.search, name="search"),
    path("palette/", views.palette, name="palette"),
    path("changes/", views.changes, name="changes"),
    path("order/", views.ordered, name="ordered"),
    path("bulk/", views_bulk.preview, name="bulk"),
    path("bulk/start/", views_bulk.start, name="start_bulk"),
    path("views/save/", views_saved.save, name="save_view"),
    path("views/<int:pk>/pin/", views_saved.pin, name="pin_view"),
    path("views/<int:pk>/delete/", views_saved.delete, name="delete_view"),
    path("overrides/", views_overrides.listed, name="overrides"),
    path("overrides/<int:pk>/decide/", views_overrides.decide, name="decide_override"),
    path("overrides/<int:pk>/withdraw/", views_overrides.withdraw, name="withdraw_override"),
    path("<str:client_id>/", views_card.card, name="card"),
    path("<str:client_id>/holdings/", views_card.holdings, name="holdings"),
    path("<str:client_id>/accounts/", views_card.accounts, name="accounts"),
    path("<str:client_id>/access/", views_access.seen_by, name="access"),
    path("<str:client_id>/home/", views_access.choose_home, name="choose_home"),
    path("<str:client_id>/service/", views_card.service, name="service"),
    path("<str:client_id>/panel/<slug:name>/", views_card.panel, name="panel"),
    path("<str:client_id>/override/", views_overrides.propose, name="propose_override"),
    path("<str:client_id>/reveal/<slug:field>/", views_reveal.reveal, name="reveal"),
    path("<str:client_id>/explain/<slug:figure>/", views_card.explain, name="explain"),
]
