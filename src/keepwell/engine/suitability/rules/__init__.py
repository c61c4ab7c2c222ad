"""The rules of suitability: products' levels, clients' classes, what is flagged, what matches."""

from __future__ import annotations

from keepwell.engine.suitability.rules.client_suitability import client_suitability
from keepwell.engine.suitability.rules.product_suitability import product_suitability
from keepwell.engine.suitability.rules.suitability_flag import suitability_flag

__all__ = ["client_suitability", "product_suitability", "suitability_flag"]
