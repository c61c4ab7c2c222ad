"""Addresses of the room of runs."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("stopped/", views.stopped, name="stopped"),
    path("progress/", views.progress, name="progress"),
    path("quarantine/", views.quarantine, name="quarantine"),
    path("quarantine/row/", views.source_text, name="source_text"),
    path("<str:run_id>/", views.run, name="run"),
    path("<str:run_id>/manifest.json", views.manifest, name="manifest"),
]
