"""The file that is written back: what waits, with secret values opened, as the bytes that leave."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils import timezone

from keepwell.desk.identities.models import WriteBackRow
from keepwell.desk.identities.writeback.due import Line
from keepwell.desk.identities.writeback.vault import vault
from keepwell.desk.ui import sheets

COLUMNS = (
    "file", "row", "customer_number", "branch", "field", "change", "old_value", "new_value", "source",
    "verified_by", "verified_at", "verified_how", "act",
)  # fmt: skip
EMAIL = "email"


def opened(lines: Sequence[Line], run_id: str) -> list[Line]:
    """The rows with the values of secret facts; a row whose value the run does not have is left out."""
    secret = [line for line in lines if line.secret]
    clients = vault().secrets(run_id, {line.client_id for line in secret if line.secret != EMAIL})
    emails = vault().emails(run_id, {line.source_code for line in secret if line.secret == EMAIL})
    return [
        replace(line, value=value)
        for line in lines
        if (value := _value(line, clients, emails)) or line.change != WriteBackRow.Change.SET
    ]


def _value(line: Line, clients: Mapping[str, Mapping[str, str]], emails: Mapping[str, str]) -> str:
    if not line.secret:
        return line.value
    if line.secret == EMAIL:
        return emails.get(line.source_code, "")
    return clients.get(line.client_id, {}).get(line.secret, "")


def written(number: int, lines: Sequence[Line]) -> bytes:
    """The file's bytes: CSV in UTF-8 with a header, one row a customer number, field and act; no text is a formula."""
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(COLUMNS)
    for nth, line in enumerate(lines, start=1):
        at = timezone.localtime(line.at).isoformat(timespec="seconds")
        out.writerow(
            (number, nth, line.record_code, line.branch_code, line.field, line.change, _text(line.old_shown),
             _text(line.value), line.source_code, _text(line.by), at, line.how, line.act)
        )  # fmt: skip
    return text.getvalue().encode()


def _text(value: str) -> str:
    """A text as every file of the desk holds it; a phone with its country's number before it is no formula."""
    return value if value[:1] == "+" and value[1:].isdecimal() else sheets.safe(value)
