"""Addresses of the room of books."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.books import views

app_name = "books"
urlpatterns = [
    path("explain/", views.explain, name="explain"),
    path("mine/", views.mine, name="mine"),
    path("team/", views.team, name="team"),
    path("branch/", views.branch, name="branch"),
    path("reassign/", views.reassign, name="reassign"),
    path("firm/branches/", views.branches, name="branches"),
    path("firm/", views.firm, name="firm"),
]
