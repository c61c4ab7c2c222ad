"""Who moved between classes and states since the month before ended, summed over branches (R028, R030)."""

from __future__ import annotations

from typing import Any

NONE = "-"
BEFORE = ("before_grade", "before_service_type", "before_activity_state")
NOW = ("grade", "service_type", "activity_state")


def class_move(client: Any, client_feature: Any, client_grade: Any, class_before: Any) -> Any:
    """Clients and their assets by the class then and now; those who came or went stand under a dash on one side."""
    compared = class_before.aggregate(compared_on=class_before.compared_on.max())
    compared = compared.filter(compared.compared_on.notnull())
    placed = client.select("client_id", branch_code="home_branch_code")
    rows = placed.left_join(class_before.select("client_id", *BEFORE), "client_id", rname="{name}_then")
    rows = rows.left_join(client_grade.select("client_id", *NOW), "client_id", rname="{name}_now")
    counted = rows.filter(rows.before_grade.notnull() | rows.grade.notnull())
    assets = client_feature.select("client_id", "assets_amount")
    whole = counted.join(assets, "client_id").cross_join(compared)
    named = whole.mutate(**{name: whole[name].fill_null(NONE) for name in (*BEFORE, *NOW)})
    return named.group_by("branch_code", *BEFORE, *NOW).agg(
        compared_on=named.compared_on.max(),
        n_clients=named.count(),
        assets_amount=named.assets_amount.sum(),
    )
