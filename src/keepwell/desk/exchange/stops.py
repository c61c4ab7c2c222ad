"""A run that stopped before its end: where it stands, what was finished, and of each fault place and remedy (M24)."""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.schema import Text
from keepwell.contract.verdict import refuse
from keepwell.desk.clients.sentences import language
from keepwell.desk.exchange import folders, rules
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

STAGES = {
    "": Text("its start", "开始之前"),
    "take_in": Text("Taking files in", "收文件"),
    "ingest": Text("Ingest", "入库"),
    "identity": Text("Identity", "识别同一人"),
    "features": Text("Features", "特征"),
    "suitability": Text("Suitability", "适当性"),
    "grading": Text("Grading", "分类分级"),
    "allocation": Text("Allocation", "客户分配"),
    "moments": Text("Moments", "联系时机"),
    "changes": Text("Changes and sums", "差异与汇总"),
}
SHOWN = 50
QUOTED = re.compile(r": |：")  # behind the first colon of a fault stands what the source wrote


def stage(name: str) -> Text:
    """A stage's name in both languages; what it is busy with after a colon stays as it is."""
    called, colon, rest = name.partition(":")
    text = STAGES.get(called, Text(called, called))
    return Text(f"{text.en}{colon}{rest}", f"{text.zh}{colon}{rest}")


def stage_text(name: str) -> str:
    """A stage's name in the reader's language."""
    return stage(name).in_language(language())


def lives(pid: int) -> bool:
    """Whether the process is still there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def last(current: Generation | None, user: User) -> dict[str, Any] | None:
    """The last run, if it stopped before its end; `None` while one is in flight or when it ended well."""
    told = folders.progress()
    if told is not None and lives(int(told["pid"])):
        return None
    is_killed = told is not None
    told = told or folders.stopped()
    if told is None:
        return None
    may_read = bool(rules.may_read_source_text(user))
    at = told.get("stopped_at", "")
    return {
        "run_id": told["run_id"],
        "as_of": dt.date.fromisoformat(told["as_of"]),
        "at": dt.datetime.fromisoformat(at) if at else None,
        "is_killed": is_killed,
        "sentence": _sentence(told, current),
        "stage": stage_text(told["stage"]),
        "place": told["place"],
        "n_stages": told["n_stages"],
        "finished": [stage_text(name) for name in folders.finished(told["run_id"])],
        "faults": [_fault(fault, may_read=may_read) for fault in told.get("faults", [])[:SHOWN]],
        "n_more": max(len(told.get("faults", [])) - SHOWN, 0),
        "may_read": may_read,
    }


def _sentence(told: dict[str, Any], current: Generation | None) -> str:
    """M24, where an earlier run is in use."""
    if current is None:
        return ""
    verdict = refuse(
        Refusal.RUN_STOPPED,
        run=formats.run_number(told["run_id"]),
        stage=stage(told["stage"].partition(":")[0]),
        current=formats.run_number(current.run_id),
        day=Text(formats.day(current.as_of, "en"), formats.day(current.as_of, "zh-hans")),
    )
    return verdict.in_language(language())


def _fault(fault: dict[str, Any], *, may_read: bool) -> dict[str, Any]:
    """One fault; what the source wrote stands after the first colon, for those who may read it (M23)."""
    remedy = Text(fault["remedy"]["en"], fault["remedy"]["zh"])
    what = Text(fault["what"], fault.get("what_zh", fault["what"])).in_language(language())
    if not may_read:
        what = QUOTED.split(what, maxsplit=1)[0]
    said = remedy.in_language(language())
    line = _("line %(n)d") % {"n": fault["line_no"]} if fault["line_no"] else ""
    where = _(", ").join(part for part in (fault["file"], line, fault["place"]) if part)
    brief = _("%(place)s: %(remedy)s.") % {"place": where, "remedy": said} if where else said
    return {**fault, "what": what, "remedy": said, "brief": brief}
