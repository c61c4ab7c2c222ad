"""Addresses of the contact room."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.contacts import views, views_log

app_name = "contacts"
urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/order/", views.order, name="order"),
    path("today/done/", views.done, name="done"),
    path("today/put-off/", views.put_off, name="put_off"),
    path("today/put-off/<int:outcome_id>/list/", views.list_again, name="list_again"),
    path("today/task/", views.task, name="task"),
    path("today/skip/", views.skip, name="skip"),
    path("today/later/", views.later, name="later"),
    path("today/outcome/", views.outcome, name="outcome"),
    path("today/dial/", views.dial, name="dial"),
    path("today/plan/", views.plan, name="plan"),
    path("today/undo/<int:outcome_id>/", views.undo, name="undo"),
    path("today/complete/<int:contact_id>/", views.complete, name="complete"),
    path("", views_log.log, name="log"),
    path("of/<str:client_id>/", views_log.panel, name="panel"),
    path("of/<str:client_id>/latest/", views_log.latest, name="latest"),
    path("of/<str:client_id>/record/", views_log.record, name="record"),
    path("of/<str:client_id>/appoint/", views_log.appoint, name="appoint"),
    path("of/<str:client_id>/draft/<slug:form>/", views_log.draft, name="draft"),
    path("of/<str:client_id>/allow/", views_log.allow, name="allow"),
    path("<int:contact_id>/", views_log.entry, name="entry"),
    path("<int:contact_id>/correct/", views_log.correct, name="correct"),
    path("<int:contact_id>/remark/", views_log.remark, name="remark"),
]
