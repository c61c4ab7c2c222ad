"""Addresses of the boards, of later due dates, and of clients of other branches."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.identities import views_boards, views_deadlines, views_guests

BOARDS = [
    path("remediation/", views_boards.remediation, name="remediation"),
    path("quality/", views_boards.quality, name="quality"),
    path("conflicts/guests/", views_guests.guest_conflicts, name="guest_conflicts"),
    path("conflicts/guests/one/", views_guests.guest_conflict, name="guest_conflict"),
    path("conflicts/extend/", views_deadlines.extend, name="extend"),
    path("extensions/<int:pk>/decide/", views_deadlines.decide_extension, name="decide_extension"),
    path("extensions/<int:pk>/withdraw/", views_deadlines.withdraw_extension, name="withdraw_extension"),
]
