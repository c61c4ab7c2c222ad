"""The clients to be placed, as arrays; of protected facts only that a client is vulnerable, which is no score."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from keepwell.contract.codes import Grade, Need, ServiceType, TradingStyle
from keepwell.engine.allocation.rules.quantities import (
    Flags,
    Objects,
    codes_of,
    flags,
    millionths,
    place_of,
    texts,
    whole,
)
from keepwell.engine.solver.assignment.problem import Longs


@dataclass(frozen=True, slots=True)
class Clients:
    """N clients in the order of their ids; codes by their places, -1 unknown; ``need`` (N, 6) in millionths."""

    code: Objects
    branch: Objects
    current: Objects
    grade: Longs
    served_as: Longs
    style: Longs
    need: Longs
    value: Longs
    is_top_tier: Flags
    is_vulnerable: Flags
    is_advised: Flags
    is_untouched: Flags
    is_risk_known: Flags

    def take(self, rows: Longs) -> Clients:
        """Some of the clients."""
        return Clients(*(getattr(self, field.name)[rows] for field in fields(self)))


def clients_of(allocation_use: pa.Table) -> Clients:
    """The arrays of the table."""
    return Clients(
        code=texts(allocation_use["client_id"]),
        branch=texts(allocation_use["branch_code"]),
        current=texts(allocation_use["manager_code"]),
        grade=place_of(allocation_use["grade"], codes_of(Grade)),
        served_as=place_of(allocation_use["served_as"], codes_of(ServiceType)),
        style=place_of(allocation_use["trading_style"], codes_of(TradingStyle)),
        need=np.stack([millionths(allocation_use[f"{need}_need_share"]) for need in Need], axis=1),
        value=whole(allocation_use["n_value_units"]),
        is_top_tier=flags(allocation_use["is_top_tier"]),
        is_vulnerable=flags(allocation_use["is_vulnerable"]),
        is_advised=flags(allocation_use["is_entitled_to_advice"]),
        is_untouched=flags(allocation_use["is_untouched"]),
        is_risk_known=flags(allocation_use["is_risk_known"]),
    )
