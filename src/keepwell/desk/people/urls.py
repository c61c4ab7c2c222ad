"""Addresses of the people room."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.people import signing, views, views_staff

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
    path("people/", views_staff.staff, name="staff"),
    path("people/new/", views_staff.new, name="new"),
    path("people/file/", views_staff.file, name="file"),
    path("people/file/propose/", views_staff.propose_file, name="propose_file"),
    path("people/roles/", views_staff.roles, name="roles"),
    path("people/covers/", views_staff.covers, name="covers"),
    path("people/covers/<int:pk>/end/", views_staff.end_cover, name="end_cover"),
    path("people/grants/<int:pk>/decide/", views_staff.decide_grant, name="decide_grant"),
    path("people/grants/<int:pk>/withdraw/", views_staff.withdraw_grant, name="withdraw_grant"),
    path("people/<int:pk>/", views_staff.person, name="person"),
    path("people/<int:pk>/role/", views_staff.role, name="role"),
    path("people/<int:pk>/password/", views_staff.password, name="reset"),
    path("people/<int:pk>/disable/", views_staff.disable, name="disable"),
]
