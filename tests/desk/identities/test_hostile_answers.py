"""R007, R212, R233: answers and values of a write-back that are hostile, late or repeated do no harm."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from keepwell.desk.clients import sealing
from keepwell.desk.identities.models import Acknowledgement, WriteBackRow
from keepwell.desk.identities.writeback import answers, due, writing
from tests.desk.identities import test_write_back as file_of

PAGE, PHONE, WORK = file_of.PAGE, file_of.PHONE, file_of.WORK
HEAD = "file,row,result,reason\n"


@pytest.fixture
def counter(at_work: Callable[[str], Client]) -> Client:
    return at_work("counter")


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters."""
    return log_in("service_desk", **file_of.HEADQUARTERS)


def answered(steward: Client, number: int, *rows: str) -> None:
    text = HEAD + "".join(f"{number},{row}\n" for row in rows)
    assert file_of.upload(steward, number, text).status_code == 302


def made(counter: Client, steward: Client, key: str = WORK) -> Any:
    """A finding, told in a file: the act and the file's number."""
    act = file_of.settle(counter, key)
    file_of.night()
    return act, file_of.make(steward).number


def test_r007_a_withdrawal_that_was_refused_is_sent_again(counter: Client, steward: Client) -> None:
    act, number = made(counter, steward)
    answered(steward, number, "1,accepted,", "2,accepted,")
    counter.post(f"/identities/conflicts/{act.pk}/undo/")
    number = file_of.make(steward).number
    answered(steward, number, "1,refused,系统维护", "2,accepted,")
    assert steward.get(PAGE).context["n_back"] == 1
    steward.post(f"{PAGE}{number}/again/")
    (row,) = file_of.fetched(steward, file_of.make(steward).number)
    assert (row["change"], row["customer_number"], row["new_value"]) == ("withdrawn", file_of.HERE, "")
    assert not WriteBackRow.objects.filter(is_again=True).exists()


def test_r213_a_refusal_that_comes_after_its_finding_was_taken_back_waits_nowhere(
    counter: Client, steward: Client
) -> None:
    act, number = made(counter, steward)
    counter.post(f"/identities/conflicts/{act.pk}/undo/")
    answered(steward, number, "1,refused,不收", "2,refused,不收")
    assert steward.get(PAGE).context["n_back"] == 0
    assert steward.get(PAGE).context["n"] == 0  # what was refused is nothing to withdraw


def test_r213_the_same_refusal_told_twice_does_not_call_back_what_was_sent_again(
    counter: Client, steward: Client
) -> None:
    """The same answer with other line ends is another file, by its bytes."""
    _act, number = made(counter, steward)
    answered(steward, number, "1,refused,不收", "2,accepted,")
    counter.post("/identities/conflicts/again/", {"key": WORK})
    again = file_of.make(steward).number
    answered(steward, again, "1,accepted,")
    answered(steward, number, "1,refused,不收", "2,accepted,", "")
    assert steward.get(PAGE).context["n_back"] == 0


def test_r007_what_is_accepted_after_all_is_not_sent_again(counter: Client, steward: Client) -> None:
    _act, number = made(counter, steward)
    answered(steward, number, "1,refused,不收", "2,accepted,")
    counter.post("/identities/conflicts/again/", {"key": WORK})
    answered(steward, number, "1,accepted,")
    assert steward.get(PAGE).context["n"] == 0


SECRETS = (
    "13800000057",
    "138-0000-0057",
    "11010519491231002X",
    "１３８００００００５７",
    "zhang@example.com",
)


def test_r233_a_reason_that_repeats_the_value_is_kept_without_it(counter: Client, steward: Client) -> None:
    _act, number = made(counter, steward)
    text = f"1,refused,E20301 值 {' 或 '.join(SECRETS)} 有误"
    answered(steward, number, text, *(f"2,{secret}," for secret in SECRETS), f"{SECRETS[0]},refused,")
    kept = str(list(WriteBackRow.objects.values())) + str(list(Acknowledgement.objects.values()))
    kept += counter.get("/identities/conflicts/").content.decode()
    assert [secret for secret in SECRETS if secret in kept] == []
    assert "E20301 值 **** 或 **** 或 **** 或 **** 或 **** 有误" in kept  # a code stays


@pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", "@SUM(1)", "＝1+1", "-2+3", "\t=1"])
def test_r233_no_value_of_the_file_is_a_formula(value: str) -> None:
    at = timezone.now()
    line = due.Line("1", "B01", "c1", "address", "set", "act", "S05", at, "", old_shown=value, value=value)
    content = writing.written(1, [line])
    (row,) = csv.DictReader(io.StringIO(content.decode()))
    assert row["new_value"].startswith("'")
    assert row["old_value"].startswith("'")
    plain = writing.written(1, [replace(line, value="+8613800000057")])
    assert ",+8613800000057," in plain.decode()  # a number of a phone stays as it is


def test_r007_an_answer_of_more_rows_than_any_file_has_is_told_so(counter: Client, steward: Client) -> None:
    _act, number = made(counter, steward)
    answer = file_of.upload(steward, number, HEAD + f"{number},1,x,\n" * (answers.MOST + 1))
    assert answer.status_code == 422
    assert "5,000" in answer.context["mistake"]
    assert not Acknowledgement.objects.exists()


def test_r007_the_byte_that_is_not_utf_8_is_named_behind_a_byte_order_mark_too() -> None:
    with pytest.raises(answers.BadFile, match=r"(?s)2.*0xFF"):
        answers.read(b"\xef\xbb\xbffile,row,result,reason\n\xff", 1)


def test_r233_a_new_key_says_which_write_backs_still_need_the_old_one(
    counter: Client, steward: Client
) -> None:
    """Runs are forgotten after two nights, a file waits for its answer as long as it takes."""
    _act, number = made(counter, steward)
    before, said = sealing.key_file().read_text("utf-8"), io.StringIO()
    call_command("new_vault_key", stdout=said)
    assert f"once every row of write-back {number} is answered" in said.getvalue()
    assert len(file_of.fetched(steward, number)) == 2  # both lines are there
    sealing.key_file().write_text(before, "utf-8")
