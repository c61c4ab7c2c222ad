"""The rules of features: one module a group of facts, put together in ``client_feature``."""

from __future__ import annotations

from keepwell.engine.features.rules.client_feature import client_feature
from keepwell.engine.features.rules.client_holding import client_holding
from keepwell.engine.features.rules.client_month import client_month

__all__ = ["client_feature", "client_holding", "client_month"]
