"""The audit room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.ui import navigation


class AuditConfig(AppConfig):
    """Registers the log's page for compliance and audit."""

    name = "keepwell.desk.audit"
    label = "audit"

    def ready(self) -> None:
        """Register the page (a home until the message gate is built), check, file, the trace of jobs and asks."""
        from keepwell.desk.asks import asking
        from keepwell.desk.audit import checking, exporting
        from keepwell.desk.audit.actions import record_ask, record_job
        from keepwell.desk.ui import exports, jobs

        asking.traced_by(record_ask)
        jobs.traced_by(record_job)
        jobs.register(checking.KIND, _("Check of the chain"), checking.run, finished=checking.finished)
        exports.register(exporting.NAME, exporting.KIND)
        navigation.register(
            navigation.Page(
                url="audit:log",
                label=_("Audit log"),
                permission="audit.read",
                places=(
                    navigation.Place("compliance", "grounds", 10),
                    navigation.Place("audit", "grounds", 10),
                ),
                homes={"compliance": 1, "audit": 1},
            )
        )
