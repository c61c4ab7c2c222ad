"""Addresses of the ui floor."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.ui import views

app_name = "ui"
urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/drawer/", views.gallery_drawer, name="gallery_drawer"),
]
