"""The run's sums over classes."""

from __future__ import annotations

from keepwell.contract import changes
from keepwell.desk.classes import sums
from keepwell.desk.generations.decided import Decided


class ClassMove(Decided, table=changes.ClassMove):
    """Clients of each branch by class and state then and now."""


class FirmClass(Decided, table=sums.FirmClass, fill=sums.FIRM_CLASS):
    """Existing clients of the whole firm by class and state."""


class FirmMove(Decided, table=sums.FirmMove, fill=sums.FIRM_MOVE):
    """Clients of the whole firm by class and state then and now."""
