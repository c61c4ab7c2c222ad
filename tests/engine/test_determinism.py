"""R230, R242: the same input gives the same bytes, on any number of threads, whatever befell the run on its way."""

from __future__ import annotations

import datetime as dt
import shutil
import signal
from pathlib import Path

import pytest

from keepwell.engine import cli
from keepwell.engine.pipeline import STAGES
from keepwell.engine.run import Outcome, Settings, nightly, verify
from keepwell.engine.store.folder import DataFolder
from keepwell.engine.store.session import file_hash
from tests.engine.conftest import SmallDisk
from tests.engine.crash import FORKS, Child, clock, die_in, die_in_publishing, ended, quiet, stand_still
from tests.engine.returned import ACTS, KEY, OVERRIDE, give
from tests.engine.small_firm import AS_OF, BEFORE, deliver

FIRST, SECOND = "000001", "000002"
KILLED = ("take_in", *(stage.name for stage in STAGES))


class Firm:
    """The deliveries of two days, and what became of them in a data folder where nothing went wrong."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.extracts = {on: deliver(root / f"{on}", on) for on in (BEFORE, AS_OF)}

    def settings(self, data: Path, on: dt.date = AS_OF, threads: int = 2) -> Settings:
        return Settings(data, self.extracts[on], on, threads=threads)

    def run(self, data: Path, on: dt.date = AS_OF, threads: int = 2) -> Outcome:
        return nightly(self.settings(data, on, threads), quiet, clock)

    def command(self, data: Path) -> list[str]:
        return [
            "run",
            "--extracts",
            str(self.extracts[AS_OF]),
            "--as-of",
            str(AS_OF),
            "--data",
            str(data),
            "--json",
        ]

    def fresh(self, name: str) -> Path:
        """A data folder with nothing in it but the key of the hashed search words and what people did at the desk."""
        data = self.root / name
        data.mkdir()
        (data / "token_key").write_text(KEY, encoding="ascii")
        lost = {**OVERRIDE, "override_key": "2", "record_code": "999999999999"}
        give(data / "returns", {**ACTS, "returned_override": [OVERRIDE, lost]})
        return data

    def after_first(self, data: Path) -> Path:
        """A copy of the data folder as it was after the first day."""
        return Path(shutil.copytree(self.root / "first", data, dirs_exist_ok=True))


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    made = Firm(tmp_path_factory.mktemp("firm"))
    made.run(made.fresh("first"), BEFORE)
    return made


@pytest.fixture(scope="module")
def undisturbed(firm: Firm) -> Path:
    data = firm.after_first(firm.root / "undisturbed")
    assert firm.run(data).is_new
    return data


def outputs(data: Path, run: str) -> dict[str, str]:
    found: dict[str, str] = DataFolder(data).run(run).manifest["outputs"]
    return found


def is_whole(data: Path, run: str) -> bool:
    """Whether a run is the current one and each of its files is the one its manifest names."""
    folder = DataFolder(data).run(run).path
    files = outputs(data, run).items()
    return DataFolder(data).current() == run and all(
        file_hash(folder / path) == found for path, found in files
    )


def test_r242_one_and_two_threads_in_two_folders_give_the_same_bytes(firm: Firm, undisturbed: Path) -> None:
    data = firm.fresh("one-thread")
    firm.run(data, BEFORE, threads=1)
    firm.run(data, AS_OF, threads=1)
    assert outputs(data, FIRST) == outputs(undisturbed, FIRST)
    assert outputs(data, SECOND) == outputs(undisturbed, SECOND)
    assert len(outputs(data, SECOND)) > 20
    one, two = (DataFolder(folder).run(SECOND).path / "manifest.json" for folder in (data, undisturbed))
    assert one.read_bytes() == two.read_bytes()


def test_r242_four_threads_give_the_same_bytes(firm: Firm, undisturbed: Path, tmp_path: Path) -> None:
    data = firm.after_first(tmp_path / "data")
    firm.run(data, threads=4)
    assert outputs(data, SECOND) == outputs(undisturbed, SECOND)
    assert is_whole(data, SECOND)


def test_r242_every_room_had_something_to_decide(undisturbed: Path) -> None:
    """Equal bytes of empty tables would prove nothing."""
    rows = DataFolder(undisturbed).run(SECOND).manifest["rows"]
    empty = {name for name, n_rows in rows.items() if not n_rows}
    assert empty <= {
        "allocation_contradiction",
        "allocation_swap",
        "client_event",
        "identity_conflict",
        "limited_account",
        "quarantine",
        "team",
    }  # events: see test_returns


def test_r013_the_same_input_again_is_nothing_new(firm: Firm, undisturbed: Path) -> None:
    before = outputs(undisturbed, SECOND)
    again = firm.run(undisturbed)
    assert (again.is_new, again.run) == (False, SECOND)
    assert DataFolder(undisturbed).known_runs() == [FIRST, SECOND]
    assert outputs(undisturbed, SECOND) == before


def test_r242_a_run_can_be_made_again_to_the_byte(undisturbed: Path) -> None:
    verdict = verify(undisturbed, SECOND, quiet, threads=1)
    assert verdict.holds
    assert verdict.n_files == len(outputs(undisturbed, SECOND))
    assert verdict.n_decided == sum(len(stage.writes) for stage in STAGES)


def test_r242_a_flipped_byte_is_named(
    firm: Firm, undisturbed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = DataFolder(undisturbed).run(SECOND).path / "tables" / "client_grade.parquet"
    good = path.read_bytes()
    middle = len(good) // 2
    path.write_bytes(good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :])
    try:
        assert cli.main(["verify", SECOND, "--data", str(undisturbed)]) == cli.PROBLEMS
    finally:
        path.write_bytes(good)
    told = capsys.readouterr().out
    assert "damaged: tables/client_grade.parquet" in told
    assert "different" not in told


def test_r230_a_run_killed_in_every_stage_ends_as_if_undisturbed(
    firm: Firm, undisturbed: Path, tmp_path: Path
) -> None:
    data = firm.after_first(tmp_path / "data")
    for stage in KILLED:
        assert ended(die_in, firm.settings(data), stage) == -signal.SIGKILL, stage
        assert is_whole(data, FIRST), stage
        assert DataFolder(data).known_runs() == [FIRST], stage
    assert firm.run(data).run == SECOND
    assert outputs(data, SECOND) == outputs(undisturbed, SECOND)
    assert is_whole(data, SECOND)
    stages = {one["name"]: one["resumed"] for one in DataFolder(data).run(SECOND).telemetry["stages"]}
    assert [name for name, resumed in stages.items() if not resumed] == ["take_in", STAGES[-1].name]
    assert [entry.name for entry in DataFolder(data).runs.glob(".aside-*")] == []


def test_r230_a_run_killed_while_it_is_published_never_shows_half(
    firm: Firm, undisturbed: Path, tmp_path: Path
) -> None:
    data = firm.after_first(tmp_path / "data")
    assert ended(die_in_publishing, firm.settings(data)) == -signal.SIGKILL
    assert is_whole(data, FIRST)
    assert DataFolder(data).known_runs() == [FIRST]
    assert firm.run(data).run == SECOND
    assert is_whole(data, SECOND)
    assert outputs(data, SECOND) == outputs(undisturbed, SECOND)


def test_r230_the_second_of_two_runs_is_refused_and_told_who_holds_the_lock(
    firm: Firm, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = firm.after_first(tmp_path / "data")
    stands, go_on = FORKS.Event(), FORKS.Event()
    holder = Child(stand_still, firm.settings(data), stands, go_on)
    assert stands.wait(60)
    try:
        assert cli.main(firm.command(data)) == cli.BUSY
    finally:
        go_on.set()
        assert holder.ended() == -signal.SIGKILL
    told = capsys.readouterr().err
    assert f"process {holder.process.pid}" in told
    assert str(AS_OF) in told
    assert is_whole(data, FIRST)


def test_r230_a_full_disk_stops_the_run_and_leaves_the_current_one(
    firm: Firm, undisturbed: Path, small_disk: SmallDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    data = firm.after_first(small_disk.path / "data")
    for n_bytes in (20_000, 120_000):
        small_disk.leave(n_bytes)
        assert cli.main(firm.command(data)) == cli.DISK_FULL, n_bytes
        assert "the disk is full" in capsys.readouterr().err
        assert is_whole(data, FIRST)
    small_disk.leave(64_000_000)
    assert cli.main(firm.command(data)) == cli.DONE
    assert outputs(data, SECOND) == outputs(undisturbed, SECOND)
    assert is_whole(data, SECOND)


def test_r241_the_made_up_firm_gives_the_same_bytes_on_one_and_four_threads(tmp_path: Path) -> None:
    """Every table a firm can deliver has rows here, late knowledge and identity noise among them."""
    extracts = tmp_path / "extracts"
    size = ["--clients", "300", "--months", "2", "--until", str(AS_OF), "--json"]
    assert cli.main(["simulate", "--to", str(extracts), "--data", str(tmp_path), *size]) == cli.DONE
    found = {}
    for threads in (1, 4):
        data = tmp_path / f"data-{threads}"
        data.mkdir()
        (data / "token_key").write_text(KEY, encoding="ascii")
        found[threads] = nightly(Settings(data, extracts, AS_OF, threads=threads), quiet, clock).manifest
    assert found[1]["outputs"] == found[4]["outputs"]
    assert found[1]["counts"] == found[4]["counts"]
    assert found[1]["rows"]["client"] > 200
