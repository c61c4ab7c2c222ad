"""R054: the host answers what would be if, from the run's own prices; nothing that is asked ends it."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from keepwell.contract import asking
from keepwell.engine import cli
from keepwell.engine.host import serving
from keepwell.engine.host.drafts import drafted
from keepwell.engine.host.folder import Asks, HostRuns
from keepwell.engine.host.serving import serve
from keepwell.engine.host.trying import HAIR, Held, Unanswerable, hold, tried
from keepwell.engine.run import Settings, nightly
from keepwell.policy.errors import PackError
from keepwell.policy.packs import load_packs
from tests.engine.crash import clock, quiet
from tests.engine.small_firm import AS_OF, deliver

RUN, BRANCH = "000001", "B0"
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after one night."""
    root = tmp_path_factory.mktemp("host")
    nightly(Settings(root / "data", deliver(root / "extracts"), AS_OF), quiet, clock)
    return root / "data"


@pytest.fixture(scope="module")
def held(data: Path) -> Held:
    return hold(data, RUN)


def ask(data: Path, key: str, **told: Any) -> Path:
    folder = data / asking.FOLDER
    folder.mkdir(exist_ok=True)
    whole = {
        "kind": "allocation", "run": RUN, "asked_at": NOW.isoformat(), "seconds": 30, "body": {"branch_code": BRANCH},
    }  # fmt: skip
    path = folder / f"{key}{asking.ASK}"
    path.write_text(json.dumps(whole | told), "utf-8")
    return path


def answered(data: Path, key: str) -> dict[str, Any]:
    path = data / asking.FOLDER / f"{key}{asking.ANSWER}"
    told = json.loads(path.read_text("utf-8"))
    path.unlink()
    return dict(told)


def once(data: Path, at: dt.datetime = NOW) -> int:
    return serve(data, lambda: at, threading.Event(), once=True)


def test_r054_what_changes_nothing_is_the_plan_of_the_night(held: Held) -> None:
    told = tried(held, {"branch_code": BRANCH}).body
    before, after = (told[side]["allocation_certificate"][0] for side in ("before", "after"))
    n = int(before["n_clients"])
    assert abs(Decimal(after["value"]) - Decimal(before["value"])) <= Decimal(HAIR) * n / 1_000_000
    assert after["n_clients"] == n
    assert Decimal(after["value"]) <= Decimal(after["bound"])
    assert {one["resource"] for one in told["after"]["evenness"]} >= {"heads", "hours"}


def test_r057_who_leaves_keeps_nobody_and_who_joins_is_given_a_fair_share(held: Held) -> None:
    team = tried(held, {"branch_code": BRANCH}).body["before"]["allocation_load"]
    gone, like = (one["staff_code"] for one in team[:2])
    told = tried(held, {"branch_code": BRANCH, "leaves": [gone], "joins": [like]}).body
    loads = {one["staff_code"]: one for one in told["after"]["allocation_load"]}
    assert loads[gone]["n_proposed"] == 0
    assert not loads[gone]["is_eligible"]
    assert loads["+1"]["n_proposed"] >= loads["+1"]["n_lower"] > 0
    assert {one["before"] for one in told["moved"]} >= {gone}
    assert told["n_moved"] == len(told["moved"])


def test_r048_other_bands_and_weights_are_kept_to(held: Held) -> None:
    bands = [
        {"resource": str(band.resource), "lower_share": "0.95", "upper_share": "1.05", "n_slack": 0}
        if str(band.resource) == "heads"
        else {
            "resource": str(band.resource), "lower_share": str(band.lower_share),
            "upper_share": str(band.upper_share), "n_slack": band.n_slack,
        }
        for band in held.night.packs.allocation.bands
    ]  # fmt: skip
    told = tried(held, {"branch_code": BRANCH, "policy": {"bands": bands}}).body["after"]
    heads = [row for row in told["allocation_limit"] if row["resource"] == "heads"]
    assert all(Decimal(row["load_upper"]) <= Decimal("1.05") * Decimal(row["load_fair"]) + 1 for row in heads)
    assert all(Decimal(row["load_lower"]) <= Decimal(row["load_proposed"]) for row in heads)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"branch_code": "B7"}, "B7"),
        ({}, "None"),
        ({"branch_code": BRANCH, "sliders": 1}, "sliders"),
        ({"branch_code": BRANCH, "leaves": ["S99"]}, "S99"),
        ({"branch_code": BRANCH, "policy": {"stay": {"bonus_share": "7"}}}, r"stay\.bonus_share: found '7'"),
        ({"branch_code": BRANCH, "policy": {"gold": 1}}, "gold"),
        ({"branch_code": BRANCH, "policy": {"never_in_score": []}}, "never_in_score"),
    ],
)
def test_what_cannot_be_asked_is_named(held: Held, body: dict[str, Any], names: str) -> None:
    with pytest.raises(Unanswerable, match=names):
        tried(held, body)


def test_a_draft_is_checked_as_strictly_as_a_signed_pack() -> None:
    pack = load_packs(AS_OF).allocation
    assert drafted(pack, {}) is pack
    changed = drafted(pack, {"stay": {"bonus_share": "0.02"}})
    assert changed.stay.bonus_share == Decimal("0.02")
    assert changed.score == pack.score
    with pytest.raises(PackError):
        drafted(pack, {"stay": {"bonus_share": 0.02}})


def test_the_host_answers_the_oldest_first_and_shows_that_it_lives(data: Path) -> None:
    for age, key in ((9, "b"), (5, "a")):
        path = ask(data, key)
        os.utime(path, (NOW.timestamp() - age, NOW.timestamp() - age))
    assert once(data) == 2
    for key in "ab":
        told = answered(data, key)
        assert told["state"] == "answered"
        assert told["body"]["after"]["allocation_load"]
    assert not list((data / asking.FOLDER).glob(f"*{asking.ASK}"))
    assert not (data / asking.FOLDER / asking.HOST).exists()


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"body": {"branch_code": "B7"}}, "failed"),
        ({"run": "000099"}, "failed"),
        ({"run": "../secret"}, "failed"),
        ({"kind": "prices"}, "failed"),
        ({"seconds": 0}, "failed"),
        ({"asked_at": "yesterday"}, "failed"),
        ({"asked_at": (NOW - dt.timedelta(minutes=2)).isoformat()}, "timed_out"),
        ({"body": {"branch_code": BRANCH, "policy": {"stay": "x"}}}, "failed"),
    ],
)
def test_whatever_is_asked_is_answered_and_the_next_one_too(
    data: Path, told: dict[str, Any], state: str
) -> None:
    ask(data, "first", **told)
    ask(data, "second")
    assert once(data) == 2
    assert answered(data, "first")["state"] == state
    assert answered(data, "second")["state"] == "answered"


def test_an_ask_that_takes_too_long_is_ended_and_the_next_one_answered(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, plain = iter(NOW + dt.timedelta(seconds=n) for n in range(99)), tried

    def stuck(held: Held, body: dict[str, Any]) -> Any:
        while body.get("leaves"):
            body["leaves"] = body["leaves"]
        return plain(held, body)

    monkeypatch.setattr(serving, "tried", stuck)
    ask(data, "first", seconds=2, body={"branch_code": BRANCH, "leaves": ["S00"]})
    ask(data, "second")
    assert serve(data, lambda: next(now), threading.Event(), once=True) == 2
    assert answered(data, "first")["state"] == "timed_out"
    assert answered(data, "second")["state"] == "answered"


def test_half_a_file_is_answered_as_unreadable(data: Path) -> None:
    ask(data, "torn").write_text('{"kind": "allo', "utf-8")
    assert once(data) == 1
    assert answered(data, "torn")["state"] == "failed"


def test_one_host_a_folder_is_enough(data: Path) -> None:
    with Asks(data).held(), pytest.raises(HostRuns):
        once(data)
    with Asks(data).held():
        assert cli.main(["host", "--data", str(data), "--once"]) == cli.REFUSED


def test_without_any_run_asks_fail_and_the_host_stays(tmp_path: Path) -> None:
    ask(tmp_path, "a")
    assert once(tmp_path) == 1
    assert answered(tmp_path, "a")["state"] == "failed"


def test_answers_that_nobody_fetched_for_a_day_are_taken_away(data: Path) -> None:
    path = data / asking.FOLDER / f"old{asking.ANSWER}"
    path.write_text("{}", "utf-8")
    os.utime(path, (NOW.timestamp() - 90_000, NOW.timestamp() - 90_000))
    once(data)
    assert not path.exists()


def test_the_command_says_how_many_it_answered(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["host", "--data", str(data), "--once", "--json"]) == cli.DONE
    assert json.loads(capsys.readouterr().out) == {"answered": 0}


def test_r242_the_rows_behind_a_figure_are_asked_the_same_way(data: Path) -> None:
    """Without the arrays of an allocation; what is no feature or client is told."""
    client = str(pq.read_table(data / "runs" / RUN / "tables" / "client_feature.parquet")["client_id"][0])
    ask(data, "f1", kind="feature", body={"client_id": client, "feature": "assets_amount"})
    ask(data, "f2", kind="feature", body={"client_id": client, "feature": "shoe_size"})
    ask(data, "f3", kind="feature", body={"client_id": "nobody", "feature": "assets_amount"})
    assert serve(data, lambda: NOW, threading.Event(), once=True) == 3
    told = answered(data, "f1")
    assert told["state"] == "answered"
    body = told["body"]
    assert body["value"] == body["again"]
    assert sum(Decimal(row["counted"]) for row in body["rows"]) == Decimal(body["value"])
    assert {row["table"] for row in body["rows"]} <= {"daily_asset"}
    for key in ("f2", "f3"):
        refused = answered(data, key)
        assert refused["state"] == "failed"
        assert refused["body"]["fault"]
