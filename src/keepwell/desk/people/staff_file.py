"""A file of staff, row by row: what each would become, beside what the logins and the current run say.

Reading proposes nothing: the preview shows every row with its result, and one proposal holds those that change.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from keepwell.contract.codes import Role
from keepwell.desk.columns import in_reader_language
from keepwell.desk.people import queries
from keepwell.desk.people.models import User
from keepwell.desk.people.rules import has_known_place, missing_place
from keepwell.desk.people.staff_source import StaffFacts, facts_of
from keepwell.desk.ui.http import sentence_of

LARGEST = 1_000_000
MOST_ROWS = 2_000
NEEDED = ("staff_code", "staff_name", "role")
PLACE = ("branch_code", "team_code")
NEW, OTHER, SAME, WRONG, CLOSED = "new", "other", "same", "wrong", "closed"


class BadFile(Exception):
    """A file that cannot be read; the sentence says what was found and what is allowed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: what it says, what would become of it, and why."""

    number: int
    row: dict[str, str]
    result: str
    told: str
    differs: str = ""

    @property
    def role_text(self) -> Any:
        """The role's name, `None` for one that does not exist."""
        return next((role.text for role in Role if str(role) == self.row["role"]), None)


def read(name: str, content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV or Excel file by column name. Raises `BadFile`."""
    if len(content) > LARGEST:
        raise BadFile(_("The file has more than 1 MB. Split it."))
    rows = _excel(content) if name.lower().endswith(".xlsx") else _csv(content)
    head = [cell.strip().lower() for cell in next(rows, [])]
    if missing := [column for column in NEEDED if column not in head]:
        raise BadFile(_("Columns are missing: %(columns)s.") % {"columns": ", ".join(missing)})
    found = [dict(zip(head, (cell.strip() for cell in row), strict=False)) for row in rows if any(row)]
    if len(found) > MOST_ROWS:
        raise BadFile(_("The file has more than 2,000 rows. Split it."))
    return [{name: row.get(name, "") for name in (*NEEDED, *PLACE)} for row in found]


def _csv(content: bytes) -> Any:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return iter(csv.reader(io.StringIO(text.replace("\0", ""))))
    raise BadFile(_("The file is neither UTF-8 nor GB18030. Save it as CSV in UTF-8."))


def _excel(content: bytes) -> Any:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, zipfile.BadZipFile) as error:
        raise BadFile(_("This is not an Excel file that can be read: %(why)s") % {"why": error}) from error
    return ([_cell(cell) for cell in row] for row in sheet.to_python())


def _cell(value: Any) -> str:
    """Numbers as they are typed: Excel makes 12 of it a float."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def compared(rows: Sequence[Mapping[str, str]]) -> list[Line]:
    """Each row with what would become of it."""
    codes = [row["staff_code"] for row in rows]
    logins = {user.staff_code: user for user in queries.with_codes(codes)}
    facts, seen = facts_of(codes), set[str]()
    lines = []
    for number, row in enumerate(rows, start=2):
        lines.append(
            _line(number, dict(row), logins.get(row["staff_code"]), facts.get(row["staff_code"]), seen)
        )
        seen.add(row["staff_code"])
    return lines


def _line(
    number: int, row: dict[str, str], login: User | None, facts: StaffFacts | None, seen: set[str]
) -> Line:
    differs = _differs(row, facts)
    if facts:
        row |= {name: row[name] or getattr(facts, name) for name in PLACE}
    if wrong := _wrong(row, seen):
        return Line(number, row, WRONG, wrong, differs)
    if facts and facts.left_on:
        return Line(number, row, CLOSED, _("has left; no login is proposed"), differs)
    if login is None:
        return Line(number, row, NEW, _("a new login is proposed"), differs)
    same = login.is_active and all(getattr(login, name) == row[name] for name in ("role", *PLACE))
    if same:
        return Line(number, row, SAME, _("stays as it is"), differs)
    return Line(
        number, row | {"username": login.username}, OTHER, _("another role or place is proposed"), differs
    )


def _wrong(row: Mapping[str, str], seen: set[str]) -> str:
    if not row["staff_code"] or not row["staff_name"]:
        return _("staff number or name is missing")
    if max(len(row[name]) for name in ("staff_code", *PLACE)) > 16 or len(row["staff_name"]) > 40:
        return _("too long: numbers up to 16 signs, names up to 40")
    if row["staff_code"] in seen:
        return _("stands in the file twice")
    if row["role"] not in set(map(str, Role)):
        return _("no such role: %(found)s") % {"found": row["role"][:20]}
    if missing := missing_place(row["role"], dict(row)):
        return _("this role needs %(column)s") % {"column": missing}
    return sentence_of(has_known_place(row))


def _differs(row: Mapping[str, str], facts: StaffFacts | None) -> str:
    """What the current run says otherwise."""
    if facts is None:
        return _("not in the run's staff file")
    role = next((in_reader_language(role.text) for role in Role if str(role) == facts.role), facts.role)
    told = [
        (row["role"] != facts.role, role),
        (bool(row["branch_code"]) and row["branch_code"] != facts.branch_code, facts.branch_name),
        (bool(row["team_code"]) and row["team_code"] != facts.team_code, facts.team_name),
    ]
    return " · ".join(text for is_other, text in told if is_other)


def proposable(lines: Iterable[Line]) -> list[dict[str, str]]:
    """Rows of a proposal: the new and the changed."""
    return [
        {
            "username": line.row.get("username") or line.row["staff_code"],
            "display_name": line.row["staff_name"],
            **{name: line.row[name] for name in ("role", "staff_code", *PLACE)},
        }
        for line in lines
        if line.result in {NEW, OTHER}
    ]
