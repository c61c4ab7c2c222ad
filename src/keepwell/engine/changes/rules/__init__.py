"""The rules of changes: against the run before, and over branches."""

from __future__ import annotations

from keepwell.engine.changes.rules.branches import branch_month, branch_statistic
from keepwell.engine.changes.rules.clients import client_change

__all__ = ["branch_month", "branch_statistic", "client_change"]
