"""Addresses of the room of classes."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.classes import views, views_behind

app_name = "classes"
urlpatterns = [
    path("", views.spread, name="spread"),
    path("cell/", views.cell, name="cell"),
    path("explain/", views.explain, name="explain"),
    path("behind/<str:key>/", views_behind.rows_answer, name="behind_answer"),
    path("behind/<str:client_id>/<slug:feature>/", views_behind.rows_behind, name="behind"),
]
