"""The room of contacts."""

from __future__ import annotations

from dataclasses import replace

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit import verbs
from keepwell.desk.ui.navigation import Page, Place, register, register_client_act

TODAY = Page(
    url="contacts:today",
    label=_("Today"),
    permission="contacts.read_today",
    places=(
        Place("manager", "work", 10),
        Place("adviser", "work", 10),
        Place("team_leader", "work", 10),
        Place("service_desk", "intake", 10),
    ),
    homes={"manager": 9, "adviser": 9, "service_desk": 9},
)
LOG = Page(
    url="contacts:log",
    label=_("Contacts"),
    permission="contacts.read_log",
    places=(
        Place("manager", "work", 30),
        Place("adviser", "work", 30),
        Place("counter", "counter", 20),
        Place("service_desk", "clients", 20),
    ),
)


class ContactsConfig(AppConfig):
    """Whom to contact first, why, and what was said?"""

    name = "keepwell.desk.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Register the pages, the kinds of tasks this room opens, its panels on the card, its verbs."""
        from keepwell.desk.contacts import arranging, panels, sentences
        from keepwell.desk.work import kinds

        register(replace(TODAY, count=panels.waiting))
        register(LOG)
        register_client_act("contacts:record", _("Record a contact"), "contacts.record")
        kinds.register("promise", _("Promise"), sentence=sentences.promised, tone="good", priority=5)
        kinds.register(
            "appointment", _("Appointment"), sentence=sentences.appointed, tone="accent", priority=25
        )
        panels.hang()
        arranging.offer()
        verbs.register(
            {
                "contacts.record_contact": _("Recorded a contact"),
                "contacts.record_outcome": _("Recorded what became of a task"),
                "contacts.undo_outcome": _("Took a recorded outcome back"),
                "contacts.list_again": _("Listed a task again that was put off"),
                "contacts.complete_contact": _("Added topic, need or promise"),
                "contacts.correct_contact": _("Corrected a contact"),
                "contacts.add_remark": _("Added a remark to a contact"),
                "contacts.appoint": _("Made an appointment"),
                "contacts.dial": _("Asked for a number to dial"),
                "contacts.arrange": _("Arranged contacts in bulk"),
            }
        )
