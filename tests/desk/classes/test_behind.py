"""R242: a figure is told down to the rows behind it, as the engine's host lists them; within scope, on record."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from keepwell.contract import asking as protocol
from keepwell.desk.asks import asking
from keepwell.desk.asks.models import Ask
from keepwell.desk.audit.models import FirmEntry

AtWork = Callable[[str], Client]
OWN, ELSEWHERE, FEATURE = "c000000", "c000003", "outflow_90d_amount"
HIDDEN = "谁也不该看见"
FLOW = {"flowed_at": "2026-11-02T10:20:00", "side": "out", "flow_amount": "1200000.00", "device_code": HIDDEN}
ROWS = [
    {"table": "cash_flow", "counted": "1200000.00", "row": {"client_id": OWN, **FLOW}},
    {"table": "contact", "counted": None, "row": {"contacted_on": "2026-10-05", "note": HIDDEN}},
]


def address(client_id: str = OWN, feature: str = FEATURE) -> str:
    return f"/classes/behind/{client_id}/{feature}/"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of asks of its own."""
    monkeypatch.setattr(asking, "_folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def looked_up(
    at_work: AtWork, folder: Path, django_capture_on_commit_callbacks: Any
) -> Callable[..., tuple[Client, Ask]]:
    """Somebody of a role asks for the rows behind a figure."""

    def look(role: str) -> tuple[Client, Ask]:
        browser = at_work(role)
        with django_capture_on_commit_callbacks(execute=True):
            page = browser.get(address())
        assert page.status_code == 200
        return browser, Ask.objects.get()

    return look


def answered(folder: Path, ask: Ask, **more: Any) -> None:
    """Answer as the host does."""
    body = {
        "feature": FEATURE, "value": "1200000.00", "way": "sum", "again": "1200000.00", "as_of": "2026-11-20",
        "n_rows": 300, "rows": ROWS, "follows": ["n_trades_30d"], **more,
    }  # fmt: skip
    told = json.dumps({"state": "answered", "body": body})
    (folder / f"{ask.key}{protocol.ANSWER}").write_text(told, "utf-8")


def test_r242_the_host_is_asked_once_and_the_log_says_who_asked(
    looked_up: Callable[..., tuple[Client, Ask]], folder: Path
) -> None:
    browser, ask = looked_up("manager")
    assert ask.body == {"client_id": OWN, "feature": FEATURE}
    assert json.loads((folder / f"{ask.key}{protocol.ASK}").read_text("utf-8"))["kind"] == "feature"
    page = browser.get(address()).content.decode()
    assert f"/classes/behind/{ask.key}/" in page
    assert "every 1s" in page
    assert Ask.objects.count() == 1
    assert FirmEntry.objects.filter(verb="classes.read_behind").count() == 1


def test_r242_the_rows_stand_there_with_what_they_give_alone(
    looked_up: Callable[..., tuple[Client, Ask]], folder: Path
) -> None:
    """The figure, the way it comes about, rows by table, what it follows from; names and notes are not among them."""
    browser, ask = looked_up("manager")
    answered(folder, ask)
    reply = browser.get(f"/classes/behind/{ask.key}/")
    assert reply.status_code == 286
    page = browser.get(address()).content.decode()
    for told in (
        "2026-11-02 10:20",
        "1,200,000.00",
        "合计",
        "所列记录单独算得相同",
        "最新 2 条，共 300 条",
        address(feature="n_trades_30d"),
    ):
        assert told in page, told
    assert HIDDEN not in page
    assert Ask.objects.count() == 1


def test_r242_rows_that_give_another_value_are_told_so(
    looked_up: Callable[..., tuple[Client, Ask]], folder: Path
) -> None:
    browser, ask = looked_up("manager")
    answered(folder, ask, again="1100000.00")
    page = browser.get(address()).content.decode()
    assert "所列记录单独算得 1,100,000.00" in page


@pytest.mark.usefixtures("folder")
def test_r199_a_client_out_of_scope_and_what_is_no_feature_are_unknown(at_work: AtWork) -> None:
    browser = at_work("manager")
    for unknown in (address(ELSEWHERE), address(feature="client_id"), address(feature="aml_rating")):
        assert browser.get(unknown).status_code == 404, unknown
    assert not Ask.objects.exists()


def test_r199_somebody_else_s_ask_is_unknown(
    looked_up: Callable[..., tuple[Client, Ask]], log_in: Callable[..., Client]
) -> None:
    _browser, ask = looked_up("manager")
    other = log_in("team_leader", staff_code="S01", branch_code="B01", team_code="T01")
    assert other.get(f"/classes/behind/{ask.key}/").status_code == 404


@pytest.mark.usefixtures("folder")
def test_r241_whoever_reads_no_service_facts_is_refused(at_work: AtWork) -> None:
    """AML officers see identity, accounts and flows; how a figure of service was made is not for them."""
    assert at_work("aml_hq").get(address()).status_code in {403, 404}
    assert not Ask.objects.exists()


def test_r242_a_figure_of_the_card_leads_to_its_rows(at_work: AtWork) -> None:
    page = at_work("manager").get(f"/clients/{OWN}/explain/grade/").content.decode()
    assert address(feature="net_assets_20d_amount") in page
    assert address(feature="graded_on") not in page
