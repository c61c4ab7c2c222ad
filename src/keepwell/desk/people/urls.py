"""Addresses of the people room."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.people import signing, views

app_name = "people"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("me/", views.me, name="me"),
    path("me/password/", views.password, name="password"),
    path("me/language/", views.language, name="language"),
    path("approvals/", signing.waiting, name="approvals"),
    path("approvals/<str:kind>/<str:pk>/", signing.grounds, name="grounds"),
    path("exports/<str:kind>/", signing.export, name="export"),
    path("exports/<int:pk>/decide/", signing.decide_export, name="decide_export"),
    path("exports/<int:pk>/withdraw/", signing.withdraw_export, name="withdraw_export"),
    path("me/exports/", signing.my_exports, name="exports"),
    path("me/theme/", views.theme, name="theme"),
]
