"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.assessments import views, views_lists

app_name = "assessments"
urlpatterns = [
    path("notices/", views_lists.owed, name="owed"),
    path("forms/", views_lists.forms, name="forms"),
    path("self-check/", views_lists.self_check, name="self_check"),
    path("<str:client_id>/tell/", views_lists.tell, name="tell"),
    path("<str:client_id>/send/", views.send, name="send"),
    path("<str:client_id>/counter/", views.hand_over, name="hand_over"),
    path("sent/<int:pk>/", views.sent, name="sent"),
    path("sent/<int:pk>/letter.pdf", views.letter, name="letter"),
    path("sent/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
