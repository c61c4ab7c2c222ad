"""A refusal leaves a trace: who asked for what, and why not."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from keepwell.desk.audit import refusals
from keepwell.desk.ui.http import Refused


class RecordRefusals:
    """Writes the verdict of a `Refused` into the log; Django then answers with the 403 page."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        response: HttpResponse = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record and leave the answer to the 403 handler."""
        if isinstance(exception, Refused):
            subject = {"subject_kind": exception.subject_kind, "subject_id": exception.subject_id}
            refusals.keep(request, exception.verdict, **subject)
