"""Addresses of the audit room."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.audit import views

app_name = "audit"
urlpatterns = [
    path("log/", views.log, name="log"),
    path("log/verify/", views.verify, name="verify"),
    path("log/draw/", views.draw, name="draw"),
    path("log/sample/<int:pk>/", views.sample, name="sample"),
]
