"""Addresses of the room of books."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.books import (
    views,
    views_fairness,
    views_handovers,
    views_objections,
    views_plan,
    views_pool,
    views_profiles,
    views_trials,
)

app_name = "books"
urlpatterns = [
    path("explain/", views.explain, name="explain"),
    path("mine/", views.mine, name="mine"),
    path("team/", views.team, name="team"),
    path("late/", views.late, name="late"),
    path("branch/", views.branch, name="branch"),
    path("reassign/", views.reassign, name="reassign"),
    path("reassign/<int:pk>/undo/", views.undo, name="undo"),
    path("reassign/many/<int:pk>/undo/", views.undo_many, name="undo_many"),
    path("plans/", views_plan.plans, name="plans"),
    path("plan/", views_plan.proposal, name="proposal"),
    path("plan/open/", views_plan.open_plan, name="open_plan"),
    path("plan/<int:pk>/", views_plan.plan, name="plan"),
    path("plan/<int:pk>/agree/", views_plan.agree, name="agree_plan"),
    path("plan/<int:pk>/decide/", views_plan.decide, name="decide_plan"),
    path("plan/<int:pk>/proof/", views_plan.proof, name="proof"),
    path("plan/<int:pk>/notice/", views_plan.notice, name="notice"),
    path("plan/client/<int:pk>/", views_plan.move, name="move"),
    path("plan/client/<int:pk>/change/", views_plan.change_move, name="change_move"),
    path("plan/client/<int:pk>/tie/", views_plan.tie, name="tie"),
    path("plan/client/<int:pk>/object/", views_objections.object_to, name="object_to"),
    path("plan/tie/<int:pk>/lift/", views_plan.lift_tie, name="lift_tie"),
    path("objections/", views_objections.objections, name="objections"),
    path("objections/<int:pk>/answer/", views_objections.answer, name="answer"),
    path("handovers/", views_handovers.listed, name="handovers"),
    path("handovers/all/", views_handovers.sign_all, name="sign_all"),
    path("handovers/<int:pk>/", views_handovers.sheet, name="handover"),
    path("handovers/<int:pk>/give/", views_handovers.give, name="give"),
    path("handovers/<int:pk>/take/", views_handovers.take, name="take"),
    path("handovers/<int:pk>/back/", views_handovers.send_back, name="send_back"),
    path("handovers/<int:pk>/letter/", views_handovers.letter, name="letter"),
    path("pool/", views_pool.pool, name="pool"),
    path("pool/open/", views_pool.open_pooled, name="open_pooled"),
    path("fairness/", views_fairness.fairness, name="fairness"),
    path("trial/", views_trials.trial, name="trial"),
    path("trial/ask/", views_trials.try_out, name="try_out"),
    path("trial/<str:key>/", views_trials.trial_answer, name="trial_answer"),
    path("profiles/", views_profiles.profiles, name="profiles"),
    path("profiles/needs/<str:client_id>/", views_profiles.needs, name="needs"),
    path("profiles/declare/<str:kind>/", views_profiles.declare, name="declare"),
    path("profiles/of/<str:staff_code>/", views_profiles.profile, name="profile"),
    path("profiles/<int:pk>/confirm/", views_profiles.confirm, name="confirm_profile"),
    path("profiles/<int:pk>/end/", views_profiles.end, name="end_profile"),
    path("firm/branches/", views.branches, name="branches"),
    path("firm/", views.firm, name="firm"),
]
