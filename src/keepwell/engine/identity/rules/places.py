"""Where a client is at home and who looks after the client: by wish, by facts, by what people decided (R001, R040)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import ibis

from keepwell.contract import codes
from keepwell.contract.reasons.identity import HomeReason, ManagerReason
from keepwell.engine import frames
from keepwell.policy.clients import HomeBranch

SERVICE = codes.Relation.SERVICE.value


def met(contact: Any, returned_contact: Any, as_of: dt.date) -> Any:
    """The last day on which each customer record was reached, by the firm's own contacts and those of the desk."""
    cut, reached = frames.day(as_of), str(codes.ContactOutcome.REACHED)
    parts = [rows.select("record_code", "contacted_on", "outcome") for rows in (contact, returned_contact)]
    both = parts[0].union(parts[1])
    seen = both.filter((both.outcome == reached) & (both.contacted_on <= cut))
    return seen.group_by("record_code").agg(met_on=seen.contacted_on.max())


def wishes(
    branch_wish: Any, returned_assignment: Any, client_record: Any, as_of: dt.date, acts_on: dt.date
) -> Any:
    """The latest wish of each client: as the firm delivers it, or as noted at the desk and in force."""
    today = frames.day(acts_on)
    noted = returned_assignment.filter(
        (returned_assignment.relation == str(codes.PlaceRelation.HOME))
        & (returned_assignment.starts_on <= today)
        & (returned_assignment.ends_on.isnull() | (returned_assignment.ends_on > today))
    )
    parts = (
        branch_wish.filter(branch_wish.wished_on <= frames.day(as_of)).select(
            "record_code", "branch_code", "wished_on", rank=ibis.literal(1)
        ),
        noted.select("record_code", "branch_code", wished_on="starts_on", rank=ibis.literal(0)),
    )
    said = parts[0].union(parts[1]).join(client_record.select("record_code", "client_id"), "record_code")
    place = ibis.row_number().over(
        group_by="client_id",
        order_by=[said.wished_on.desc(), said.rank, said.record_code, said.branch_code],
    )
    ranked = said.mutate(place=place)
    return ranked.filter(ranked.place == 0).select("client_id", wished_code="branch_code")


def home(
    client_record: Any, client_account: Any, daily_asset: Any, met: Any, wishes: Any, rule: HomeBranch
) -> Any:
    """The home branch with its reason: the first of the rule's questions in which the branches differ.

    Assets are those of the last close of each account, looked up where there are branches to choose from. A wish counts
    for a branch where the client has an open record.
    """
    spread = client_record.group_by("client_id").agg(n_branches=client_record.branch_code.nunique())
    accounts = client_account.semi_join(spread.filter(spread.n_branches > 1), "client_id")
    by_record = assets(accounts, daily_asset.semi_join(accounts, "account_code"))
    records = client_record.left_join(by_record, "record_code").drop("record_code_right")
    records = records.left_join(met, "record_code").drop("record_code_right")
    branches = records.group_by("client_id", "branch_code").agg(
        amount=frames.total(records.amount),
        is_open=records.closed_on.isnull().any(),
        met_on=records.met_on.max(),
        opened_on=records.opened_on.max(),
    )
    wished = branches.left_join(wishes, "client_id").drop("client_id_right")
    is_wished = wished.is_open & (wished.branch_code == wished.wished_code).fill_null(False)
    return _first(wished.mutate(is_wished=is_wished), rule.order)


def assets(client_account: Any, daily_asset: Any) -> Any:
    """Net assets of each customer record by the last close of each of its accounts."""
    newest = daily_asset.group_by("account_code").agg(held_on=daily_asset.held_on.max())
    last = daily_asset.join(newest, ["account_code", "held_on"])
    total = (
        last.cash_amount + last.stock_amount + last.b_stock_amount + last.fund_amount + last.warrant_amount
    )
    hk_shares = last.hk_stock_amount.fill_null(ibis.literal("0").cast(last.cash_amount.type()))
    valued = last.select(
        "account_code", amount=total + last.bond_amount + last.wealth_amount + hk_shares - last.debt_amount
    )
    held = client_account.join(valued, "account_code")
    return held.group_by("record_code").agg(amount=held.amount.sum())


def _first(branches: Any, order: Sequence[HomeReason]) -> Any:
    """The branch that comes first, and in what it differs from the one that comes second."""
    falling = {
        HomeReason.WISH: [branches.is_wished],
        HomeReason.ASSETS: [branches.amount],
        HomeReason.OPEN: [branches.is_open],
        HomeReason.CONTACT: [branches.met_on.notnull(), branches.met_on],
        HomeReason.NEWEST: [branches.opened_on],
    }
    by = [measure.desc() for reason in order for measure in falling[reason]]
    window = ibis.window(group_by="client_id", order_by=[*by, branches.branch_code])
    told = ("amount", "is_open", "met_on", "opened_on")
    ranked = branches.mutate(
        place=ibis.row_number().over(window),
        other_code=branches.branch_code.lead().over(window),
        **{f"other_{name}": branches[name].lead().over(window) for name in told},
    )
    chosen = ranked.filter(ranked.place == 0)
    return chosen.select("client_id", home_branch_code="branch_code", home_reason=_home_reason(chosen, order))


def _home_reason(chosen: Any, order: Sequence[HomeReason]) -> Any:
    differs = {
        HomeReason.WISH: chosen.is_wished,
        HomeReason.ASSETS: chosen.amount > chosen.other_amount,
        HomeReason.OPEN: chosen.is_open & ~chosen.other_is_open,
        HomeReason.CONTACT: ~chosen.met_on.identical_to(chosen.other_met_on),
        HomeReason.NEWEST: chosen.opened_on > chosen.other_opened_on,
    }
    return ibis.cases(
        (chosen.other_code.isnull(), str(HomeReason.ONLY)),
        *[(differs[reason], str(reason)) for reason in order],
        else_=str(HomeReason.SAME),
    )


def delivered(client_record: Any, assignment: Any, home: Any, as_of: dt.date) -> Any:
    """The firm's own service relation in force on the cut, of the home branch before others, the newest first."""
    today = frames.day(as_of)
    in_force = assignment.filter(
        (assignment.relation == SERVICE)
        & (assignment.starts_on <= today)
        & (assignment.ends_on.isnull() | (assignment.ends_on > today))
    )
    held = in_force.join(client_record.select("record_code", "client_id", "branch_code"), "record_code")
    at_home = held.join(home.select("client_id", "home_branch_code"), "client_id")
    place = ibis.row_number().over(
        group_by="client_id",
        order_by=[
            (at_home.branch_code == at_home.home_branch_code).desc(), at_home.starts_on.desc(), at_home.staff_code
        ],
    )  # fmt: skip
    ranked = at_home.mutate(place=place)
    return ranked.filter(ranked.place == 0).select("client_id", "staff_code", "starts_on")


def decided(returned_assignment: Any, client_record: Any, staff: Any, acts_on: dt.date) -> Any:
    """The last service relation that people decided for each client and that has begun, whether or not it is over."""
    today = frames.day(acts_on)
    begun = returned_assignment.filter(
        (returned_assignment.relation == str(codes.PlaceRelation.SERVICE))
        & (returned_assignment.starts_on <= today)
    )
    acts = frames.routed(begun.semi_join(staff, "staff_code"), client_record)
    is_over = (acts.ends_on <= today).fill_null(False)
    place = ibis.row_number().over(
        group_by="client_id",
        order_by=[is_over, acts.starts_on.desc(), acts.decided_at.desc(), acts.assignment_key.desc()],
    )
    ranked = acts.mutate(place=place, is_over=is_over)
    return ranked.filter(ranked.place == 0).select("client_id", "staff_code", "starts_on", "is_over")


def manager(delivered: Any, decided: Any) -> Any:
    """Who people decided on while that is in force; else whom the firm delivers, unless people ended it since."""
    in_force = decided.filter(~decided.is_over)
    ended = decided.filter(decided.is_over).select("client_id", over_from_on="starts_on")
    others = delivered.anti_join(in_force, "client_id")
    others = others.left_join(ended, "client_id").drop("client_id_right")
    kept = others.filter(others.over_from_on.isnull() | (others.starts_on > others.over_from_on))
    return _told(in_force, ManagerReason.DECIDED).union(_told(kept, ManagerReason.DELIVERED))


def _told(relations: Any, reason: ManagerReason) -> Any:
    return relations.select(
        "client_id",
        manager_code="staff_code",
        manager_since_on="starts_on",
        manager_reason=ibis.literal(str(reason)),
    )
