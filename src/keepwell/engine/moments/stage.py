"""The place of moments in the pipeline."""

from __future__ import annotations

from keepwell.contract.moments import Moment, MomentFired
from keepwell.engine.moments.rules import moment, moment_fired
from keepwell.engine.stage import Stage, one

STAGE = Stage("moments", (one(MomentFired, moment_fired), one(Moment, moment)))
