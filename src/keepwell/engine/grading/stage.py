"""The place of grading in the pipeline."""

from __future__ import annotations

from keepwell.contract.grading import ClassBefore, ClientGrade
from keepwell.contract.value import ClientValue, ValueCalibration
from keepwell.engine.grading.rules import class_before, client_grade, client_value, value_calibration
from keepwell.engine.stage import Stage, one

STAGE = Stage(
    "grading",
    (
        one(ClientGrade, client_grade),
        one(ClassBefore, class_before),
        one(ClientValue, client_value),
        one(ValueCalibration, value_calibration),
    ),
)
