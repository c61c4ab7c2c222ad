"""R002, R004: a run becomes what people see as a whole or not at all; anchors outlive every run."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keepwell.contract.schema import Kind
from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients.models import Client, ClientGrade, ClientLine, ClientProfile
from keepwell.desk.exchange import folders, intake, writing
from keepwell.desk.exchange.folders import IntakeError, RunFolder
from keepwell.desk.generations import layout
from keepwell.desk.generations.attach import use
from keepwell.desk.generations.decided import REGISTERED, SEALED
from keepwell.desk.generations.models import Generation, Pointer
from keepwell.desk.generations.queries import current
from keepwell.desk.site.storage import KEPT_OPEN
from tests.desk.run_folder import build
from tests.processes import MANAGE, Beside, environment, manage


def take(path: Path) -> Generation:
    return intake.take_in(run=RunFolder(path), by=None, at=timezone.now())


def test_before_the_first_run_nothing_is_current(db: None) -> None:
    """Also what makes the suite's database, which the tests below copy."""
    assert current() is None


def test_every_value_of_every_table_arrives(data: Path) -> None:
    run = build(data, n=40)
    take(run)
    use("000001")
    compared = 0
    for name in writing.tables():
        model = REGISTERED[name]
        names = [column for column in model.stored if column != SEALED]
        told = pq.read_table(RunFolder(run).file(name), columns=names).to_pylist()
        key = model.contract_table.grain
        rows = {tuple(getattr(row, part) for part in key): row for row in model.objects.all()}
        assert len(rows) == len(told), name
        for one in told:
            row = rows[tuple(one[part] for part in key)]
            assert {column: getattr(row, column) for column in names} == one, name
            compared += 1
    assert compared > 500


def test_decimals_come_back_to_the_last_digit(data: Path) -> None:
    take(build(data, n=5))
    use("000001")
    assert ClientLine.objects.get(pk="c000003").assets_amount == Decimal("2970000.37")
    kinds = {column.kind for model in REGISTERED.values() for column in model.contract_table.columns.values()}
    assert Kind.DECIMAL in kinds


def test_a_line_stands_beside_every_client(data: Path) -> None:
    take(build(data, n=40))
    use("000001")
    assert ClientLine.objects.count() == ClientProfile.objects.count() == 40
    assert ClientLine.objects.filter(grade=None).count() == 40 - ClientGrade.objects.count()
    leaving = ClientLine.objects.get(pk="c000002")
    assert leaving.n_moments == 1
    assert leaving.next_due_on is not None


def test_a_run_taken_in_is_counted_anew_before_it_is_shown(data: Path) -> None:
    """R004: on PostgreSQL the pages of a new run are quick from the first on; SQLite plans by its indexes alone."""
    run = build(data, n=5)
    with CaptureQueriesContext(connection) as seen:
        take(run)
    said = [one["sql"].strip() for one in seen.captured_queries]
    shown = next(at for at, one in enumerate(said) if one.startswith('INSERT INTO "generations_pointer"'))
    moved = max(at for at, one in enumerate(said) if one.startswith("INSERT INTO clients_place"))
    counted = [at for at, one in enumerate(said) if one == 'ANALYZE "clients_place"']
    assert bool(counted) is (connection.vendor == "postgresql")
    assert all(moved < at for at in counted[-1:])
    assert all(at < shown for at in counted)


def test_the_same_run_again_does_nothing(data: Path) -> None:
    run = build(data, n=5)
    first = take(run)
    before = ENTRIES["firm"].objects.filter(verb="exchange.take_in").count()
    assert take(run).taken_in_at == first.taken_in_at
    assert ENTRIES["firm"].objects.filter(verb="exchange.take_in").count() == before == 1


def test_a_run_laid_out_otherwise_is_taken_in_again(data: Path) -> None:
    run = build(data, n=5)
    take(run)
    Generation.objects.update(layout_hash="of another day")
    take(run)
    assert Generation.objects.get().layout_hash == layout.fingerprint()
    assert Pointer.objects.get().generation_id == "000001"


def test_a_connection_that_stays_open_reads_a_run_written_anew(data: Path) -> None:
    run = build(data, n=5)
    take(run)
    assert connection.settings_dict["CONN_MAX_AGE"] == KEPT_OPEN
    use("000001")
    assert ClientProfile.objects.count() == 5
    Generation.objects.update(layout_hash="of another day")
    take(build(data, n=7))
    use("000001")
    assert ClientProfile.objects.count() == 7


def test_a_failure_while_writing_leaves_the_run_before(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take(build(data, "000001", n=5))
    second = build(data, "000002", n=6)
    monkeypatch.setattr(REGISTERED["client_line"], "fill_statement", "INSERT INTO nowhere VALUES (1)")
    with pytest.raises(IntakeError, match=r"could not be written: .*nowhere"):
        take(second)
    generation = current()
    assert generation is not None
    assert generation.run_id == "000001"
    use("000001")
    assert ClientProfile.objects.count() == 5
    monkeypatch.undo()
    take(second)
    use("000002")
    assert ClientProfile.objects.count() == 6


def test_a_failure_before_the_pointer_leaves_the_run_before(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(build(data, "000001", n=5))
    second = build(data, "000002", n=6)

    def stop(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(intake, "record", stop)
    with pytest.raises(KeyboardInterrupt):
        take(second)
    assert Pointer.objects.get().generation_id == "000001"
    monkeypatch.undo()
    assert take(second).run_id == "000002"


def test_a_changed_file_is_refused_by_name(data: Path) -> None:
    run = build(data, n=5)
    path = run / "tables" / "client_grade.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(IntakeError, match=r"client_grade.parquet of run 000001 has SHA-256"):
        take(run)
    assert current() is None


def test_another_contract_is_refused(data: Path) -> None:
    with pytest.raises(IntakeError, match="was made under contract abc"):
        take(build(data, n=5, contract_hash="abc"))


def test_anchors_are_added_marked_and_found_again(data: Path) -> None:
    take(build(data, "000001", n=5))
    take(build(data, "000002", n=4))
    assert Client.objects.count() == 5
    assert Client.objects.get(pk="c000004").absent_since_run == "000002"
    take(build(data, "000003", n=6))
    assert Client.objects.get(pk="c000004").absent_since_run == ""
    assert Client.objects.get(pk="c000005").born_run == "000003"
    assert Client.objects.get(pk="c000000").born_run == "000001"


def test_an_absent_client_points_to_the_one_who_has_its_records(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.desk import run_folder

    take(build(data, "000001", n=4))
    plain = run_folder.facts
    monkeypatch.setattr(
        run_folder,
        "facts",
        lambda number: {**plain(number), "record": plain(3)["record"]} if number == 0 else plain(number),
    )
    take(build(data, "000002", n=3))
    assert Client.objects.get(pk="c000003").merged_into_id == "c000000"


def test_two_generations_are_kept(data: Path) -> None:
    for number in ("000001", "000002", "000003"):
        take(build(data, number, n=3))
    assert [writing.is_there(number) for number in ("000001", "000002", "000003")] == [False, True, True]
    pointer = Pointer.objects.get()
    assert (pointer.generation_id, pointer.previous_id) == ("000003", "000002")


def test_a_second_intake_at_the_same_time_is_refused(data: Path) -> None:
    run = build(data, n=3)
    with intake._alone(), pytest.raises(IntakeError, match="another intake is at work"):
        take(run)


def test_the_command_says_what_is_missing(data: Path) -> None:
    with pytest.raises(CommandError, match="make one with keepwell run"):
        call_command("load_run")
    build(data, n=3)
    call_command("load_run")
    assert folders.current() is not None
    assert Pointer.objects.get().generation_id == "000001"


def _pointed(data: Path) -> str:
    with closing(sqlite3.connect(data / "desk.sqlite3")) as database:
        return str(database.execute("SELECT generation_id FROM generations_pointer").fetchone()[0])


def test_killed_in_the_middle_nobody_sees_half_a_run(tmp_path: Path) -> None:
    manage(tmp_path, "migrate", "--verbosity", "0")
    build(tmp_path, "000001", n=5)
    manage(tmp_path, "load_run")
    build(tmp_path, "000002", n=600)
    aside = tmp_path / "desk" / "generations" / ".aside-000002.sqlite3"
    working = Beside([*MANAGE, "load_run"], tmp_path / "load.log", environment(tmp_path))
    while not aside.exists() and working.process.poll() is None:
        pass
    working.kill()
    assert _pointed(tmp_path) == "000001"
    manage(tmp_path, "load_run")
    assert _pointed(tmp_path) == "000002"
    assert not aside.exists()
