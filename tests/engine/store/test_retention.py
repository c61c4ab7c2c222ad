"""R232: which runs are kept: the latest, month-ends, those under legal hold, and what each of them was made of."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from keepwell.engine.run.nightly import kept_runs
from keepwell.engine.store.folder import DataFolder, sweep, write_json
from keepwell.policy.packs import load_packs

FIRST = dt.date(2026, 1, 1)
DAYS = 120


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A run a day from the first of January on, each made of the one before."""
    found = DataFolder(tmp_path)
    for number in range(1, DAYS + 1):
        day = FIRST + dt.timedelta(days=number - 1)
        parent = name(number - 1) if number > 1 else None
        write_json(found.runs / name(number) / "manifest.json", {"as_of": str(day), "parent": parent})
    (found.runs / "current").write_text(f"{name(DAYS)}\n")
    return found


def name(number: int) -> str:
    return f"{number:06d}"


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number - 1)


def test_r232_the_latest_runs_month_ends_and_held_ones_are_kept_with_their_parents(
    folder: DataFolder,
) -> None:
    packs = load_packs(dt.date(2026, 4, 30))
    held = dataclasses.replace(packs.retention_of_runs, legal_hold_run_ids=("000040", "999999"))
    kept = kept_runs(folder, dataclasses.replace(packs, retention_of_runs=held))
    latest = {name(number) for number in range(DAYS - 13, DAYS + 1)}
    month_ends = {name(n) for n in range(1, DAYS) if day(n).month != day(n + 1).month}
    assert latest | month_ends | {"000040"} <= kept
    parents = {name(int(run) - 1) for run in latest | month_ends | {"000040"}}
    assert kept == latest | month_ends | {"000040"} | parents


def test_r232_only_so_many_month_ends_are_kept(folder: DataFolder) -> None:
    packs = load_packs(dt.date(2026, 4, 30))
    short = dataclasses.replace(packs.retention_of_runs, n_month_ends=12, n_latest=1)
    few = dataclasses.replace(short, n_month_ends=2)
    assert name(31) in kept_runs(folder, dataclasses.replace(packs, retention_of_runs=short))
    assert name(31) not in kept_runs(folder, dataclasses.replace(packs, retention_of_runs=few))


def test_r232_what_is_not_kept_goes_and_the_current_run_stays(folder: DataFolder) -> None:
    removed = sweep(folder, {name(5)})
    assert folder.known_runs() == [name(5), name(DAYS)]
    assert len(removed) == DAYS - 2
    assert not (folder.runs / name(6)).exists()


def test_r230_what_a_run_killed_while_publishing_leaves_goes_with_the_next(folder: DataFolder) -> None:
    """R230: the half-written pointer, the unseen run that had its name already, and the folder written aside."""
    following = name(DAYS + 1)
    (folder.runs / ".current.4711").write_text(f"{following}\n")
    (folder.runs / following).mkdir()
    (folder.runs / f".aside-{name(DAYS)}").mkdir()
    before = folder.known_runs()
    mine = folder.aside(following).path
    assert [entry.name for entry in folder.runs.iterdir() if entry.name.startswith(".")] == [mine.name]
    assert not (folder.runs / following).exists()
    assert (folder.known_runs(), folder.current()) == (before, name(DAYS))
