"""What the pages of runs show, as the manifests and telemetry tell it; nothing is said that a run has not said."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from keepwell.contract import TABLES
from keepwell.contract.codes import CarriedChange
from keepwell.desk.clients.sentences import language
from keepwell.desk.columns import lazy_text
from keepwell.desk.exchange import folders, queries, stops
from keepwell.desk.exchange.folders import RunFolder
from keepwell.desk.exchange.stops import stage_text
from keepwell.desk.gates.signed import packs_on
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.ui import charts, formats
from keepwell.policy.decisions import RunRetention
from keepwell.policy.errors import PolicyError

SHOWN = 50
MONTHS = 12
GIB = 2**30


def seconds(run: RunFolder) -> float | None:
    """How long the run took, as its telemetry says; `None` where it says nothing."""
    told = run.telemetry
    if "started_at" not in told or "ended_at" not in told:
        return None
    started, ended = (dt.datetime.fromisoformat(told[name]) for name in ("started_at", "ended_at"))
    return (ended - started).total_seconds()


def runs(current: Generation | None, user: User) -> dict[str, Any]:
    """The list of runs, newest first, the run in flight, and the one that stopped."""
    found = folders.known()[:SHOWN]
    published = folders.current()
    waits = published is not None and (current is None or published.run_id != current.run_id)
    return {
        "rows": [_line(run, current) for run in found],
        "waiting": published.run_id if waits and published else "",
        "flight": flight(),
        "stop": stops.last(current, user),
    }


def _line(run: RunFolder, current: Generation | None) -> dict[str, Any]:
    manifest = run.manifest
    rows = manifest["rows"]
    return {
        "run_id": run.run_id,
        "as_of": dt.date.fromisoformat(manifest["as_of"]),
        "firm": manifest["firm"],
        "n_clients": rows["client"],
        "n_changes": rows["client_change"] if manifest["parent"] else None,
        "parent": manifest["parent"],
        "counts": manifest["counts"],
        "seconds": seconds(run),
        "is_current": current is not None and run.run_id == current.run_id,
    }


def flight() -> dict[str, Any] | None:
    """The run in flight, or `None`; one whose process is gone was killed and says so."""
    told = folders.progress()
    if told is None:
        return None
    of = int(told.get("of") or 0)
    done = int(told.get("n") or 0)
    place = _("stage %(place)d of %(n)d") % {"place": told["place"], "n": told["n_stages"]} + " · "
    return {
        "label": _("Run #%(run)s") % {"run": formats.run_number(told["run_id"])},
        "stage": f"{place if told['place'] else ''}{stage_text(told['stage'])}",
        "done": done,
        "total": of,
        "share": round(done / of * 100) if of else None,
        "note": _("as of %(day)s, started %(at)s")
        % {"day": told["as_of"], "at": formats.moment(dt.datetime.fromisoformat(told["started_at"]))},
        "is_killed": not stops.lives(int(told["pid"])),
    }


def run(folder: RunFolder, user: User, current: Generation | None) -> dict[str, Any]:
    """One run: what came in, how long each stage took, what it made, what it was made of."""
    manifest = folder.manifest
    is_current = current is not None and current.run_id == folder.run_id
    changes = queries.change_counts() if is_current and manifest["parent"] else []
    return {
        "run_id": folder.run_id,
        "manifest": manifest,
        "is_current": is_current,
        "as_of": dt.date.fromisoformat(manifest["as_of"]),
        "figures": _figures(folder),
        "deliveries": [_delivery(row) for row in manifest["inputs"]],
        "stages": [
            {**stage, "text": stage_text(stage["name"])} for stage in folder.telemetry.get("stages", [])
        ],
        "stage_chart": _stage_chart(folder),
        "outputs": [
            _output(place, digest, manifest["rows"]) for place, digest in manifest["outputs"].items()
        ],
        **_rules(manifest),
        "acts": _acts(manifest),
        "may_read_changes": bool(user.may("clients.read_changes")),
        "manifest_hash": folder.manifest_hash,
        "changes": [(lazy_text(CarriedChange(what).text), what, n) for what, n in changes],  # type: ignore[call-arg]  # an enum's look-up
    }


def _rules(manifest: dict[str, Any]) -> dict[str, Any]:
    """The packs the run decided by, each with its version and who answers for it; what is kept, how long and why."""
    try:
        signed = packs_on(dt.date.fromisoformat(manifest["as_of"]), manifest["calendar"])
    except PolicyError:  # a pack mended or broken since: the run's own versions still stand
        return {
            "policies": [
                {"title": name, "version": one} for name, one in sorted(manifest["policies"].items())
            ]
        }
    known = {pack.header.id: pack.header for pack in signed.all()}
    rows = []
    for name, version in sorted(manifest["policies"].items()):
        row: dict[str, Any] = {"title": name, "version": f"{name} {version}"}
        if header := known.get(name):
            row |= {"title": lazy_text(header.title), "role": lazy_text(header.owner.text)}
            row["owner"] = settings.FIRM_OWNERS.get(str(header.owner), "")
        rows.append(row)
    return {"policies": rows, "kept": _kept(signed.retention_of_runs)}


def _kept(pack: RunRetention) -> dict[str, Any]:
    asked = settings.FIRM_YEARS_KEPT
    return {
        "latest": pack.n_latest,
        "latest_mark": pack.mark_of("n_latest").mark,
        "months": pack.n_month_ends,
        "years": pack.n_month_ends // MONTHS,
        "months_mark": pack.mark_of("n_month_ends").mark,
        "holds": len(pack.legal_hold_run_ids),
        "ground": lazy_text(pack.header.article),
        "regulation": lazy_text(pack.header.regulation),
        "asked": asked,
        "differs": asked is not None and asked * MONTHS != pack.n_month_ends,
    }


def _acts(manifest: dict[str, Any]) -> dict[str, Any]:
    """What people decided at the desk and the run took in; a run of before there were any says nothing."""
    cut, told = manifest.get("returns_cut"), manifest.get("returned", {})
    n_unrouted = manifest["rows"].get("returned_unrouted", 0)
    return {
        "cut": dt.datetime.fromisoformat(cut) if cut else None,
        "counts": [(lazy_text(TABLES[name].title), n) for name, n in told.items()],
        "n_unrouted": n_unrouted,
        "unrouted": lazy_text(TABLES["returned_unrouted"].title),
    }


def _figures(folder: RunFolder) -> list[dict[str, Any]]:
    manifest = folder.manifest
    counts, rows = manifest["counts"], manifest["rows"]
    return [
        {"label": _("Clients"), "value": formats.number(rows["client"]), "note": manifest["firm"]},
        {
            "label": _("Rows read"),
            "value": formats.number(counts["read"]),
            "note": _("accepted + quarantined + repeated"),
        },
        {"label": _("Accepted"), "value": formats.number(counts["accepted"]), "note": ""},
        {
            "label": _("Quarantined"),
            "value": formats.number(counts["quarantined"]),
            "tone": "warning" if counts["quarantined"] else "",
            "note": "",
        },
        {"label": _("Repeated"), "value": formats.number(counts["repeated"]), "note": ""},
        {
            "label": _("Took"),
            "value": formats.duration(seconds(folder), language()),
            "note": _("calendar %(name)s, %(currency)s")
            % {"name": manifest["calendar"], "currency": manifest["currency"]},
        },
    ]  # fmt: skip


def _delivery(row: dict[str, Any]) -> dict[str, Any]:
    table = TABLES.get(row["table_name"])
    adds_up = row["n_read"] == row["n_accepted"] + row["n_quarantined"] + row["n_repeated"]
    told = lazy_text(table.title) if table else row["table_name"]
    # A file that feeds several tables is delivered as "file → table"; its quarantined rows name the file.
    return {**row, "table": told, "adds_up": adds_up, "file": row["file_name"].partition(" → ")[0]}


def _output(place: str, digest: str, rows: dict[str, int]) -> dict[str, Any]:
    name = place.rpartition("/")[2].removesuffix(".parquet")
    table = TABLES.get(name)
    return {
        "place": place,
        "title": lazy_text(table.title) if table else name,
        "n": rows.get(name),
        "digest": digest,
    }


def _stage_chart(folder: RunFolder) -> charts.Chart | None:
    stages = folder.telemetry.get("stages", [])
    if not stages:
        return None
    longest = max(stages, key=lambda stage: stage["wall_seconds"])
    sentence = _("%(stage)s took longest: %(seconds)s.") % {
        "stage": stage_text(longest["name"]),
        "seconds": formats.duration(longest["wall_seconds"], language()),
    }
    items = [(stage_text(stage["name"]), stage["wall_seconds"]) for stage in stages]
    return charts.bars(sentence, items, unit=_("seconds"), first=_("Stage"), second=_("Seconds"))
