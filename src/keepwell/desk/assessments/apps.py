"""The room of assessments."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "assessments.send": _("Sent the link to the risk assessment"),
    "assessments.hand_over": _("Handed the device to the client for the risk assessment"),
    "assessments.withdraw": _("Withdrew the link to the risk assessment"),
    "assessments.receive": _("Took a client's answers over"),
    "assessments.refuse": _("Did not take a client's answers over"),
}


class AssessmentsConfig(AppConfig):
    """Has the client answered the questionnaire?"""

    name = "keepwell.desk.assessments"
    label = "assessments"

    def ready(self) -> None:
        """Name the acts and hang the panel on the card."""
        from keepwell.desk.assessments import panels
        from keepwell.desk.audit import verbs

        verbs.register(VERBS)
        panels.hang()
