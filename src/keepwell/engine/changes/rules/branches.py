"""Clients, assets and money moved by branch and manager: the figures and curves of the home pages (R004)."""

from __future__ import annotations

from typing import Any

NONE = "-"
CELLS = ("branch_code", "manager_code", "population", "grade", "service_type", "activity_state")


def branch_statistic(client: Any, client_feature: Any, client_grade: Any) -> Any:
    """Counts and sums by branch, manager, population and class; clients without a class stand under a dash."""
    classes = client_grade.select("client_id", "grade", "service_type", "activity_state")
    facts = client_feature.select("client_id", "assets_amount", "contribution_365d_amount", "n_contacts_90d")
    joined = _placed(client).join(facts, "client_id").left_join(classes, "client_id").drop("client_id_right")
    named = joined.mutate(**{name: joined[name].fill_null(NONE) for name in CELLS[3:]})
    return named.group_by(*CELLS).agg(
        n_clients=named.count(),
        assets_amount=named.assets_amount.sum(),
        contribution_365d_amount=named.contribution_365d_amount.sum(),
        n_untouched_90d=(named.n_contacts_90d == 0).sum(),
    )


def branch_month(client: Any, client_month: Any) -> Any:
    """Assets at month ends and money moved, by the branch and manager a client has today."""
    joined = client_month.join(_placed(client), "client_id")
    return joined.group_by("branch_code", "manager_code", "month_on").agg(
        n_clients=joined.count(),
        assets_amount=joined.assets_amount.sum(),
        inflow_amount=joined.inflow_amount.sum(),
        outflow_amount=joined.outflow_amount.sum(),
    )


def _placed(client: Any) -> Any:
    return client.select(
        "client_id",
        "population",
        branch_code="home_branch_code",
        manager_code=client.manager_code.fill_null(NONE),
    )
