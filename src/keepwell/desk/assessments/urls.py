"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.assessments import views

app_name = "assessments"
urlpatterns = [
    path("<str:client_id>/send/", views.send, name="send"),
    path("<str:client_id>/counter/", views.hand_over, name="hand_over"),
    path("sent/<int:pk>/", views.sent, name="sent"),
    path("sent/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
