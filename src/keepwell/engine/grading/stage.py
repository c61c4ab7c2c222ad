"""The place of grading in the pipeline."""

from __future__ import annotations

from keepwell.contract.grading import ClassBefore, ClientGrade
from keepwell.engine.grading.rules import class_before, client_grade
from keepwell.engine.stage import Stage, one

STAGE = Stage("grading", (one(ClientGrade, client_grade), one(ClassBefore, class_before)))
