"""R230, R235, R242: what came back from the desk is taken in whole or the run is refused; a run keeps what it knew."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwell.contract import TABLES
from keepwell.contract.returns import INDEX, firm_mark
from keepwell.engine import cli
from keepwell.engine.run import Outcome, Settings, nightly, verify
from keepwell.engine.store.errors import BrokenReturns
from keepwell.engine.store.folder import DataFolder, RunFolder
from keepwell.engine.store.returns import Returned, take_in_returns
from keepwell.engine.store.session import Session
from tests.book import arrow_rows
from tests.engine.crash import clock, quiet
from tests.engine.returned import ACTS, ASSIGNMENT, CONTACT, CUT, KEY, OUTCOME, OVERRIDE, Rows, give
from tests.engine.small_firm import AS_OF, BEFORE, deliver


def taken(folder: Path, run: Path) -> Returned:
    with Session(1) as session:
        return take_in_returns(session, folder, folder, RunFolder(run), firm_mark(KEY))


# --- what is refused, each with the file, the fault and the remedy


@pytest.mark.parametrize(
    ("table", "changes", "told"),
    [
        ("returned_contact", {"channel": "drum"}, "column channel holds a code outside its list in 1 rows"),
        ("returned_contact", {"contacted_at": None}, "column contacted_at is null in 1 rows"),
        ("returned_contact", {"n_minutes": -1}, "column n_minutes is below 0 in 1 rows"),
        ("returned_contact", {"record_code": "0" * 33}, "column record_code is empty or longer than 32"),
        ("returned_contact", {"client_id": ""}, "column client_id is empty or longer than 34"),
        ("returned_outcome", {"outcome": "snoozed"}, "put off without until_on in 1 rows"),
        ("returned_outcome", {"decided_at": dt.datetime(2026, 11, 20, 13)}, "decided_at after returns_cut"),  # noqa: DTZ001 - instants are UTC without a zone in Arrow
        ("returned_override", {"approved_by": "lead"}, "approved_by is proposed_by"),
        ("returned_override", {"value": "cautious"}, "a value that is no grade in 1 rows"),
        (
            "returned_override",
            {"field": "service_type", "value": "unassessed"},
            "a value that is no service_type",
        ),
        ("returned_override", {"expires_on": dt.date(2026, 1, 1)}, "expires_on before starts_on"),
        ("returned_assignment", {"staff_code": None}, "relation service without staff_code"),
        (
            "returned_judgement",
            {"left_code": "2", "right_code": "1"},
            "left_code not below right_code in 1 rows",
        ),
        ("returned_verification", {"finding": "guess"}, "finding"),
        (
            "returned_verification",
            {"verified_at": dt.datetime(2026, 11, 20, 13)},  # noqa: DTZ001 - instants are UTC without a zone in Arrow
            "verified_at after returns_cut",
        ),
        (
            "returned_assessment",
            {"questionnaire_code": "1"},
            r"questionnaire_code not of the desk \(desk:…\)",
        ),
        ("returned_answer", {"questionnaire_code": "0000-00"}, r"questionnaire_code not of the desk"),
        (
            "returned_assessment",
            {"answered_at": dt.datetime(2026, 11, 20, 13)},  # noqa: DTZ001 - instants are UTC without a zone in Arrow
            "answered_at after returns_cut",
        ),
        ("returned_assessment", {"score": 101}, "column score is above 100"),
        ("returned_answer", {"answer": ""}, "column answer is empty or longer than 8"),
        (
            "returned_assignment",
            {"relation": "home", "branch_code": None},
            "relation home without branch_code",
        ),
    ],
)
def test_r235_an_act_that_breaks_the_contract_stops_the_run_and_says_where(
    tmp_path: Path, table: str, changes: dict[str, Any], told: str
) -> None:
    folder = give(tmp_path / "returns", {**ACTS, table: [{**ACTS[table][0], **changes}]})
    with pytest.raises(BrokenReturns, match=told) as caught:
        taken(folder, tmp_path / "run")
    assert f"{table}.parquet" in str(caught.value)
    assert "write_returns" in str(caught.value)


def test_r235_an_act_told_twice_is_refused(tmp_path: Path) -> None:
    folder = give(tmp_path / "returns", {"returned_contact": [CONTACT, CONTACT]})
    with pytest.raises(BrokenReturns, match=r"grain .* repeats in 1 rows"):
        taken(folder, tmp_path / "run")


def test_r235_columns_that_are_missing_strange_or_of_another_type_are_named(tmp_path: Path) -> None:
    whole = arrow_rows(TABLES["returned_contact"], [CONTACT])
    for changed, told in (
        (whole.drop_columns(["topic"]), "column topic: found no such column"),
        (whole.append_column("note", pa.array(["free words"])), "column note: found string"),
        (whole.set_column(2, "record_code", pa.array([1])), "column record_code: found int64"),
    ):
        folder = give(tmp_path / "returns", ACTS, returned_contact=changed)
        with pytest.raises(BrokenReturns, match=told):
            taken(folder, tmp_path / "run")


def _cut_off(folder: Path) -> None:
    path = folder / "returned_contact.parquet"
    path.write_bytes(path.read_bytes()[:-40])


def _tell(folder: Path, **changes: Any) -> None:
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    (folder / INDEX).write_text(json.dumps({**index, **changes}), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_cut_off, "has SHA-256"),
        (lambda folder: (folder / "returned_outcome.parquet").unlink(), "is named and not there"),
        (lambda folder: (folder / INDEX).write_text("{", encoding="utf-8"), "cannot be read"),
        (lambda folder: (folder / INDEX).unlink(), "is not there"),
        (lambda folder: _tell(folder, files={}), "not exactly"),
        (lambda folder: _tell(folder, returns_cut="2026-11-20T12:00:00"), "no time zone"),
        (lambda folder: _tell(folder, cut_on="yesterday"), "cannot be read"),
        (
            lambda folder: _tell(folder, firm="fedcba9876543210"),
            "is of another firm: it names fedcba9876543210",
        ),
        (lambda folder: _tell(folder, firm=None), "is of another firm: it names None"),
    ],
    ids=[
        "cut off",
        "missing",
        "no JSON",
        "no index",
        "no files",
        "no zone",
        "no date",
        "another firm",
        "no firm",
    ],
)
def test_r230_returns_that_are_not_whole_are_refused(tmp_path: Path, spoil: Any, told: str) -> None:
    folder = give(tmp_path / "returns", ACTS)
    spoil(folder)
    with pytest.raises(BrokenReturns, match=told):
        taken(folder, tmp_path / "run")


def _untold(folder: Path, *names: str) -> Path:
    files = json.loads((folder / INDEX).read_text(encoding="utf-8"))["files"]
    _tell(folder, files={name: files[name] for name in files if name not in names})
    return folder


def test_r210_an_older_desk_that_knows_no_judgements_is_read_as_having_none(tmp_path: Path) -> None:
    folder = _untold(give(tmp_path / "returns", ACTS), "returned_judgement")
    with pytest.raises(BrokenReturns, match="not exactly"):
        taken(folder, tmp_path / "run")
    (folder / "returned_judgement.parquet").unlink()
    assert taken(folder, tmp_path / "run").counts()["returned_judgement"] == 0


def test_r230_a_file_that_is_no_parquet_is_refused_though_its_hash_agrees(tmp_path: Path) -> None:
    folder = give(tmp_path / "returns", ACTS)
    (folder / "returned_contact.parquet").write_bytes(b"PAR1 and then nothing")
    files = json.loads((folder / INDEX).read_text(encoding="utf-8"))["files"]
    files["returned_contact"]["sha256"] = hashlib.sha256(b"PAR1 and then nothing").hexdigest()
    _tell(folder, files=files)
    with pytest.raises(BrokenReturns, match="is no Parquet file"):
        taken(folder, tmp_path / "run")


def test_r233_a_file_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    folder = give(tmp_path / "returns", ACTS)
    files = json.loads((folder / INDEX).read_text(encoding="utf-8"))["files"]
    files["returned_contact"]["file"] = "../elsewhere.parquet"
    _tell(folder, files=files)
    with pytest.raises(BrokenReturns, match="outside its folder"):
        taken(folder, tmp_path / "run")


# --- what a run does with them


class Firm:
    """Deliveries of two days and the run of the first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.extracts = {on: deliver(root / f"{on}", on) for on in (BEFORE, AS_OF)}
        self.first = root / "first"
        self.first.mkdir()
        (self.first / "token_key").write_text(KEY, encoding="ascii")
        self.run(self.first, BEFORE)

    def run(self, data: Path, on: dt.date = AS_OF, returns: Path | None = None) -> Outcome:
        return nightly(Settings(data, self.extracts[on], on, returns=returns), quiet, clock)

    def fresh(self, data: Path) -> Path:
        return Path(shutil.copytree(self.first, data))


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    return Firm(tmp_path_factory.mktemp("firm"))


def tables(data: Path, run: str) -> dict[str, list[dict[str, Any]]]:
    folder = DataFolder(data).run(run)
    return {
        name: pq.read_table(folder.file(TABLES[name])).to_pylist()
        for name in (
            "client",
            "client_grade",
            "client_feature",
            "returned_unrouted",
            "client_record",
            "moment",
        )
    }


def of_record(found: dict[str, list[dict[str, Any]]], table: str, record: str) -> dict[str, Any]:
    (client_id,) = [row["client_id"] for row in found["client_record"] if row["record_code"] == record]
    (row,) = [row for row in found[table] if row["client_id"] == client_id]
    return row


def dealt_with(data: Path) -> dict[str, Any]:
    """An outcome of an occasion that the first run lists, and that is still listed the next day."""
    found = tables(data, "000001")
    row = min(
        (row for row in found["moment"] if row["expires_on"] > AS_OF),
        key=lambda row: (row["client_id"], row["rule"], row["occasion"]),
    )
    record = min(one["record_code"] for one in found["client_record"] if one["client_id"] == row["client_id"])
    key = {"item_key": f"{row['rule']}/{row['occasion']}", "rule": row["rule"], "occasion": row["occasion"]}
    return {**OUTCOME, **key, "record_code": record}


def test_r235_acts_decide_in_the_run_and_the_manifest_and_explain_say_so(
    firm: Firm, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = firm.fresh(tmp_path / "data")
    gone, done = {**OVERRIDE, "override_key": "2", "record_code": "999999999999"}, dealt_with(data)
    acts = {**ACTS, "returned_override": [OVERRIDE, gone], "returned_outcome": [done]}
    give(data / "returns", acts)
    outcome = firm.run(data)
    assert outcome.manifest["returns_cut"] == CUT.isoformat()
    assert outcome.manifest["returned"] == {name: len(rows) for name, rows in acts.items()}
    found, record = tables(data, outcome.run), "000000000001"
    assert of_record(found, "client_grade", record)["grade_reason"] == "overridden"
    assert of_record(found, "client", record)["manager_code"] == "S07"
    assert of_record(found, "client_feature", record)["last_contact_on"] == AS_OF
    assert [row["act_key"] for row in found["returned_unrouted"]] == ["2"]
    assert not [row for row in found["moment"] if row["occasion"] == done["occasion"] and row["rule"] == done["rule"]
                and row["client_id"] == f"C{done['record_code']}"]  # fmt: skip
    told = explained(data, record, capsys)
    assert "By people until 2027-01-01, approved by Branch manager (override 1). By rule: " in told
    assert f"Decided by people at the desk, in force since {BEFORE}." in told
    assert "What became of it: Done" in explained(data, done["record_code"], capsys)


def explained(data: Path, record: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert cli.main(["explain", record, "--data", str(data), "--language", "en"]) == cli.DONE
    return capsys.readouterr().out


def test_r242_a_run_is_made_again_from_its_own_copy_after_other_returns_came(
    firm: Firm, tmp_path: Path
) -> None:
    data = firm.fresh(tmp_path / "data")
    give(data / "returns", ACTS)
    outcome = firm.run(data)
    shutil.rmtree(data / "returns")
    assert verify(data, outcome.run, quiet).holds
    give(
        data / "returns", {"returned_override": [{**OVERRIDE, "value": "basic"}]}, CUT + dt.timedelta(hours=1)
    )
    assert verify(data, outcome.run, quiet).holds
    later = firm.run(data)
    assert later.is_new
    assert verify(data, outcome.run, quiet).holds
    assert verify(data, later.run, quiet).holds


def test_r210_a_judgement_merges_two_clients_and_the_run_can_be_made_again(
    firm: Firm, tmp_path: Path
) -> None:
    data = firm.fresh(tmp_path / "data")
    same = {**ACTS["returned_judgement"][0], "judgement": "same", "judgement_reason": "confirmed"}
    give(data / "returns", {"returned_judgement": [same]})
    outcome = firm.run(data)
    (event,) = pq.read_table(DataFolder(data).run(outcome.run).file(TABLES["client_event"])).to_pylist()
    assert (event["record_code"], event["event"], event["event_reason"]) == (
        "000000000002",
        "merged",
        "judged_same",
    )
    assert verify(data, outcome.run, quiet).holds


def test_r013_the_same_acts_again_make_no_second_run_and_other_acts_do(firm: Firm, tmp_path: Path) -> None:
    data = firm.fresh(tmp_path / "data")
    give(data / "returns", ACTS)
    first = firm.run(data)
    turned = {name: list(reversed(rows)) for name, rows in ACTS.items()}
    give(data / "returns", turned)
    assert firm.run(data).is_new is False
    give(data / "returns", {**ACTS, "returned_override": []})
    again = firm.run(data)
    assert (again.is_new, again.run > first.run) == (True, True)


def test_r242_without_returns_nothing_is_different(firm: Firm, tmp_path: Path) -> None:
    data, other = firm.fresh(tmp_path / "data"), firm.fresh(tmp_path / "other")
    plain = firm.run(data).manifest
    empty = firm.run(other, returns=give(tmp_path / "returns", {})).manifest
    assert (plain["returns_cut"], empty["returns_cut"]) == (None, CUT.isoformat())
    assert plain["outputs"] == empty["outputs"]


def test_r230_a_folder_named_on_the_command_line_must_hold_returns(
    firm: Firm, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = firm.fresh(tmp_path / "data")
    command = ["run", "--extracts", str(firm.extracts[AS_OF]), "--as-of", str(AS_OF), "--data", str(data)]
    assert cli.main([*command, "--returns", str(tmp_path / "nowhere")]) == cli.REFUSED
    assert "returns.json: is not there" in capsys.readouterr().err
    assert DataFolder(data).current() == "000001"
    assert cli.main([*command, "--returns", str(give(tmp_path / "returns", ACTS))]) == cli.DONE
    assert "Acts of the desk up to 2026-11-20T12:00:00+00:00: " in capsys.readouterr().out


SHUFFLED = settings(
    max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@SHUFFLED
@given(st.integers(0, 2**20))
def test_r242_the_order_of_returned_rows_does_not_show(tmp_path_factory: Any, seed: int) -> None:
    """The copies a run keeps are the same, so everything decided from them is."""
    numbers = range(1, 9)
    acts: Rows = {
        "returned_contact": [{**CONTACT, "contact_key": f"{n}", "record_code": f"{n:012d}"} for n in numbers],
        "returned_outcome": [{**OUTCOME, "client_id": f"C{n}"} for n in numbers],
        "returned_override": [{**OVERRIDE, "override_key": f"{n}"} for n in numbers],
        "returned_assignment": [{**ASSIGNMENT, "assignment_key": f"{n}"} for n in numbers],
    }
    chance, turned = Random(seed), {}  # noqa: S311 - an order, not a secret
    for name, rows in acts.items():
        turned[name] = list(rows)
        chance.shuffle(turned[name])
    root = tmp_path_factory.mktemp("order")
    one = taken(give(root / "a", acts), root / "run-a").described()
    two = taken(give(root / "b", turned), root / "run-b").described()
    assert one == two
