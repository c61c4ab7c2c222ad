"""The place of suitability in the pipeline."""

from __future__ import annotations

from keepwell.contract.suitability import ClientSuitability, ProductSuitability, SuitabilityFlag
from keepwell.engine.stage import Stage, one
from keepwell.engine.suitability.rules import client_suitability, product_suitability, suitability_flag

STAGE = Stage(
    "suitability",
    (
        one(ProductSuitability, product_suitability),
        one(ClientSuitability, client_suitability),
        one(SuitabilityFlag, suitability_flag),
    ),
)
