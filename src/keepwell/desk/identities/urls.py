"""Addresses of the room of identities, pile by pile."""

from __future__ import annotations

from django.urls import path

from keepwell.desk.identities.duplicates import views as duplicates
from keepwell.desk.identities.facts import views as facts
from keepwell.desk.identities.facts import views_deadlines as deadlines
from keepwell.desk.identities.guests import views as guests
from keepwell.desk.identities.merges import views as merges
from keepwell.desk.identities.pairs import views as pairs
from keepwell.desk.identities.remediation import views as remediation
from keepwell.desk.identities.writeback import views as writeback

app_name = "identities"
urlpatterns = [
    path("pairs/", pairs.pairs, name="pairs"),
    path("pairs/judge/", pairs.judge_pair, name="judge_pair"),
    path("pairs/judged/", pairs.judged, name="judged"),
    path("pairs/<int:pk>/undo/", pairs.undo_judgement, name="undo_judgement"),
    path("pairs/<int:pk>/second/", pairs.second_judgement, name="second_judgement"),
    path("pairs/<int:pk>/undo/second/", pairs.second_undo, name="second_undo"),
    path("merges/", merges.merges, name="merges"),
    path("merges/<str:client_id>/", merges.merged, name="merged"),
    path("merges/<str:client_id>/split/", merges.split_client, name="split_client"),
    path("splits/<int:pk>/undo/", merges.undo_split, name="undo_split"),
    path("splits/<int:pk>/second/", merges.second_split, name="second_split"),
    path("conflicts/", facts.conflicts, name="conflicts"),
    path("conflicts/one/", facts.conflict, name="conflict"),
    path("conflicts/settle/", facts.settle_conflict, name="settle_conflict"),
    path("conflicts/<int:pk>/undo/", facts.undo_settlement, name="undo_settlement"),
    path("conflicts/extend/", deadlines.extend, name="extend"),
    path("extensions/<int:pk>/decide/", deadlines.decide_extension, name="decide_extension"),
    path("extensions/<int:pk>/withdraw/", deadlines.withdraw_extension, name="withdraw_extension"),
    path("conflicts/guests/", guests.guest_conflicts, name="guest_conflicts"),
    path("conflicts/guests/one/", guests.guest_conflict, name="guest_conflict"),
    path("remediation/", remediation.remediation, name="remediation"),
    path("quality/", remediation.quality, name="quality"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<int:pk>/verify/", duplicates.verify_number, name="verify_number"),
    path("duplicates/<int:pk>/drop/", duplicates.drop_number, name="drop_number"),
    path("conflicts/again/", writeback.send_conflict_again, name="send_conflict_again"),
    path("write-back/", writeback.write_backs, name="write_backs"),
    path("write-back/<int:number>/", writeback.write_back, name="write_back"),
    path("write-back/<int:number>/weigh/", writeback.weigh_write_back, name="weigh_write_back"),
    path("write-back/<int:number>/decide/", writeback.decide_write_back, name="decide_write_back"),
    path("write-back/<int:number>/withdraw/", writeback.withdraw_write_back, name="withdraw_write_back"),
    path("write-back/<int:number>/fetch/", writeback.fetch_write_back, name="fetch_write_back"),
    path("write-back/<int:number>/answer/", writeback.take_answer, name="take_answer"),
    path("write-back/<int:number>/again/", writeback.send_again, name="send_again"),
]
