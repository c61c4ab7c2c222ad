"""The place of suitability in the pipeline."""

from __future__ import annotations

from keepwell.contract.suitability import (
    ClientMandate,
    ClientSuitability,
    ProductSuitability,
    SuitabilityCheck,
    SuitabilityFlag,
    SuitabilityNotice,
)
from keepwell.engine.stage import Stage, one
from keepwell.engine.suitability.rules import (
    client_mandate,
    client_suitability,
    product_suitability,
    suitability_check,
    suitability_flag,
    suitability_notice,
)

STAGE = Stage(
    "suitability",
    (
        one(ProductSuitability, product_suitability),
        one(ClientSuitability, client_suitability),
        one(SuitabilityFlag, suitability_flag),
        one(ClientMandate, client_mandate),
        one(SuitabilityNotice, suitability_notice),
        one(SuitabilityCheck, suitability_check),
    ),
)
