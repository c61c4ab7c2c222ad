"""Addresses of the gate of products."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.gates import views

app_name = "gates"
urlpatterns = [
    path("match/", views.match, name="match"),
    path("match/asked/<int:pk>/warning/", views.record_warning, name="record_warning"),
    path("match/asked/<int:pk>/second/", views.second_match, name="second_match"),
    path("match/<str:client_id>/", views.match_client, name="match_client"),
]
