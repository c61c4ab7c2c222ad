"""R007, R212, R233: what people verified goes back to the firm's other systems as a file, and comes back answered."""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients.models import ClientRecord
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities.facts import queries as conflicts
from keepwell.desk.identities.models import (
    Acknowledgement,
    Judgement,
    KeptEvent,
    Split,
    Verification,
    WriteBack,
    WriteBackRow,
)
from keepwell.desk.identities.writeback import answers, writing
from tests.desk.run_folder import facts

ENTRY = ENTRIES["firm"]
HEADQUARTERS: dict[str, Any] = {"username": "steward", "display_name": "总部核对", "branch_code": "HQ"}
PHONE = "two_phones/c000057/0123456789ab"
WORK = "occupations_opposed/c000057/0123456789ab"
HERE, THERE, CLIENT = "10000057", "20000057", "c000057"  # the run holds what the second says to be true
PAGE = "/identities/write-back/"
SECRET = facts(57)["phone"]


@pytest.fixture
def counter(at_work: Callable[[str], Client]) -> Client:
    return at_work("counter")


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters."""
    return log_in("service_desk", **HEADQUARTERS)


def settle(browser: Client, key: str, record: str = THERE, **given: str) -> Verification:
    told = {"finding": "one_is_right", "record": record, "how": "phone", "grounds": "11 月 18 日电话核实"}
    assert browser.post("/identities/conflicts/settle/", {"key": key, **told, **given}).status_code == 302
    return Verification.objects.get(conflict_key=key, state="in_force")


def night() -> None:
    """A run has taken what was done until now."""
    cut = timezone.now() + dt.timedelta(seconds=1)
    Generation.objects.update(returns_cut=cut)


def make(browser: Client, purpose: str = "发至集中柜台") -> WriteBack:
    assert browser.post(PAGE, {"purpose": purpose}).status_code == 302
    return WriteBack.objects.latest("number")


def fetched(browser: Client, number: int) -> list[dict[str, str]]:
    answer = browser.post(f"{PAGE}{number}/fetch/", {"purpose": "发至集中柜台"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert hashlib.sha256(answer.content).hexdigest() == WriteBack.objects.get(number=number).sha256
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def upload(browser: Client, number: int, text: str | bytes) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("answer.csv", content, content_type="text/csv")
    return browser.post(f"{PAGE}{number}/answer/", {"answer": file})


def test_r007_a_verified_value_waits_for_the_run_and_then_goes_to_every_number_in_full(
    counter: Client, steward: Client
) -> None:
    act = settle(counter, PHONE)
    assert "没有待回写的变更。" in steward.get(PAGE).content.decode()  # no run has taken it
    night()
    assert steward.get(PAGE).context["n"] == 2
    file = make(steward)
    rows = fetched(steward, file.number)
    assert list(rows[0]) == list(writing.COLUMNS)
    told = {row["customer_number"]: row for row in rows}
    assert set(told) == {HERE, THERE}
    changed = told[HERE]
    assert (changed["change"], changed["new_value"], changed["old_value"]) == ("set", SECRET, "138****0057")
    assert (changed["field"], changed["source"], changed["act"]) == ("phone", THERE, f"verification-{act.pk}")
    assert (changed["verified_by"], changed["verified_how"], changed["branch"]) == ("S05", "phone", "B01")
    assert dt.datetime.fromisoformat(changed["verified_at"]) == timezone.localtime(act.at).replace(
        microsecond=0
    )
    assert (told[THERE]["change"], told[THERE]["new_value"]) == ("confirmed", "")
    assert steward.get(PAGE).context["n"] == 0  # told once


def test_r233_the_value_lies_encrypted_and_masked_and_leaves_by_one_permission_with_a_purpose(
    counter: Client, steward: Client
) -> None:
    settle(counter, PHONE)
    night()
    assert steward.post(PAGE, {"purpose": " "}).status_code == 403  # M20
    assert WriteBack.objects.count() == 0
    file = make(steward)
    assert SECRET.encode() not in bytes(file.sealed)
    kept = str(list(WriteBackRow.objects.values())) + str(list(ENTRY.objects.values()))
    assert SECRET not in kept
    page = steward.get(f"{PAGE}{file.number}/").content.decode()
    assert SECRET not in page
    assert "138****0057" in page
    assert steward.post(f"{PAGE}{file.number}/fetch/").status_code == 403
    for place in (PAGE, f"{PAGE}{file.number}/"):
        assert counter.get(place).status_code == 403
    assert counter.post(f"{PAGE}{file.number}/fetch/", {"purpose": "看看"}).status_code == 403
    fetched(steward, file.number)
    entry = ENTRY.objects.get(verb="identities.fetch_write_back", outcome="done")
    assert (entry.subject_id, entry.payload["purpose"]) == (str(file.number), "发至集中柜台")
    assert ENTRY.objects.filter(verb="identities.make_write_back").count() == 1


def test_r233_a_file_whose_text_was_changed_in_the_database_does_not_open(
    counter: Client, steward: Client
) -> None:
    settle(counter, PHONE)
    night()
    file = make(steward)
    changed = bytes(file.sealed)[:-1] + bytes([bytes(file.sealed)[-1] ^ 1])
    WriteBack.objects.update(sealed=changed)
    answer = steward.post(f"{PAGE}{file.number}/fetch/", {"purpose": "发至集中柜台"})
    assert answer.status_code == 403
    assert "密文打不开" in answer.content.decode()


def test_r212_all_values_right_are_told_as_confirmed_without_any_value(
    counter: Client, steward: Client
) -> None:
    settle(counter, WORK, finding="all_are_right", record="")
    night()
    rows = fetched(steward, make(steward).number)
    assert {(row["customer_number"], row["change"], row["old_value"], row["new_value"]) for row in rows} == {
        (HERE, "confirmed", "freelance", ""), (THERE, "confirmed", "unemployed", ""),
    }  # fmt: skip


def test_r212_a_value_that_the_run_does_not_hold_to_be_true_is_not_told(
    counter: Client, steward: Client
) -> None:
    settle(counter, WORK, record=HERE)
    night()
    assert steward.get(PAGE).context["n"] == 0


def test_r007_what_was_told_and_taken_back_is_withdrawn(counter: Client, steward: Client) -> None:
    act = settle(counter, WORK)
    night()
    make(steward)
    counter.post(f"/identities/conflicts/{act.pk}/undo/")
    rows = fetched(steward, make(steward).number)
    assert {(row["customer_number"], row["change"]) for row in rows} == {
        (HERE, "withdrawn"), (THERE, "withdrawn"),
    }  # fmt: skip
    assert steward.get(PAGE).context["n"] == 0


def test_r210_who_is_one_person_is_told_by_judgement_split_and_its_undoing(
    steward: Client, make_user: Callable[..., Any]
) -> None:
    by = make_user("hq_brokerage")
    at = timezone.now()
    sides = {"left_code": HERE, "right_code": THERE, "left_client_id": CLIENT, "right_client_id": CLIENT}
    same = Judgement.objects.create(
        **sides, judgement="same", reason="confirmed", by=by, at=at, in_force_at=at, run="000001"
    )
    apart = Judgement.objects.create(
        left_code="10000001", right_code="10000005", left_client_id="c000001", right_client_id="c000005",
        judgement="same", reason="confirmed", by=by, at=at, in_force_at=at, run="000001",
    )  # fmt: skip
    night()
    KeptEvent.objects.create(
        run="000001", on=at.date(), record_code=THERE, from_client_id="cold", to_client_id=CLIENT,
        event="merged", event_reason="judged_same",
    )  # fmt: skip
    rows = fetched(steward, make(steward).number)
    assert {row["customer_number"]: row["old_value"] for row in rows} == {HERE: "", THERE: "cold"}
    assert {(row["customer_number"], row["field"], row["new_value"], row["act"]) for row in rows} == {
        (HERE, "client_id", CLIENT, f"judgement-{same.pk}"), (THERE, "client_id", CLIENT, f"judgement-{same.pk}"),
    }  # fmt: skip
    assert not WriteBackRow.objects.filter(judgement=apart).exists()  # the run has not joined them
    split = Split.objects.create(
        client_id=CLIENT,
        taken=[THERE],
        kept=[HERE],
        reason="namesake",
        by=by,
        at=at,
        in_force_at=at,
        run="000001",
    )
    assert {row["verified_how"] for row in fetched(steward, make(steward).number)} == {"split"}
    Split.objects.filter(pk=split.pk).update(undone_by=by, undone_at=at, state="undone")
    assert {row["verified_how"] for row in fetched(steward, make(steward).number)} == {"split_undone"}
    assert steward.get(PAGE).context["n"] == 0


def test_r007_every_row_of_an_answer_is_accepted_refused_or_unknown(counter: Client, steward: Client) -> None:
    settle(counter, PHONE)
    night()
    number = make(steward).number
    lines = [
        f"{number},1,accepted,",
        f"{number},2,refused,客户号已冻结",
        f"{number},2,accepted,",
        f"{number},9,accepted,",
        f"{number},eins,refused,?",
    ]
    text = "file,row,result,reason\r\n" + "\r\n".join(lines) + "\r\n"
    assert upload(steward, number, text).status_code == 302
    (answer,) = Acknowledgement.objects.all()
    assert (answer.n_rows, answer.n_accepted, answer.n_refused, answer.n_unknown) == (5, 1, 1, 3)
    assert [one["why"] for one in answer.unknown] == ["twice", "row", "row"]
    file = WriteBack.objects.get(number=number)
    assert (file.state, file.n_accepted, file.n_refused, file.sealed) == ("done", 1, 1, None)
    page = steward.get(f"{PAGE}{number}/").content.decode()
    assert "客户号已冻结" in page
    assert "第 5 行" in page
    assert steward.post(f"{PAGE}{number}/fetch/", {"purpose": "再取"}).status_code == 404
    assert upload(steward, number, text).status_code == 403  # M25: taken in before
    assert Acknowledgement.objects.count() == 1


def test_r007_a_file_is_acknowledged_in_part_until_every_row_is_answered(
    counter: Client, steward: Client
) -> None:
    settle(counter, PHONE)
    night()
    number = make(steward).number
    upload(steward, number, f"file,row,result,reason\n{number},1,refused,格式不符\n")
    file = WriteBack.objects.get(number=number)
    assert (file.state, file.n_open) == ("part", 1)
    assert file.sealed is not None
    upload(steward, number, f"file,row,result,reason\n{number},1,accepted,\n{number},2,accepted,\n")
    file.refresh_from_db()
    assert (file.state, file.n_accepted, file.n_refused) == ("done", 2, 0)
    upload(steward, number, f"file,row,result,reason\n{number},1,refused,后悔了\n")
    assert [one["why"] for one in Acknowledgement.objects.latest("pk").unknown] == ["accepted_before"]
    assert WriteBackRow.objects.filter(state="accepted").count() == 2


def test_r213_what_was_refused_comes_back_on_the_branchs_work_list_with_its_reason(
    counter: Client, steward: Client
) -> None:
    settle(counter, WORK)
    night()
    number = make(steward).number
    upload(
        steward, number, f"file,row,result,reason\n{number},1,refused,职业代码未启用\n{number},2,accepted,\n"
    )
    listed = counter.get("/identities/conflicts/")
    assert WORK in [one["row"].conflict_key for one in listed.context["shown"]]
    assert "职业代码未启用" in listed.content.decode()
    one = counter.get("/identities/conflicts/one/", {"key": WORK}).content.decode()
    assert "职业代码未启用" in one
    assert "重新发送" in one
    assert steward.get(PAGE).context["n_back"] == 1
    assert counter.post("/identities/conflicts/again/", {"key": WORK}).status_code == 302
    assert WORK not in [
        one["row"].conflict_key for one in counter.get("/identities/conflicts/").context["shown"]
    ]
    rows = fetched(steward, make(steward).number)
    assert [(row["customer_number"], row["new_value"]) for row in rows] == [(HERE, "unemployed")]
    assert steward.get(PAGE).context["n"] == 0
    assert ENTRY.objects.filter(verb="identities.send_again", subject_id=CLIENT).count() == 1


def test_r213_a_finding_taken_back_ends_the_wait_of_its_refused_rows(
    counter: Client, steward: Client
) -> None:
    act = settle(counter, WORK)
    night()
    number = make(steward).number
    upload(steward, number, f"file,row,result,reason\n{number},1,refused,不收\n{number},2,refused,不收\n")
    assert steward.get(PAGE).context["n_back"] == 2
    counter.post(f"/identities/conflicts/{act.pk}/undo/")
    assert steward.get(PAGE).context["n_back"] == 0
    assert steward.get(PAGE).context["n"] == 0  # nothing was accepted, so there is nothing to withdraw
    assert WORK in [row.conflict_key for row in conflicts.waiting(act.by)]


def test_r004_a_branch_has_its_own_clients_rows_sent_again_alone(
    at_work: Callable[[str], Client], log_in: Callable[..., Client], steward: Client
) -> None:
    at_work("counter")
    stranger = log_in("counter", username="other", branch_code="B02")
    assert stranger.post("/identities/conflicts/again/", {"key": WORK}).status_code == 404


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"file,row,result,reason\n1,1,accepted,\xff\n", "第 2 行：字节 0xFF 不是 UTF-8"),
        (b"file,row,result\n1,1,accepted\n", "第 1 行：现有列为“file,row,result”，缺少：reason"),
        (b"file,row,result,reason\n7,1,accepted,\n", "第 2 行，file 列：现为“7”，应为 1"),
        (b"file,row,result,reason\n", "第 2 行：没有数据行"),
        (b'file,row,result,reason\n1,1,accepted,"a"b"\n', "第 2 行不是 CSV"),
        (b"", "第 1 行：现有列为“”"),
    ],
)
def test_r007_a_bad_file_is_told_with_place_value_and_remedy_and_nothing_is_taken_in(
    counter: Client, steward: Client, text: bytes, told: str
) -> None:
    settle(counter, PHONE)
    night()
    assert make(steward).number == 1
    answer = upload(steward, 1, text)
    assert answer.status_code == 422
    assert told in answer.context["mistake"]
    assert Acknowledgement.objects.count() == 0
    assert WriteBackRow.objects.exclude(state="sent").count() == 0


def test_r007_a_file_too_large_is_told_so_before_it_is_read(counter: Client, steward: Client) -> None:
    settle(counter, PHONE)
    night()
    make(steward)
    answer = upload(steward, 1, b"x" * (answers.LARGEST + 1))
    assert answer.status_code == 422
    assert "请分批" in answer.context["mistake"]
    assert steward.post(f"{PAGE}1/answer/").status_code == 422  # no file at all


def test_r007_two_who_make_the_same_file_at_once_are_told(
    counter: Client, steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(counter, PHONE)
    night()
    written = writing.written
    by = Verification.objects.get().by

    def meanwhile(number: int, lines: Any) -> bytes:
        WriteBack.objects.create(
            number=number, purpose="别人", by=by, at=timezone.now(), run="000001", n_rows=0, sha256="0" * 64
        )
        return written(number, lines)

    monkeypatch.setattr(writing, "written", meanwhile)
    assert steward.post(PAGE, {"purpose": "发至集中柜台"}).status_code == 403
    assert WriteBackRow.objects.count() == 0


def test_r007_an_answer_whose_rows_are_not_all_counted_cannot_be_kept(
    counter: Client, steward: Client
) -> None:
    settle(counter, PHONE)
    night()
    file = make(steward)
    with pytest.raises(Exception, match="every_answer_is_counted"):
        Acknowledgement.objects.create(
            write_back=file, file_name="a", sha256="0", n_rows=3, n_accepted=1, n_refused=1, n_unknown=0,
            by=file.by, at=file.at,
        )  # fmt: skip


def test_r007_a_closed_customer_number_is_told_nothing(counter: Client, steward: Client) -> None:
    settle(counter, PHONE)
    night()
    with connection.execute_wrapper(_closed):
        file = make(steward)
    assert set(file.rows.values_list("record_code", flat=True)) == {THERE}
    assert ClientRecord.objects.filter(client_id=CLIENT).count() == 2


def _closed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """As if the first number were closed: a generation cannot be changed."""
    if '"decided_client_record"."closed_on" IS NULL' in sql:
        sql = sql.replace(
            '"decided_client_record"."closed_on" IS NULL',
            '"decided_client_record"."record_code" <> \'10000057\'',
        )
    return execute(sql, params, many, context)
