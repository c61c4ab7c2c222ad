"""The place of grading in the pipeline."""

from __future__ import annotations

from keepwell.contract.grading import ClientGrade
from keepwell.engine.grading.rules import client_grade
from keepwell.engine.stage import Stage, one

STAGE = Stage("grading", (one(ClientGrade, client_grade),))
