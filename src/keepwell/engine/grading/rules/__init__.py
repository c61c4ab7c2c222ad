"""The rules of grading: classes put together in ``client_grade``, those of the month before in ``class_before``."""

from __future__ import annotations

from keepwell.engine.grading.rules.class_before import class_before
from keepwell.engine.grading.rules.client_grade import client_grade

__all__ = ["class_before", "client_grade"]
