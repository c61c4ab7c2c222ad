"""R006, R211: whether a person is on file is answered across branches, and nothing else is (M02, M18)."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.identities.duplicates import actions, documents
from keepwell.desk.identities.models import DuplicateCheck
from tests.desk.run_folder import facts, token

ENTRY = ENTRIES["firm"]
PAGE = "/identities/duplicates/"
ON_FILE = facts(28)["id_number"]  # of a client of the first branch; its check digit fits
NOBODY = "110105194912310028"
MISTYPED = "33010219740501002X"


@pytest.mark.parametrize(("number", "digit"), [("11010519491231002", "X"), ("44052418800101001", "4")])
def test_the_check_digit_is_that_of_the_standard(number: str, digit: str) -> None:
    """GB 11643, with its own two examples."""
    assert documents.check_digit(number) == digit


def test_a_number_of_before_1999_gets_its_century_and_digit() -> None:
    """A dash is part of a number, as it is where the run standardizes the firm's own."""
    assert documents.standard("１１０１０５ 491231 002", is_resident=True) == "11010519491231002X"
    assert documents.standard("g-1234 567", is_resident=False) == "G-1234567"


def tables_with(text: str) -> list[str]:
    """The tables of acts, traces and sessions in which a text stands."""
    found = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names():
            if name.startswith(("identities_", "audit_", "django_session")):
                cursor.execute(f'SELECT * FROM "{name}"')
                if any(text in str(value) for row in cursor.fetchall() for value in row):
                    found.append(name)
    return found


def ask(browser: Client, number: str, kind: str = "resident") -> Any:
    return browser.post(PAGE, {"number": number, "kind": kind})


def test_r211_another_branch_is_told_where_to_ask_and_nothing_else(
    log_in: Callable[..., Client], firm_run: Any
) -> None:
    browser = log_in("counter", branch_code="B02", staff_code="S99")
    answer = ask(browser, ON_FILE)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "解放路营业部已有此人档案。请联系该营业部；此处不显示其他资料。" in text
    who = facts(28)
    shown = text.partition('id="answer"')[2].partition("</main>")[0]
    for hidden in (who["name"], who["client_id"], who["record"], who["phone"][-4:], ON_FILE):
        assert hidden not in shown, hidden
    assert ON_FILE not in text
    entry = ENTRY.objects.get(verb="identities.check_duplicate")
    assert entry.subject_id == token("id", ON_FILE)
    assert entry.payload == {"answer": "found", "branches": ["B01"]}
    assert tables_with(ON_FILE) == []
    assert tables_with(token("id", ON_FILE))


def test_r211_the_own_branch_is_told_to_search(at_work: Callable[[str], Client]) -> None:
    text = ask(at_work("counter"), ON_FILE).content.decode()
    assert "本营业部已有此人档案" in text
    assert "请联系该营业部" not in text


def test_r211_who_is_on_file_nowhere(at_work: Callable[[str], Client]) -> None:
    answer = ask(at_work("service_desk"), NOBODY[:17] + documents.check_digit(NOBODY))
    assert "没有同一人的档案。" in answer.content.decode()
    assert DuplicateCheck.objects.get().answer == "none"


def test_r006_a_wrong_check_digit_is_said_and_kept_to_be_verified(at_work: Callable[[str], Client]) -> None:
    """M18: what the last place should be; the branch sees that an original is to be looked at."""
    browser = at_work("counter")
    answer = ask(browser, MISTYPED)
    assert answer.status_code == 422
    assert "证件号校验位不符，末位应为 8。请核对原件；已存为待核实。" in answer.content.decode()
    assert ENTRY.objects.filter(verb="identities.check_duplicate", outcome="refused", reason="M18").exists()
    assert tables_with(MISTYPED) == []
    (row,) = DuplicateCheck.objects.all()
    assert "待对照原件核实" in browser.get(PAGE).content.decode()
    assert browser.post(f"{PAGE}{row.pk}/verify/").status_code == 302
    assert "待对照原件核实" not in browser.get(PAGE).content.decode()
    assert browser.post(f"{PAGE}{row.pk}/verify/").status_code == 404
    assert ENTRY.objects.filter(verb="identities.verify_number").count() == 1


def test_r004_a_doubtful_number_is_of_its_branch(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    ask(at_work("counter"), MISTYPED)
    (row,) = DuplicateCheck.objects.all()
    other = log_in("counter", username="other", branch_code="B02", staff_code="S99")
    assert "待对照原件核实" not in other.get(PAGE).content.decode()
    assert other.post(f"{PAGE}{row.pk}/verify/").status_code == 404


@pytest.mark.parametrize("number", ["", "1" * 40, "33010219740501X028", "<script>"])
def test_what_is_no_number_is_asked_again(at_work: Callable[[str], Client], number: str) -> None:
    answer = ask(at_work("counter"), number)
    assert answer.status_code == 422
    assert DuplicateCheck.objects.count() == 0


def test_r004_managers_do_not_ask(at_work: Callable[[str], Client]) -> None:
    assert at_work("manager").get(PAGE).status_code == 403


def test_r235_a_number_is_verified_once(at_work: Callable[[str], Client], firm_run: Any) -> None:
    """Two people who saw the same page: one of them verifies, one trace says so."""
    ask(at_work("counter"), MISTYPED)
    (row,) = DuplicateCheck.objects.all()
    for _attempt in range(2):
        actions.verify_number(row=row, run=firm_run.run_id, by=row.by, at=timezone.now())
    assert ENTRY.objects.filter(verb="identities.verify_number").count() == 1


def test_what_is_endless_is_cut_before_it_is_read(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    monkeypatch.setattr(unicodedata, "normalize", lambda _form, text: read.append(len(text)) or text)
    assert ask(at_work("counter"), "ﷺ" * 500_000, kind="other").status_code == 422
    assert max(read) == 60


def test_r006_a_doubtful_number_has_a_next_step_either_way(at_work: Callable[[str], Client]) -> None:
    """R006: seen on an original it is looked up as it stands; a slip of the hand is removed, its trace kept."""
    browser = at_work("counter")
    ask(browser, MISTYPED)
    waiting = ask(browser, MISTYPED)  # typed twice, it is one thing to find out
    assert "请核对原件。原件就是此号" in waiting.content.decode()
    (row,) = waiting.context["doubtful"]
    assert browser.post(f"{PAGE}{row.pk}/drop/").status_code == 302
    assert not DuplicateCheck.objects.exists()
    assert ENTRY.objects.get(verb="identities.drop_number").subject_id == row.digest
    assert browser.post(f"{PAGE}{row.pk}/drop/").status_code == 404

    ask(browser, MISTYPED)
    row = DuplicateCheck.objects.get()
    browser.post(f"{PAGE}{row.pk}/verify/")
    assert "请再填一次此号" in browser.get(PAGE).content.decode()
    answer = ask(browser, MISTYPED)
    assert answer.status_code == 200
    assert "没有同一人的档案。" in answer.content.decode()
    assert browser.post(f"{PAGE}{row.pk}/drop/").status_code == 404  # what was verified stays


def test_r004_another_branch_removes_no_number(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    ask(at_work("counter"), MISTYPED)
    row = DuplicateCheck.objects.get()
    other = log_in("counter", username="other", branch_code="B02", staff_code="S99")
    assert other.post(f"{PAGE}{row.pk}/drop/").status_code == 404
    assert DuplicateCheck.objects.filter(pk=row.pk).exists()
