"""Addresses of the room of work."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.work import views

app_name = "work"
urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/", views.notice, name="notice"),
]
