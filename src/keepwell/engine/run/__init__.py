"""One run from extracts to decisions, and the proof that it can be made again."""

from __future__ import annotations

from keepwell.engine.run.nightly import Outcome, Settings, nightly
from keepwell.engine.run.verify import Verdict, verify

__all__ = ["Outcome", "Settings", "Verdict", "nightly", "verify"]
