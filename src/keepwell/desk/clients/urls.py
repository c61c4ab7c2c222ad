"""Addresses of the client room."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.clients import views

app_name = "clients"
urlpatterns = [
    path("", views.client_list, name="list"),
    path("search/", views.search, name="search"),
    path("changes/", views.changes, name="changes"),
    path("<str:client_id>/", views.card, name="card"),
    path("<str:client_id>/holdings/", views.holdings, name="holdings"),
    path("<str:client_id>/accounts/", views.accounts, name="accounts"),
    path("<str:client_id>/service/", views.service, name="service"),
    path("<str:client_id>/explain/<slug:figure>/", views.explain, name="explain"),
]
