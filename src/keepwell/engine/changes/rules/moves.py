"""Who moved between classes and states since the month before ended, summed over branches (R028, R030)."""

from __future__ import annotations

from typing import Any

NONE = "-"
BEFORE = ("before_grade", "before_service_type", "before_activity_state")
NOW = ("grade", "service_type", "activity_state")


def class_move(client: Any, client_feature: Any, client_grade: Any, class_before: Any) -> Any:
    """Clients and their assets by the class then and now; those who came or went stand under a dash on one side."""
    rows = _then_and_now(client, client_grade, class_before)
    whole = rows.join(client_feature.select("client_id", "assets_amount"), "client_id")
    named = whole.mutate(**{name: whole[name].fill_null(NONE) for name in (*BEFORE, *NOW)})
    return named.group_by("branch_code", *BEFORE, *NOW).agg(
        compared_on=named.compared_on.max(),
        n_clients=named.count(),
        assets_amount=named.assets_amount.sum(),
    )


def client_move(client: Any, client_grade: Any, class_before: Any) -> Any:
    """Those of them whose grade, service type or state differs: whom a reader of the moves asks for."""
    rows = _then_and_now(client, client_grade, class_before)
    stayed = [rows[then].identical_to(rows[now]) for then, now in zip(BEFORE, NOW, strict=True)]
    moved = rows.filter(~(stayed[0] & stayed[1] & stayed[2]))
    return moved.select("client_id", *BEFORE, *NOW, "compared_on")


def _then_and_now(client: Any, client_grade: Any, class_before: Any) -> Any:
    """Every client classed then or now, with both; nobody where there was no run to compare with."""
    compared = class_before.aggregate(compared_on=class_before.compared_on.max())
    compared = compared.filter(compared.compared_on.notnull())
    placed = client.select("client_id", branch_code="home_branch_code")
    rows = placed.left_join(class_before.select("client_id", *BEFORE), "client_id", rname="{name}_then")
    rows = rows.left_join(client_grade.select("client_id", *NOW), "client_id", rname="{name}_now")
    return rows.filter(rows.before_grade.notnull() | rows.grade.notnull()).cross_join(compared)
