"""Addresses of the tour."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.tour import views

app_name = "tour"
urlpatterns = [
    path("", views.tour, name="tour"),
    path("tick/", views.tick, name="tick"),
    path("dismiss/", views.dismiss, name="dismiss"),
]
