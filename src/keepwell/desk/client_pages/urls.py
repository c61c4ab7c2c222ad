"""The only addresses of this process: one form, by its code."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.client_pages import views

app_name = "client_pages"
urlpatterns = [
    path("f/<str:code>/", views.questionnaire, name="questionnaire"),
    path("f/<str:code>/<int:number>/", views.question, name="question"),
    path("f/<str:code>/all/", views.review, name="review"),
    path("f/<str:code>/result/", views.result, name="result"),
    path("f/<str:code>/language/", views.language, name="language"),
]

handler400 = "keepwell.desk.client_pages.views.failed"
handler404 = "keepwell.desk.client_pages.views.gone"
handler500 = "keepwell.desk.client_pages.views.failed"
