"""The clock of the tests of the desk: Monday, ten o'clock in Shanghai, on the made-up firm's day; then time goes on.

No test of the desk fails at night, on a weekend or in another year. As a program it is the desk's management commands
under this clock; `application` is the desk for a web server under it.
"""

from __future__ import annotations

import datetime as dt
import os
import time

from django.utils import timezone

MORNING = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
BEGAN = "KEEPWELL_TESTS_BEGAN"  # the processes of one session share their clock


def now() -> dt.datetime:
    """What `django.utils.timezone.now` answers."""
    began = float(os.environ.setdefault(BEGAN, str(time.time())))
    return MORNING + dt.timedelta(seconds=time.time() - began)


def settle() -> None:
    """Make it this process's clock, before anything asks the time."""
    timezone.now = now


if __name__ == "__main__":
    from keepwell.desk.site.manage import main

    settle()
    main()
