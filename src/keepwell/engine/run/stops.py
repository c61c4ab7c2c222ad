"""A run that stopped says why, for the desk: stage, and of each fault file, line, place and remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from keepwell.contract.schema import Text
from keepwell.engine.ingest.errors import DeliveryRefused, FileRefused, IngestError, MappingError, NoDataOn
from keepwell.engine.store.errors import BrokenReturns, DiskFull, StoreError
from keepwell.engine.store.folder import DataFolder, read_json, write_json
from keepwell.policy.errors import PackError, PolicyError

AGAIN = Text("Mend it and run again: it goes on where it stopped", "修好后重跑，会接着算")
SPACE = Text("Free space and run again: it goes on", "请腾出空间后重跑，会接着算")
RETURNS = Text("Write the returns again (write_returns), then run again", "请重新执行 write_returns，再运行")
DAYS = Text(
    "Deliver the missing days, or run as of a day with data", "请补交缺失的日期，或改用有数据的日期运行"
)
BY_HAND = Text("Run again: it goes on where it stopped", "重跑即可，会接着算")


@contextmanager
def telling_stops(folder: DataFolder, as_of: dt.date, clock: Callable[[], dt.datetime]) -> Iterator[None]:
    """Leave ``stopped.json`` when what happens inside fails; none is left of a run that ends, or of an earlier one."""
    folder.stopped.unlink(missing_ok=True)
    try:
        yield
    except BaseException as fault:
        with suppress(OSError):  # a disk that is full takes no note either: the fault itself is told
            when = {"as_of": as_of.isoformat(), "stopped_at": clock().isoformat()}
            write_json(folder.stopped, {**_where(folder), **when, "faults": told(fault)})
        raise
    finally:
        folder.progress.unlink(missing_ok=True)


def _where(folder: DataFolder) -> dict[str, Any]:
    """Run and stage as the run told them last; one that stopped before its first stage has none."""
    if not folder.progress.exists():
        return {"run_id": folder.next_run(), "stage": "", "place": 0, "n_stages": 0}
    at = read_json(folder.progress)
    return {name: at[name] for name in ("run_id", "stage", "place", "n_stages")}


def told(fault: BaseException) -> list[dict[str, Any]]:
    """Each fault as file, line, place in it, what was found and the remedy in both languages.

    Of a fault that is not ours to tell only its kind is named: its words may quote what nobody should read there.
    """
    if isinstance(fault, DeliveryRefused):
        files = list({str(one): one for one in fault.files}.values())
        known = {str(one) for one in files}
        rest = [_fault(AGAIN, what=one) for one in fault.faults if one.en not in known]
        return [*(told(one)[0] for one in files), *rest]
    if isinstance(fault, FileRefused):
        return [_fault(fault.remedy, file=fault.file, line_no=fault.line_no, what=fault.what)]
    if isinstance(fault, NoDataOn):
        return [_fault(DAYS, what=fault.said)]
    if isinstance(fault, (MappingError, PackError)):
        allowed = Text(f"Allowed: {fault.allowed}", f"允许：{fault.allowed}")
        found = Text(f"found {fault.found}", f"所见 {fault.found}")
        return [_fault(allowed, file=fault.file, place=fault.key, what=found)]
    if isinstance(fault, BrokenReturns):
        return [_fault(RETURNS, file=fault.file, what=_only(fault.what))]
    if isinstance(fault, KeyboardInterrupt):
        return [_fault(BY_HAND, what=Text("stopped by hand", "被手动停止"))]
    if isinstance(fault, (StoreError, IngestError, PolicyError)):
        return [_fault(SPACE if isinstance(fault, DiskFull) else AGAIN, what=_only(str(fault)))]
    kind = type(fault).__name__
    more = Text(f"{kind}; the output of keepwell run tells more", f"{kind}；详见 keepwell run 的输出")
    return [_fault(AGAIN, what=more)]


def _only(what: str) -> Text:
    """What only the command line's language tells: it names files, columns and numbers."""
    return Text(what, what)


def _fault(
    remedy: Text, *, what: Text, file: str = "", line_no: int | None = None, place: str = ""
) -> dict[str, Any]:
    found = {"file": file, "line_no": line_no, "place": place, "what": what.en, "what_zh": what.zh}
    return {**found, "remedy": {"en": remedy.en, "zh": remedy.zh}}
