"""The rules of grading: classes in ``client_grade``, of the month before in ``class_before``, value beside them."""

from __future__ import annotations

from keepwell.engine.grading.rules.class_before import class_before
from keepwell.engine.grading.rules.client_grade import client_grade
from keepwell.engine.grading.rules.client_value import client_value
from keepwell.engine.grading.rules.value_calibration import value_calibration

__all__ = ["class_before", "client_grade", "client_value", "value_calibration"]
