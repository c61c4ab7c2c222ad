"""Addresses of the room of classes."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.classes import views

app_name = "classes"
urlpatterns = [
    path("", views.spread, name="spread"),
    path("cell/", views.cell, name="cell"),
    path("explain/", views.explain, name="explain"),
]
