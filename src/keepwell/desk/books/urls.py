"""Addresses of the room of books."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.books import views, views_plan

app_name = "books"
urlpatterns = [
    path("explain/", views.explain, name="explain"),
    path("mine/", views.mine, name="mine"),
    path("team/", views.team, name="team"),
    path("late/", views.late, name="late"),
    path("branch/", views.branch, name="branch"),
    path("reassign/", views.reassign, name="reassign"),
    path("reassign/<int:pk>/undo/", views.undo, name="undo"),
    path("reassign/many/<int:pk>/undo/", views.undo_many, name="undo_many"),
    path("plan/", views_plan.plan, name="plan"),
    path("plan/decide/", views_plan.decide, name="decide_plan"),
    path("firm/branches/", views.branches, name="branches"),
    path("firm/", views.firm, name="firm"),
]
