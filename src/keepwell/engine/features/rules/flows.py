"""Cash flows: money in and out, and the largest outflow of the last month; securities moved beside them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.codes import FlowSide, TransferKind
from keepwell.engine import frames
from keepwell.engine.features.rules import money, windows

SUMMED = (7, 30, 90, 180, 365)
MOVED = (90, 365)
MOVES = {"in": (TransferKind.CUSTODY_IN,), "out": (TransferKind.CUSTODY_OUT, TransferKind.REVOKE)}
AMOUNTS = ("flow_amount",)


def flows(cash_flow: Any, client_account: Any, rates: Any, as_of: dt.date) -> Any:
    """Money each client moved in and out in the last windows."""
    seen = money.in_yuan(windows.known(cash_flow, "flowed_on", as_of), "flowed_on", AMOUNTS, rates)
    sums = {
        f"{name}_{n}d_amount": seen.flow_amount.sum(
            where=(seen.side == str(side)) & frames.within(seen.flowed_on, as_of, n)
        )
        for name, side in (("inflow", FlowSide.IN), ("outflow", FlowSide.OUT))
        for n in SUMMED
    }
    by_account = seen.group_by("account_code").agg(
        **sums,
        n_flows_365d=frames.within(seen.flowed_on, as_of, 365).sum(),
        last_flow_on=seen.flowed_on.max(),
    )
    merged = windows.by_client(by_account, client_account)
    largest = _largest_outflow(cash_flow, client_account, rates, as_of)
    return merged.left_join(largest, "client_id").drop("client_id_right")


def transfers(transfer: Any, client_account: Any, rates: Any, as_of: dt.date) -> Any:
    """Securities moved to and from other firms at market value; of other transfers nobody tells the direction."""
    year = transfer.filter(frames.within(transfer.transferred_on, as_of, max(MOVED)))
    seen = windows.known(year, "transferred_on", as_of)
    seen = money.in_yuan(seen, "transferred_on", ("transfer_amount",), rates)
    sums = {
        f"transfer_{way}_{n}d_amount": seen.transfer_amount.sum(
            where=seen.transfer_kind.isin([str(kind) for kind in kinds])
            & frames.within(seen.transferred_on, as_of, n)
        )
        for way, kinds in MOVES.items()
        for n in MOVED
    }
    return windows.by_client(seen.group_by("account_code").agg(**sums), client_account)


def _largest_outflow(cash_flow: Any, client_account: Any, rates: Any, as_of: dt.date) -> Any:
    """The largest single outflow of 30 and of 7 days; of equal ones the latest."""
    is_recent = frames.within(cash_flow.flowed_on, as_of, 30) & (cash_flow.side == str(FlowSide.OUT))
    recent = windows.known(cash_flow.filter(is_recent), "flowed_on", as_of)
    recent = money.in_yuan(recent, "flowed_on", AMOUNTS, rates)
    owned = recent.join(client_account.select("account_code", "client_id"), "account_code")
    order = [owned.flow_amount.desc(), owned.flowed_on.desc(), owned.flow_code.desc()]
    in_week = frames.within(owned.flowed_on, as_of, 7)
    ranked = owned.mutate(
        in_week=in_week,
        place=ibis.row_number().over(group_by="client_id", order_by=order),
        place_in_week=ibis.row_number().over(group_by=["client_id", in_week], order_by=order),
    )
    is_first = ranked.place == 0
    return ranked.group_by("client_id").agg(
        largest_outflow_30d_amount=ranked.flow_amount.max(),
        largest_outflow_on=ranked.flowed_on.max(where=is_first),
        largest_outflow_7d_on=ranked.flowed_on.max(where=ranked.in_week & (ranked.place_in_week == 0)),
    )
