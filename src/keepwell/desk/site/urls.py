"""The desk's addresses: each room brings its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("keepwell.desk.people.urls")),
    path("clients/", include("keepwell.desk.clients.urls")),
    path("contacts/", include("keepwell.desk.contacts.urls")),
    path("work/", include("keepwell.desk.work.urls")),
    path("assessments/", include("keepwell.desk.assessments.urls")),
    path("books/", include("keepwell.desk.books.urls")),
    path("gates/", include("keepwell.desk.gates.urls")),
    path("classes/", include("keepwell.desk.classes.urls")),
    path("identities/", include("keepwell.desk.identities.urls")),
    path("runs/", include("keepwell.desk.exchange.urls")),
    path("tour/", include("keepwell.desk.tour.urls")),
    path("audit/", include("keepwell.desk.audit.urls")),
    path("ui/", include("keepwell.desk.ui.urls")),
]

handler400 = "keepwell.desk.ui.views.unreadable"
handler403 = "keepwell.desk.ui.views.refused"
handler404 = "keepwell.desk.ui.views.not_found"
handler500 = "keepwell.desk.ui.views.failed"
