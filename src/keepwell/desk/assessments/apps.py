"""The room of assessments."""

from __future__ import annotations

from dataclasses import replace

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.ui.navigation import Page, Place, register

VERBS = {
    "assessments.send": _("Sent the link to the risk assessment"),
    "assessments.hand_over": _("Handed the device to the client for the risk assessment"),
    "assessments.withdraw": _("Withdrew the link to the risk assessment"),
    "assessments.take_back": _("Took the device back before the questionnaire was handed in"),
    "assessments.receive": _("Took a client's answers over"),
    "assessments.refuse": _("Did not take a client's answers over"),
    "assessments.tell": _("Recorded that a client was told of a new grading"),
    "assessments.read_letter": _("Opened the letter on a client's assessment"),
    "assessments.export_forms": _("Took the list of questionnaires away"),
    "assessments.export_check": _("Took the suitability self-check away"),
}
OWED = Page(
    url="assessments:owed",
    label=_("Clients to be told"),
    permission="assessments.read_notices",
    places=(
        Place("manager", "clients", 40),
        Place("adviser", "clients", 40),
        Place("team_leader", "service", 20),
        Place("branch_head", "service", 20),
        Place("counter", "counter", 50),
        Place("service_desk", "clients", 50),
        Place("compliance", "inspect", 10, _("Suitability")),
        Place("audit", "inspect", 10, _("Suitability")),
    ),
)


class AssessmentsConfig(AppConfig):
    """Has the client answered the questionnaire?"""

    name = "keepwell.desk.assessments"
    label = "assessments"

    def ready(self) -> None:
        """Register the lists, name the acts, hang the panels on the card."""
        from keepwell.desk.assessments import exporting, notices, panels
        from keepwell.desk.audit import verbs
        from keepwell.desk.ui import exports

        register(replace(OWED, count=notices.waiting))
        for name, kind in exporting.KINDS.items():
            exports.register(name, kind)
        verbs.register(VERBS)
        panels.hang()
