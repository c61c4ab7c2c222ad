"""The tour as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

from keepwell.desk.ui.navigation import Help, register_help


class TourConfig(AppConfig):
    """What is there to see in the made-up firm?"""

    name = "keepwell.desk.tour"
    label = "tour"

    def ready(self) -> None:
        """Offer the tour in the frame, and on the home of whoever logs in and has not seen it."""
        from keepwell.desk.tour import ticks

        register_help(
            Help(
                url="tour:tour",
                dismiss="tour:dismiss",
                label=_("Five-minute tour"),
                offered=ticks.is_offered,
                banner=ticks.banner,
            )
        )
        user_logged_in.connect(ticks.welcome, dispatch_uid="tour.welcome")
