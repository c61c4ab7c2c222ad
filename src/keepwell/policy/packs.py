"""The packs in force on a date: Keepwell's defaults, and the firm's own before them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from keepwell.policy.allocation import Allocation
from keepwell.policy.calendars import Calendars
from keepwell.policy.clients import Activity, Clients, Grading, Identity
from keepwell.policy.contact import Complaints, Contact, Scripts
from keepwell.policy.decisions import Features, Ingest, Moments, RunRetention
from keepwell.policy.errors import PackError
from keepwell.policy.loading import build, read_toml
from keepwell.policy.pack import Pack
from keepwell.policy.people import People
from keepwell.policy.related import Related
from keepwell.policy.remediation import Remediation
from keepwell.policy.suitability import Questionnaires, Suitability
from keepwell.policy.value import Value
from keepwell.policy.years import load_calendars

DEFAULTS = Path(__file__).parent / "packs"

PACK_TYPES: dict[str, type[Pack]] = {
    "clients": Clients,
    "identity": Identity,
    "related": Related,
    "features": Features,
    "suitability": Suitability,
    "questionnaires": Questionnaires,
    "grading": Grading,
    "activity": Activity,
    "value": Value,
    "allocation": Allocation,
    "moments": Moments,
    "contact": Contact,
    "scripts": Scripts,
    "complaints": Complaints,
    "people": People,
    "remediation": Remediation,
    "retention_of_runs": RunRetention,
    "ingest": Ingest,
}


@dataclass(frozen=True)
class Packs:
    """The rules of one run: each pack as it is in force on ``as_of``, and the calendars."""

    as_of: date
    clients: Clients
    identity: Identity
    related: Related
    features: Features
    suitability: Suitability
    questionnaires: Questionnaires
    grading: Grading
    activity: Activity
    value: Value
    allocation: Allocation
    moments: Moments
    contact: Contact
    scripts: Scripts
    complaints: Complaints
    people: People
    remediation: Remediation
    retention_of_runs: RunRetention
    ingest: Ingest
    calendars: Calendars

    def all(self) -> tuple[Pack, ...]:
        """The packs without the calendars, in the order of the fields."""
        values = (getattr(self, field.name) for field in dataclasses.fields(self))
        return tuple(value for value in values if isinstance(value, Pack))

    def versions(self) -> dict[str, str]:
        """Pack id -> version, calendars' years included, sorted, for the manifest of a run."""
        packs = [(pack.header.id, pack.version) for pack in self.all()]
        return dict(sorted([*packs, *self.calendars.versions]))


def load_packs(as_of: date, firm_folder: Path | None = None, calendar: str = "cn") -> Packs:
    """The packs in force on ``as_of``; a pack of ``firm_folder/*.toml`` stands before the default of the same id.

    ``calendar`` names the calendars (``cn`` or ``weekdays``, or one of the firm's). Raises PackError for a bad file,
    versions of one pack that overlap, or a pack of which no version is in force; CalendarError for an unknown calendar.
    """
    if firm_folder is not None and not firm_folder.is_dir():
        raise PackError(firm_folder, "(folder)", "no such folder", "the folder with the firm's packs")
    defaults = _shipped()
    own = versions_in(firm_folder) if firm_folder is not None else {}
    chosen = {
        pack_id: _in_force(own.get(pack_id, ()), as_of) or _default(pack_id, defaults.get(pack_id, ()), as_of)
        for pack_id in PACK_TYPES
    }
    return Packs(as_of=as_of, calendars=load_calendars(calendar, firm_folder), **chosen)  # type: ignore[arg-type]  # PACK_TYPES pairs each id with its type


@cache
def _shipped() -> dict[str, tuple[Pack, ...]]:
    """The defaults: they come with the code, so that they are read once."""
    return versions_in(DEFAULTS)


def versions_in(folder: Path) -> dict[str, tuple[Pack, ...]]:
    """All versions of all packs in a folder, by id, earliest first. Raises PackError; versions may not overlap."""
    found: dict[str, list[tuple[Path, Pack]]] = {}
    for path in sorted(folder.glob("*.toml")):
        pack = load_pack(path)
        found.setdefault(pack.header.id, []).append((path, pack))
    for versions in found.values():
        versions.sort(key=lambda one: one[1].header.in_force_from)
        for (_, earlier), (path, later) in pairwise(versions):
            _require_apart(earlier, later, path)
    return {pack_id: tuple(pack for _, pack in versions) for pack_id, versions in found.items()}


def load_pack(path: Path) -> Pack:
    """One pack of whatever kind its header's id names. Raises PackError."""
    tables = read_toml(path)
    header = tables.get("header")
    pack_id = header.get("id") if isinstance(header, dict) else None
    if pack_id not in PACK_TYPES:
        raise PackError(path, "header.id", repr(pack_id), "one of " + ", ".join(PACK_TYPES))
    return build(PACK_TYPES[pack_id], tables, path)


def _require_apart(earlier: Pack, later: Pack, path: Path) -> None:
    ends = earlier.header.in_force_to
    if ends is None or later.header.in_force_from < ends:
        until = "no end" if ends is None else f"to {ends}"
        raise PackError(
            path,
            "header.in_force_from",
            str(later.header.in_force_from),
            f"a date not before version {earlier.header.version} of {later.header.id!r} ends (it has {until})",
        )


def _in_force(versions: tuple[Pack, ...], as_of: date) -> Pack | None:
    return next((pack for pack in versions if pack.header.is_in_force(as_of)), None)


def _default(pack_id: str, versions: tuple[Pack, ...], as_of: date) -> Pack:
    pack = _in_force(versions, as_of)
    if pack is None:
        spans = [f"{p.header.in_force_from} to {p.header.in_force_to or 'open'}" for p in versions]
        known = ", ".join(spans) or "no version at all"
        raise PackError(
            DEFAULTS / f"{pack_id}.toml", "header.in_force_from", str(as_of), f"an as-of date in {known}"
        )
    return pack
