"""The rules of moments: what is found now, what was found before, what is open and due when."""

from __future__ import annotations

from keepwell.engine.moments.rules.fired import moment_fired
from keepwell.engine.moments.rules.listed import moment

__all__ = ["moment", "moment_fired"]
