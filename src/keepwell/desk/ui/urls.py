"""Addresses of the ui floor."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.ui import jobs_pages, views

app_name = "ui"
urlpatterns = [
    path("jobs/", jobs_pages.listed, name="jobs"),
    path("jobs/<int:pk>/progress/", jobs_pages.progress, name="job_progress"),
    path("jobs/<int:pk>/stop/", jobs_pages.stop, name="job_stop"),
    path("jobs/<int:pk>/again/", jobs_pages.again, name="job_again"),
    path("jobs/<int:pk>/file/", jobs_pages.file, name="job_file"),
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/drawer/", views.gallery_drawer, name="gallery_drawer"),
]
