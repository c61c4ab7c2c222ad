"""R211, R230: a duplicate check serves the client at the counter; how many a day is signed, and refused beyond."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.identities.duplicates import queries
from keepwell.desk.identities.models import DuplicateCheck
from keepwell.policy.packs import DEFAULTS

PAGE = "/identities/duplicates/"
NOBODY = "E12345678"


@pytest.fixture
def two_a_day(tmp_path: Path, settings: Any) -> None:
    """The firm signs two checks a day."""
    text = (DEFAULTS / "remediation.toml").read_text("utf-8")
    (tmp_path / "remediation.toml").write_text(
        text.replace("n_per_day_at_most = 60", "n_per_day_at_most = 2"), "utf-8"
    )
    settings.FIRM_PACKS = tmp_path


def ask(browser: Client) -> Any:
    return browser.post(PAGE, {"number": NOBODY, "kind": "other"})


def test_r211_beyond_the_daily_limit_nothing_is_looked_up_and_it_is_audited(
    two_a_day: None, at_work: Callable[[str], Client]
) -> None:
    counter = at_work("counter")
    assert [ask(counter).status_code for _nth in range(3)] == [200, 200, 422]
    assert "今天已查重 2 次" in ask(counter).content.decode()
    assert DuplicateCheck.objects.count() == 2
    refused = ENTRIES["firm"].objects.filter(verb="identities.duplicates", subject_kind="user")
    assert {(entry.subject_id, entry.reason) for entry in refused} == {("counter", "checked_enough")}
    assert NOBODY not in str([entry.payload for entry in refused])


def test_r211_the_limit_is_a_persons_and_a_days(two_a_day: None, at_work: Callable[[str], Client]) -> None:
    counter, other = at_work("counter"), at_work("service_desk")
    assert [ask(counter).status_code for _nth in range(3)] == [200, 200, 422]
    assert ask(other).status_code == 200
    DuplicateCheck.objects.update(at=timezone.now() - dt.timedelta(days=1))
    assert ask(counter).status_code == 200


def test_r211_two_logins_of_one_person_count_as_one(two_a_day: None, log_in: Any, firm_run: Any) -> None:
    one = log_in("counter", branch_code="B01", staff_code="S05")
    two = log_in("service_desk", branch_code="B01", staff_code="S05")
    assert [ask(browser).status_code for browser in (one, two, one)] == [200, 200, 422]


def test_r211_of_several_asked_at_once_no_more_are_answered_than_a_day_allows(
    two_a_day: None, at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are counted while this one is looked up."""
    counter = at_work("counter")
    ask(counter)
    first = DuplicateCheck.objects.get()
    look = queries.branches_with

    def meanwhile(digest: str) -> list[str]:
        told = {"digest": "0" * 32, "answer": first.answer, "branch_code": "B01", "run": first.run}
        DuplicateCheck.objects.create(by=first.by, at=first.at, **told)
        return look(digest)

    monkeypatch.setattr(queries, "branches_with", meanwhile)
    assert ask(counter).status_code == 403
    assert DuplicateCheck.objects.count() == 2
