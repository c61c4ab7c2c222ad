"""Addresses of the room of identities."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.identities import (
    views,
    views_conflicts,
    views_duplicates,
    views_merges,
    views_writeback,
)
from keepwell.desk.identities.addresses import BOARDS

app_name = "identities"
urlpatterns = [
    *BOARDS,
    path("pairs/", views.pairs, name="pairs"),
    path("pairs/judge/", views.judge_pair, name="judge_pair"),
    path("pairs/judged/", views.judged, name="judged"),
    path("pairs/<int:pk>/undo/", views.undo_judgement, name="undo_judgement"),
    path("pairs/<int:pk>/second/", views.second_judgement, name="second_judgement"),
    path("pairs/<int:pk>/undo/second/", views.second_undo, name="second_undo"),
    path("merges/", views_merges.merges, name="merges"),
    path("merges/<str:client_id>/", views_merges.merged, name="merged"),
    path("merges/<str:client_id>/split/", views_merges.split_client, name="split_client"),
    path("splits/<int:pk>/undo/", views_merges.undo_split, name="undo_split"),
    path("splits/<int:pk>/second/", views.second_split, name="second_split"),
    path("conflicts/", views_conflicts.conflicts, name="conflicts"),
    path("conflicts/one/", views_conflicts.conflict, name="conflict"),
    path("conflicts/settle/", views_conflicts.settle_conflict, name="settle_conflict"),
    path("conflicts/<int:pk>/undo/", views_conflicts.undo_settlement, name="undo_settlement"),
    path("duplicates/", views_duplicates.duplicates, name="duplicates"),
    path("duplicates/<int:pk>/verify/", views_duplicates.verify_number, name="verify_number"),
    path("duplicates/<int:pk>/drop/", views_duplicates.drop_number, name="drop_number"),
    path("conflicts/again/", views_writeback.send_conflict_again, name="send_conflict_again"),
    path("write-back/", views_writeback.write_backs, name="write_backs"),
    path("write-back/<int:number>/", views_writeback.write_back, name="write_back"),
    path("write-back/<int:number>/weigh/", views_writeback.weigh_write_back, name="weigh_write_back"),
    path("write-back/<int:number>/decide/", views_writeback.decide_write_back, name="decide_write_back"),
    path(
        "write-back/<int:number>/withdraw/", views_writeback.withdraw_write_back, name="withdraw_write_back"
    ),
    path("write-back/<int:number>/fetch/", views_writeback.fetch_write_back, name="fetch_write_back"),
    path("write-back/<int:number>/answer/", views_writeback.take_answer, name="take_answer"),
    path("write-back/<int:number>/again/", views_writeback.send_again, name="send_again"),
]
