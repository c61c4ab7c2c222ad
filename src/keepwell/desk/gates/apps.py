"""The room of gates."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs


class GatesConfig(AppConfig):
    """May this be done now?"""

    name = "keepwell.desk.gates"
    label = "gates"

    def ready(self) -> None:
        """Name this room's acts."""
        verbs.register(
            {
                "gates.count_touch": _("Counted a contact against the cap"),
                "gates.uncount_touch": _("Took a contact off the cap"),
                "gates.refuse_contact": _("Noted that a client wants no contact"),
                "gates.allow_contact": _("Noted that a client may be contacted again"),
            }
        )
