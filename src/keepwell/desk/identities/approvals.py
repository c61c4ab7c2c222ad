"""What of this room waits on the page of approvals: a second person's word, pile by pile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from keepwell.desk.identities import second
from keepwell.desk.identities.facts import deadlines
from keepwell.desk.identities.facts import signing as due_dates
from keepwell.desk.identities.merges import queries as splits
from keepwell.desk.identities.merges import signing as splitting
from keepwell.desk.identities.pairs import queries as pairs
from keepwell.desk.identities.pairs import signing as judging
from keepwell.desk.identities.writeback import rules as letting_go
from keepwell.desk.identities.writeback import signing as files
from keepwell.desk.people.approvals import register


def hang() -> None:
    """Register them; called when the room is ready."""
    register(
        judging.KIND, _("Same person"), second.AGREE, judging.waiting, decided=judging.decided, rows=pairs.open_to
    )  # fmt: skip
    taken_back = _("Same person, taken back")
    register(judging.UNDO, taken_back, second.AGREE, judging.undo, rows=pairs.undo_open_to)
    register(
        splitting.KIND, _("Split"), second.AGREE, splitting.waiting, decided=splitting.decided, rows=splits.open_to
    )  # fmt: skip
    register(
        files.KIND, _("Write-back"), letting_go.AGREE, files.waiting, decided=files.decided, rows=files.open_to
    )  # fmt: skip
    later = _("Later due date")
    register(due_dates.KIND, later, deadlines.AGREE, due_dates.waiting, decided=due_dates.decided)
