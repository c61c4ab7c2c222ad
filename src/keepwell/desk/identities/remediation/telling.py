"""What the board of remediation and the page of data quality show: figures, charts, rows, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keepwell.contract.golden import Fact
from keepwell.contract.quality import GapKind
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.clients.sentences import language
from keepwell.desk.columns import lazy_text
from keepwell.desk.gates import signed
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.models import DataGap, IdentityConflict, Remediation, RemediationStatistic
from keepwell.desk.identities.reach import sees_names
from keepwell.desk.identities.remediation import queries
from keepwell.desk.identities.remediation.queries import Progress, Sums, Wanted
from keepwell.desk.people.models import User
from keepwell.desk.ui import charts, formats
from keepwell.policy.pack import Evidence

TONES = {
    str(GapKind.DIFFERS): "accent",
    str(GapKind.EXPIRED): "warning",
    str(GapKind.MISREAD): "warning",
    str(GapKind.MISSING): "plain",
}
N_BARS = 12
MONTH = 30.4375  # days


def evidence_of(generation: Generation, key: str) -> Evidence:
    """How well a number of the signed rule is known."""
    pack = signed.packs(generation, generation.as_of_on).remediation
    return pack.mark_of(key)


def has_batches(generation: Generation) -> bool:
    """Whether the firm has signed days of its own before the last one."""
    return bool(signed.packs(generation, generation.as_of_on).remediation.existing.batches)


def rows_told(rows: Sequence[Remediation], user: User) -> list[dict[str, Any]]:
    """Clients with what is wrong by kind; a fact in which records disagree leads to its conflict."""
    ids = [row.client_id for row in rows]
    gaps, conflicts = queries.gaps_of(ids), queries.conflicts_of(ids)
    may_verify, may_open = bool(user.may("identities.read_conflicts")), bool(user.may("clients.read"))
    told = []
    for row in rows:
        name, ways = row.client.line.client_name, conflicts.get(row.client_id, []) if may_verify else []
        told.append(
            {
                "row": row,
                "name": name if sees_names(user) else formats.mask_name(name),
                "url": reverse("clients:card", args=[row.client_id]) if may_open else "",
                "kinds": _kinds(gaps.get(row.client_id, []), ways),
                "conflict_url": _address(ways[0]) if ways else "",
            }
        )
    return told


def _kinds(gaps: Sequence[DataGap], conflicts: Sequence[IdentityConflict]) -> list[dict[str, Any]]:
    """What is wrong, kind by kind, with the facts."""
    ways = {row.golden_field: _address(row) for row in reversed(conflicts)}
    differs = str(GapKind.DIFFERS)
    return [
        {
            "label": _kind(kind),
            "tone": tone,
            "facts": [
                {
                    "label": _fact(gap.golden_field),
                    "url": ways.get(gap.golden_field, "") if kind == differs else "",
                }
                for gap in gaps
                if gap.gap_kind == kind
            ],
        }
        for kind, tone in TONES.items()
        if any(gap.gap_kind == kind for gap in gaps)
    ]


def said(told: dict[str, Any]) -> str:
    """What is wrong with a client, in one line."""
    colon, comma, stop = ("：", "、", "；") if language() != "en" else (": ", ", ", "; ")
    return stop.join(
        f"{kind['label']}{colon}{comma.join(fact['label'] for fact in kind['facts'])}"
        for kind in told["kinds"]
    )


def _address(row: IdentityConflict) -> str:
    return f"{reverse('identities:conflict')}?{urlencode({'key': row.conflict_key})}"


def next_of(told: Sequence[dict[str, Any]]) -> str:
    """Where the first client of the list is worked on: their gravest conflict, else their card."""
    if not told:
        return ""
    first = told[0]
    return str(first["conflict_url"] or first["url"])


def board(branch: str, on: dt.date) -> dict[str, Any]:
    """How far it has come, by date; with how many a month it would be done in time."""
    rows = queries.dates(branch)
    done = queries.progress(rows, on)
    return {
        "progress": done,
        "figures": progress_figures(done, rows, on, branch),
        "dates": [
            {"row": row, "n_open": row.n_clients - row.n_done, "is_past": row.due_on < on} for row in rows
        ],
        "course": _course(branch),
    }


def progress_figures(
    done: Progress, rows: Sequence[RemediationStatistic], on: dt.date, branch: str
) -> list[dict[str, Any]]:
    """How far a branch or the firm has come, in figures."""
    past = urlencode({"branch": branch, queries.PAST: "1"})
    return [
        {"label": _("Clients of before the measure"), "value": formats.number(done.n_clients)},
        {
            "label": _("Whole"),
            "value": formats.number(done.n_done),
            "note": formats.percent(done.share) if done.n_clients else "",
        },
        {"label": _("Still open"), "value": formats.number(done.n_open), "note": _pace(done, rows, on)},
        {
            "label": _("Past the date"),
            "value": formats.number(done.n_past),
            "tone": "bad" if done.n_past else "",
            "link": f"?{past}" if done.n_past and branch else "",  # the firm's page lists branches
        },
    ]


def _pace(done: Progress, rows: Sequence[RemediationStatistic], on: dt.date) -> str:
    """How many clients a month it takes to be done by the last date."""
    last = max((row.due_on for row in rows), default=None)
    if last is None or last <= on or not done.n_open:
        return ""
    n = -(-done.n_open // max(1, round((last - on).days / MONTH)))
    said = ngettext(
        "%(n)s client a month to be done by %(day)s", "%(n)s clients a month to be done by %(day)s", n
    )
    return said % {"n": formats.number(n), "day": last.isoformat()}


def _course(branch: str) -> charts.Chart | None:
    """Whole and all existing clients, run by run; `None` with fewer than two runs."""
    points = queries.trend(branch)
    if len(points) < 2:
        return None
    first, last = points[0], points[-1]
    sentence = _("Whole: %(before)s of %(all_before)s on %(first)s, %(now)s of %(all_now)s on %(last)s.") % {
        "before": formats.number(first.n_done), "all_before": formats.number(first.n_existing),
        "now": formats.number(last.n_done), "all_now": formats.number(last.n_existing),
        "first": first.on.isoformat(), "last": last.on.isoformat(),
    }  # fmt: skip
    return charts.axes(
        sentence,
        [point.on.isoformat() for point in points],
        [
            charts.Series(_("Whole"), [point.n_done for point in points], area=True),
            charts.Series(_("Existing clients"), [point.n_existing for point in points], role="comparison"),
        ],
        unit=_("clients"),
        first=_("data as of"),
    )


def branches_told(cursor: str, on: dt.date) -> dict[str, Any]:
    """The firm's branches with their progress and their gaps."""
    found = queries.branches(cursor)
    codes = [row.branch_code for row in found.rows]
    names, progress = branch_names(codes), queries.progress_of(codes, on)
    return {
        "branches": [
            {
                "row": row,
                "name": names.get(row.branch_code, row.branch_code),
                "progress": progress[row.branch_code],
                "query": urlencode({"branch": row.branch_code}),
                "hours": row.fix_minutes / 60,
                "share": 1 - row.n_to_mend / row.n_clients if row.n_clients else None,
            }
            for row in found.rows
        ],
        "found": found,
    }


def kinds(wanted: Wanted) -> list[dict[str, Any]]:
    """The filter of the list as chips; the branch chosen stays chosen."""
    own = {"branch": wanted.branch} if wanted.branch else {}
    chips: list[tuple[dict[str, str], Any, bool]] = [({}, _("All"), not wanted.kind and not wanted.is_past)]
    chips += [({"kind": str(kind)}, lazy_text(kind.text), wanted.kind == str(kind)) for kind in GapKind]
    chips.append(({queries.PAST: "1"}, _("Past the date"), wanted.is_past))
    return [
        {"query": urlencode(own | asked), "label": label, "is_on": is_on} for asked, label, is_on in chips
    ]


def quality_of(branch: str) -> dict[str, Any]:
    """Figures, what is wrong most often, and how it went from run to run."""
    told = queries.sums(branch)
    return {"sums": told, "figures": _figures(told), "by_fact": _by_fact(branch), "trend": _trend(branch)}


def _figures(told: Sums) -> list[dict[str, Any]]:
    def of(n: int) -> str:
        return (
            _("%(share)s of open clients") % {"share": formats.percent(n / told.n_clients)}
            if told.n_clients
            else ""
        )

    gaps = _("gaps")
    return [
        {"label": _("Open clients"), "value": formats.number(told.n_clients), "note": _("clients")},
        {"label": _("Clients to mend"), "value": formats.number(told.n_to_mend), "note": of(told.n_to_mend)},
        {"label": lazy_text(GapKind.MISSING.text), "value": formats.number(told.n_missing), "note": gaps},
        {"label": lazy_text(GapKind.EXPIRED.text), "value": formats.number(told.n_expired), "note": gaps,
         "tone": "warning" if told.n_expired else ""},
        {"label": lazy_text(GapKind.MISREAD.text), "value": formats.number(told.n_misread), "note": gaps},
        {"label": lazy_text(GapKind.DIFFERS.text), "value": formats.number(told.n_differing), "note": gaps},
        {"label": _("Hours to mend"), "value": formats.number(told.fix_minutes / 60, 1)},
    ]  # fmt: skip


def _by_fact(branch: str) -> charts.Chart | None:
    found = queries.by_fact(branch)
    if not found:
        return None
    items = [(f"{_fact(fact)} · {_kind(kind)}", n) for fact, kind, n in found]
    what, n = items[0]
    said = ngettext("Most often: %(what)s, %(n)s client.", "Most often: %(what)s, %(n)s clients.", n)
    sentence = said % {"what": what, "n": formats.number(n)}
    return charts.bars(
        sentence, items[:N_BARS], unit=_("clients"), first=_("Gap"), second=_("Clients"),
        height="high" if len(items) > 6 else "middle",
    )  # fmt: skip


def _fact(code: str) -> str:
    return str(Fact.of(code).text.in_language(language()))


def _kind(code: str) -> str:
    return str(GapKind.of(code).text.in_language(language()))


def _trend(branch: str) -> charts.Chart | None:
    """Gaps by kind from run to run; `None` with fewer than two runs."""
    points = queries.trend(branch)
    if len(points) < 2:
        return None
    first, last = (sum(_counts(point)) for point in (points[0], points[-1]))
    sentence = _("Gaps: %(before)s on %(first)s, %(now)s on %(last)s.") % {
        "before": formats.number(first), "first": points[0].on.isoformat(),
        "now": formats.number(last), "last": points[-1].on.isoformat(),
    }  # fmt: skip
    return charts.axes(
        sentence,
        [point.on.isoformat() for point in points],
        [
            charts.Series(_kind(kind), [getattr(point, name) for point in points])
            for kind, name in queries.COUNTS.items()
            if any(getattr(point, name) for point in points)  # a line along the bottom hides another
        ],
        unit=_("gaps"),
        first=_("data as of"),
    )


def _counts(point: Any) -> list[int]:
    return [getattr(point, name) for name in queries.COUNTS.values()]


def rates(generation: Generation) -> list[dict[str, Any]]:
    """What mending takes and is worth, as signed."""
    pack = signed.packs(generation, generation.as_of_on).remediation
    return [
        {"kind": lazy_text(fix.gap_kind.text), "n_minutes": fix.n_minutes, "n_points": fix.n_points}
        for fix in pack.fixes
    ]
