"""The rules of changes: against the run before, and over branches."""

from __future__ import annotations

from keepwell.engine.changes.rules.branches import branch_month, branch_statistic
from keepwell.engine.changes.rules.clients import client_change
from keepwell.engine.changes.rules.moves import class_move, client_move

__all__ = ["branch_month", "branch_statistic", "class_move", "client_change", "client_move"]
