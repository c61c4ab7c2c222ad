"""The ui floor as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from keepwell.desk.ui import navigation


class UiConfig(AppConfig):
    """Registers the pages of this floor: background jobs and the gallery."""

    name = "keepwell.desk.ui"
    label = "ui"

    def ready(self) -> None:
        """Register navigation."""
        navigation.register(
            navigation.Page(
                url="ui:jobs",
                label=_("Background jobs"),
                permission="people.own",
                places=(navigation.Place("admin", "runs", 40),),
            )
        )
        navigation.register(
            navigation.Page(
                url="ui:gallery",
                label=_("Gallery"),
                permission="ui.gallery",  # no entry of a menu: one's settings and the palette lead to it
            )
        )
