"""R242: a run that stops leaves where and why, for the desk's page of runs; the next one clears it.

R230, R238: killed while it takes a correction back, it ends as if it had not been.
"""

import datetime as dt
import json
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from keepwell.contract.sources.clients import CustomerRecord
from keepwell.engine.ingest.errors import DeliveryRefused
from keepwell.engine.run import Settings, nightly, stages
from keepwell.engine.run.stops import told
from keepwell.engine.store.conformed import Conformed
from keepwell.engine.store.errors import BrokenTable, DiskFull
from keepwell.engine.store.folder import DataFolder
from keepwell.engine.store.session import Session
from keepwell.policy.errors import PackError
from tests.engine.crash import clock, die_at, each_step, ended, quiet
from tests.engine.ingest import firm as smallest
from tests.engine.ingest.firm import taken
from tests.engine.small_firm import AS_OF, deliver


def why(data: Path) -> dict[str, Any]:
    return dict(json.loads(DataFolder(data).stopped.read_text(encoding="utf-8")))


def test_r242_a_refused_file_is_named_with_its_line_and_remedy(tmp_path: Path) -> None:
    """R242: file, line and remedy of what stopped the run, the stage it stood in; mended, the note is gone."""
    extracts, data = deliver(tmp_path / "extracts"), tmp_path / "data"
    whole = (extracts / "branch.parquet").read_bytes()
    (extracts / "branch.parquet").write_bytes(b"no parquet at all")
    settings = Settings(data, extracts, AS_OF)
    with pytest.raises(DeliveryRefused):
        nightly(settings, quiet, clock)
    note = why(data)
    assert (note["run_id"], note["as_of"], note["stage"].partition(":")[0]) == (
        "000001", AS_OF.isoformat(), "take_in",
    )  # fmt: skip
    assert note["faults"][0]["file"] == "branch.parquet"  # first: what refers to it fails after it
    assert note["faults"][0]["remedy"]["zh"]
    assert note["faults"][0]["what_zh"].startswith("无法读取该 Parquet 文件")
    assert not DataFolder(data).progress.exists()

    (extracts / "branch.parquet").write_bytes(whole)
    assert nightly(settings, quiet, clock).is_new
    assert not DataFolder(data).stopped.exists()


def test_r242_a_stage_that_stops_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R242: a rule that fails in its stage: the stage is told, the rest is kept, and words of a stranger are not."""
    extracts, data = deliver(tmp_path / "extracts"), tmp_path / "data"
    decide = stages.execute

    def failing(session: Any, rule: Any, *more: Any) -> Any:
        if "client_grade" in {table.name for table in rule.writes}:
            raise ZeroDivisionError("张三 110101199003070011")
        return decide(session, rule, *more)

    monkeypatch.setattr(stages, "execute", failing)
    with pytest.raises(ZeroDivisionError):
        nightly(Settings(data, extracts, AS_OF), quiet, clock)
    note = why(data)
    assert note["stage"] == "grading"
    assert note["faults"][0]["what"].startswith("ZeroDivisionError;")
    assert "110101199003070011" not in json.dumps(note, ensure_ascii=False)


@pytest.mark.parametrize(
    "fault, place, remedy",
    [
        (PackError("grading.toml", "levels[0].grade", "'x'", "a grade"), "levels[0].grade", "允许：a grade"),
        (DiskFull(), "", "请腾出空间后重跑，会接着算"),
        (BrokenTable("client", "column grade is null", 3), "", "修好后重跑，会接着算"),
        (KeyboardInterrupt(), "", "重跑即可，会接着算"),
    ],
)
def test_r242_every_kind_of_stop_has_its_remedy(fault: BaseException, place: str, remedy: str) -> None:
    """R242: whatever stops a run, what to do stands beside it in both languages."""
    (one,) = told(fault)
    assert (one["place"], one["remedy"]["zh"]) == (place, remedy)
    assert one["remedy"]["en"]
    assert one["what"]
    assert one["what_zh"]


FIRST, CORRECTED, AGAIN = (dt.date(2026, 11, day) for day in (23, 24, 25))


def take_in(files: Path, sources: Path, on: dt.date, run: str) -> None:
    """What a run of that number takes in on a day."""
    with Session(threads=2, memory="1GB", spill=sources.parent / "spill") as session:
        taken(files, sources, session, known_on=on, run=run)


def name_in(sources: Path, known_to: dt.date) -> str:
    """The client's name as it was known on a day."""
    with Session(threads=1) as session:
        rows = Conformed(sources).current(CustomerRecord, known_to=known_to)
        ((found,),) = session.rows(f"SELECT client_name FROM ({rows})")
    return str(found)


def stored(sources: Path) -> dict[str, bytes]:
    """Every file of the sources, secret ones too."""
    return {
        str(path.relative_to(sources)): path.read_bytes() for path in sources.rglob("*") if path.is_file()
    }


def test_r230_killed_while_a_correction_is_taken_back_the_run_ends_as_if_undisturbed(tmp_path: Path) -> None:
    """R230, R238: SIGKILL ahead of each change on the disk and after the last; called again, to the same bytes."""
    files, made = smallest.deliver(tmp_path / "files"), tmp_path / "made" / "sources"
    take_in(files, made, FIRST, "000001")
    smallest.deliver(files, customer_record=[{**smallest.RECORD, "client_name": "王炜"}])
    take_in(files, made, CORRECTED, "000002")
    smallest.deliver(files)
    whole = Path(shutil.copytree(made, tmp_path / "whole" / "sources"))
    steps = list[int]()
    with each_step(steps.append):
        take_in(files, whole, AGAIN, "000003")
    assert [name_in(whole, on) for on in (FIRST, CORRECTED, AGAIN)] == ["王伟", "王炜", "王伟"]
    assert len(steps) > 2
    for step in steps:
        killed = Path(shutil.copytree(made, tmp_path / f"{step}" / "sources"))
        assert ended(die_at, step, take_in, files, killed, AGAIN, "000003") == -signal.SIGKILL, step
        take_in(files, killed, AGAIN, "000003")
        assert stored(killed) == stored(whole), step
