"""The room of gates."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.ui.navigation import Page, Place, register, register_client_act

MATCH = Page(
    url="gates:match",
    label=_("Product match"),
    permission="gates.match",
    places=(
        Place("manager", "reference", 20),
        Place("adviser", "reference", 20),
        Place("counter", "reference", 20),
    ),
)


class GatesConfig(AppConfig):
    """May this be done now?"""

    name = "keepwell.desk.gates"
    label = "gates"

    def ready(self) -> None:
        """Register the page, what hangs on the card, and this room's acts."""
        from keepwell.desk.gates import panels

        register(MATCH)
        register_client_act("gates:match_client", _("Check a product match"), MATCH.permission)
        panels.hang()
        verbs.register(
            {
                "gates.count_touch": _("Counted a contact against the cap"),
                "gates.uncount_touch": _("Took a contact off the cap"),
                "gates.refuse_contact": _("Noted that a client wants no contact"),
                "gates.check_match": _("Checked whether a product matches"),
                "gates.record_warning": _("Recorded a signed warning and its recording"),
                "gates.second_match": _("Looked at a match as the second person"),
                "gates.allow_contact": _("Noted that a client may be contacted again"),
            }
        )
