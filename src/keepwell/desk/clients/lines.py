"""The line of a client list: columns of four decided tables side by side, so that one index serves one order.

Intake fills it with one statement when it writes a generation; nothing is computed but the number of open moments
and the nearest of their deadlines.
"""

from __future__ import annotations

from dataclasses import replace

from keepwell.contract import features, grading, identity
from keepwell.contract.schema import Column, Table, Text, count, date, money

PROFILE = (
    "client_kind",
    "client_name",
    "home_branch_code",
    "manager_code",
    "population",
    "phone_masked",
    "id_valid_to",
)
GRADE = ("grade", "service_type", "activity_state", "risk_level")
FEATURE = (
    "contribution_365d_amount", "assets_change_30d_share", "last_contact_on", "days_since_contact", "n_contacts_365d",
)  # fmt: skip


def _missing(table: type[Table], name: str) -> Column:
    """The column as it is for a client who has no row in `table`."""
    return replace(table.columns[name], nullable=True)


class ClientLine(Table):
    """One line of a client list (desk only; not a table of the run)."""

    title = Text("Client list", "客户列表")
    writer = "exchange"
    grain = ("client_id",)
    indexes = (
        ("population", "-sort_amount", "-client_id"),
        ("population", "grade", "service_type", "-sort_amount", "-client_id"),
        ("population", "service_type", "-sort_amount", "-client_id"),
        ("population", "activity_state", "-sort_amount", "-client_id"),
        ("population", "activity_state", "grade", "-sort_amount", "-client_id"),
    )

    client_id = identity.Client.columns["client_id"]
    client_kind = identity.Client.columns["client_kind"]
    client_name = identity.Client.columns["client_name"]
    home_branch_code = identity.Client.columns["home_branch_code"]
    manager_code = identity.Client.columns["manager_code"]
    population = identity.Client.columns["population"]
    phone_masked = identity.Client.columns["phone_masked"]
    id_valid_to = identity.Client.columns["id_valid_to"]
    grade = _missing(grading.ClientGrade, "grade")
    service_type = _missing(grading.ClientGrade, "service_type")
    activity_state = _missing(grading.ClientGrade, "activity_state")
    risk_level = _missing(grading.ClientGrade, "risk_level")
    assets_amount = _missing(features.ClientFeature, "assets_amount")
    contribution_365d_amount = _missing(features.ClientFeature, "contribution_365d_amount")
    assets_change_30d_share = _missing(features.ClientFeature, "assets_change_30d_share")
    last_contact_on = _missing(features.ClientFeature, "last_contact_on")
    days_since_contact = _missing(features.ClientFeature, "days_since_contact")
    n_contacts_365d = _missing(features.ClientFeature, "n_contacts_365d")
    n_moments = count("Open moments", "联系时机")
    next_due_on = date("Nearest deadline", "最近时限", nullable=True)
    sort_amount = money("Assets, 0 where unknown", "资产（未知为 0，只用于排序）")


def fill_statement() -> str:
    """`INSERT` that makes every client's line from the decided tables of the same generation."""
    chosen = [
        "p.client_id",
        *(f"p.{name}" for name in PROFILE),
        *(f"g.{name}" for name in GRADE),
        "f.assets_amount",
        *(f"f.{name}" for name in FEATURE),
        "COALESCE(m.n_moments, 0)",
        "m.next_due_on",
        "COALESCE(f.assets_amount, 0)",
    ]
    names = [
        "client_id",
        *PROFILE,
        *GRADE,
        "assets_amount",
        *FEATURE,
        "n_moments",
        "next_due_on",
        "sort_amount",
    ]
    return (
        f"INSERT INTO decided_client_line ({', '.join(names)}) SELECT {', '.join(chosen)} "  # noqa: S608  names of this module
        "FROM decided_client p LEFT JOIN decided_client_grade g ON g.client_id = p.client_id "
        "LEFT JOIN decided_client_feature f ON f.client_id = p.client_id "
        "LEFT JOIN (SELECT client_id, COUNT(*) AS n_moments, MIN(due_on) AS next_due_on FROM decided_moment "
        "GROUP BY client_id) m ON m.client_id = p.client_id ORDER BY p.client_id"
    )
