"""The only addresses of this process: one form, by its code."""

from __future__ import annotations

from django.urls import include, path

from keepwell.desk.client_pages import views

form = [
    path("", views.questionnaire, name="questionnaire"),
    path("<int:number>/", views.question, name="question"),
    path("all/", views.review, name="review"),
    path("result/", views.result, name="result"),
    path("letter.pdf", views.result_letter, name="letter"),
    path("language/", views.language, name="language"),
]
urlpatterns = [path("f/<str:code>/", include((form, "client_pages")))]

handler400 = "keepwell.desk.client_pages.views.failed"
handler404 = "keepwell.desk.client_pages.views.gone"
handler500 = "keepwell.desk.client_pages.views.failed"
