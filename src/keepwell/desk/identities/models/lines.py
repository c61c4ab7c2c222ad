"""The queue of pairs: the run's waiting pairs with a number to order them by, so that one index serves the queue."""

from __future__ import annotations

from keepwell.contract.identity import IdentityPair
from keepwell.contract.schema import Table, Text, money

TAKEN = tuple(IdentityPair.columns)
ORDER = ("-sort_amount", "waiting_since_on", "left_code", "right_code")


class PairLine(Table):
    """One waiting pair of the queue (desk only; not a table of the run)."""

    title = Text("Queue of pairs", "同一人核对队列")
    writer = "exchange"
    grain = ("left_code", "right_code")
    indexes = (ORDER,)

    left_code = IdentityPair.columns["left_code"]
    right_code = IdentityPair.columns["right_code"]
    left_client_id = IdentityPair.columns["left_client_id"]
    right_client_id = IdentityPair.columns["right_client_id"]
    pair_reason = IdentityPair.columns["pair_reason"]
    score = IdentityPair.columns["score"]
    at_stake_amount = IdentityPair.columns["at_stake_amount"]
    waiting_since_on = IdentityPair.columns["waiting_since_on"]
    sort_amount = money("Assets, 0 where unknown", "资产（未知为 0，只用于排序）")


def fill_statement() -> str:
    """`INSERT` that makes the queue from the run's pairs of the same generation."""
    names = ", ".join(TAKEN)
    return (
        f"INSERT INTO decided_pair_line ({names}, sort_amount) "  # noqa: S608  names of the contract
        f"SELECT {names}, COALESCE(at_stake_amount, 0) FROM decided_identity_pair ORDER BY left_code, right_code"
    )
