"""The firm's log as a file: what the page's filters leave, within what the reader may read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keepwell.desk.audit import queries
from keepwell.desk.audit.forms import LogFilter
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.audit.verbs import reason_text, verb_text
from keepwell.desk.ui.exports import AT_MOST, Kind

NAME = "audit.export_log"


def columns(_user: Any) -> Sequence[str]:
    """What the page shows, and the whole hash."""
    head = [_("Entry"), _("Time"), _("Person"), _("Role"), _("Act"), _("Subject"), _("Outcome"), _("Reason")]
    return [*head, _("Run"), _("Hash")]


def _wanted(user: Any, query: str) -> Any:
    form = LogFilter(QueryDict(query))
    return queries.firm_log(user, **(form.cleaned_data if form.is_valid() else {}))


def count(user: Any, query: str, at_most: int) -> int:
    """How many entries pass, counted up to a limit."""
    return int(_wanted(user, query).order_by()[:at_most].count())


def rows(user: Any, query: str) -> Iterator[Sequence[Any]]:
    """The entries that pass, newest first."""
    for entry in _wanted(user, query).order_by("-id")[:AT_MOST]:
        yield _row(entry)


def _row(entry: FirmEntry) -> Sequence[Any]:
    return [
        entry.pk,
        entry.at,
        entry.actor_name or _("System"),
        entry.role_text.in_language(get_language() or "zh-hans") if entry.role_text else "",
        verb_text(entry.verb),
        f"{entry.subject_kind} {entry.subject_id}".strip(),
        entry.get_outcome_display(),
        f"{reason_text(entry.reason)} ({entry.reason})" if entry.reason else "",
        entry.run,
        entry.payload_hash,
    ]


def told(query: str) -> str:
    """The filters in words."""
    form = LogFilter(QueryDict(query))
    if not form.is_valid():
        return ""
    named = [(form.fields[name].label, value) for name, value in form.cleaned_data.items() if value]
    return ", ".join(f"{label}: {verb_text(str(value))}" for label, value in named)


KIND = Kind(
    label=gettext_lazy("Audit log"),
    permission="audit.export",
    columns=columns,
    rows=rows,
    count=count,
    told=told,
    page="audit:log",
)
