"""A refusal leaves a trace, whether the answer is the 403 page or the form with its sentence."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from keepwell.contract.verdict import Verdict
from keepwell.desk.audit.actions import record


def keep(request: HttpRequest, verdict: Verdict, *, subject_kind: str = "", subject_id: str = "") -> None:
    """Write down who asked for what at which address, and why it was refused."""
    match = request.resolver_match
    user: Any = request.user
    generation = getattr(request, "generation", None)
    with transaction.atomic():
        record(
            by=user if user.is_authenticated else None,
            at=timezone.now(),
            verb=match.view_name.replace(":", ".") if match else "unknown",
            subject_kind=subject_kind,
            subject_id=subject_id,
            payload={"method": request.method},
            verdict=verdict,
            run=str(generation.run_id) if generation else "",
        )
