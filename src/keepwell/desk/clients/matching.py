"""Which of a client's holdings lie above what the client's level matches today, by the signed table.

A mark tells a fact, not a fault: levels of clients and products change after a purchase.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from keepwell.contract.codes import ProductLevel, RiskLevel
from keepwell.desk.clients.models import ClientFeature, ClientLine
from keepwell.desk.clients.sentences import code_text
from keepwell.desk.generations.models import Generation
from keepwell.policy.lookup import is_above, product_level_at_most
from keepwell.policy.packs import load_packs
from keepwell.policy.suitability import Suitability


@dataclass(frozen=True, slots=True)
class Bound:
    """Up to which level products match the client; `None` where the client has no declared level."""

    at_most: ProductLevel | None
    is_lowest: bool
    level: str
    pack: Suitability

    def exceeds(self, product_level: str) -> bool:
        """Whether a product of that level lies above the bound."""
        return self.at_most is not None and is_above(ProductLevel.of(product_level), self.at_most)

    @property
    def mark(self) -> str:
        """The word beside a product that lies above it."""
        return _("above the lowest class") if self.is_lowest else _("above the client's level")

    def rule(self, levels: Collection[str]) -> str:
        """The rule and what follows from it, for a page with products of these levels; empty where none is above."""
        n = sum(self.exceeds(level) for level in levels)
        if not n:
            return ""
        facts = {"n": n, "level": self.level, "at_most": str(self.at_most)}
        if self.is_lowest:
            said = _(
                "Products above the bound: %(n)d. Clients of the lowest class match %(at_most)s alone, and nothing "
                "above it may be sold to them. Look up when and how each was bought."
            )
        else:
            said = _(
                "Products above the bound: %(n)d. %(level)s matches up to %(at_most)s today. Levels may have changed "
                "since they were bought, and keeping them is the client's choice; nothing above may be recommended."
            )
        return said % facts

    @property
    def source(self) -> str:
        """Where the rule stands: pack and version."""
        return f"{self.pack.header.id} {self.pack.version}"


def of_client(line: ClientLine, generation: Generation) -> Bound | None:
    """The client's bound as of the run; none for a client of whom nothing is known."""
    known: Any = getattr(line.client, "features", None)
    if known is None:
        return None
    pack = _pack(generation.as_of_on, generation.calendar)
    level = RiskLevel.of(known.risk_level) if known.risk_level else None
    lowest = bool(known.is_lowest_class)
    at_most = product_level_at_most(pack, level, is_lowest_class=lowest)
    told = code_text(ClientFeature.contract_table, "risk_level", known.risk_level)
    return Bound(at_most, lowest, told, pack)


@lru_cache(maxsize=4)
def _pack(as_of: Any, calendar: str) -> Suitability:
    return load_packs(as_of, settings.FIRM_PACKS, calendar).suitability
