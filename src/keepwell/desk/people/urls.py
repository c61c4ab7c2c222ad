"""Addresses of the people room."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.people import views

app_name = "people"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("me/", views.me, name="me"),
    path("me/password/", views.password, name="password"),
    path("me/language/", views.language, name="language"),
    path("me/theme/", views.theme, name="theme"),
]
