"""The rules of grading: grade, service type and activity state, put together in ``client_grade``."""

from __future__ import annotations

from keepwell.engine.grading.rules.client_grade import client_grade

__all__ = ["client_grade"]
