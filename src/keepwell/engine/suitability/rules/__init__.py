"""The rules of suitability: products' levels, clients' classes, flags, limits, notices, self-check; what matches."""

from __future__ import annotations

from keepwell.engine.suitability.rules.client_mandate import client_mandate
from keepwell.engine.suitability.rules.client_suitability import client_suitability
from keepwell.engine.suitability.rules.product_suitability import product_suitability
from keepwell.engine.suitability.rules.suitability_check import suitability_check
from keepwell.engine.suitability.rules.suitability_flag import suitability_flag
from keepwell.engine.suitability.rules.suitability_notice import suitability_notice

__all__ = [
    "client_mandate",
    "client_suitability",
    "product_suitability",
    "suitability_check",
    "suitability_flag",
    "suitability_notice",
]
