"""The place of features in the pipeline."""

from __future__ import annotations

from keepwell.contract.features import ClientFeature, ClientHolding, ClientMonth
from keepwell.engine.features.rules import client_feature, client_holding, client_month
from keepwell.engine.stage import Stage, one

STAGE = Stage(
    "features",
    (
        one(ClientHolding, client_holding),
        one(ClientMonth, client_month),
        one(ClientFeature, client_feature),
    ),
)
