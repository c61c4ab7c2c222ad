"""R231: the log is written with the act, cannot be changed, and is sealed by one sealer; R239: two logs apart."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import refuse
from keepwell.desk.audit.actions import heads_file, record, seal_pending, sign_head
from keepwell.desk.audit.models import AmlEntry, Entry, FirmEntry, FirmSeal
from keepwell.desk.audit.queries import verbs, verify

NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
KEY = "a key of the tests"


@pytest.fixture(autouse=True)
def heads_aside(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_HEADS = tmp_path
    settings.AUDIT_KEY_FILE = tmp_path / "audit_key"


def write(count: int, **facts: Any) -> list[Entry]:
    with transaction.atomic():
        return [record(by=None, at=NOW, verb="tests.act", payload={"n": n}, **facts) for n in range(count)]


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_the_transaction_of_its_act() -> None:
    with pytest.raises(RuntimeError, match=r"tests\.act"):
        record(by=None, at=NOW, verb="tests.act")


@pytest.mark.django_db
def test_an_act_that_fails_leaves_no_entry() -> None:
    def act() -> None:
        with transaction.atomic():
            write(1)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        act()
    assert not FirmEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE audit_firm_entry SET verb = 'x'", "DELETE FROM audit_firm_entry"]
)
def test_the_database_refuses_to_change_or_delete(statement: str) -> None:
    write(1)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_seal_chains_what_is_pending_once() -> None:
    write(3)
    assert seal_pending(stream="firm") == 3
    assert seal_pending(stream="firm") == 0
    report = verify("firm", KEY)
    assert (report.sealed, report.unsealed, report.findings) == (3, 0, [])


@pytest.mark.django_db
def test_a_low_number_that_commits_late_is_sealed_all_the_same() -> None:
    early, late = write(2)
    unguard("audit_firm_entry")
    row = FirmEntry.objects.get(pk=early.pk)  # for the first sealing it is not there yet
    FirmEntry.objects.filter(pk=early.pk).delete()
    assert seal_pending(stream="firm") == 1
    row.save(force_insert=True)
    assert seal_pending(stream="firm") == 1
    assert list(FirmSeal.objects.values_list("position", "entry_id")) == [(1, late.pk), (2, early.pk)]
    assert verify("firm", KEY).findings == []


@pytest.mark.django_db
def test_the_loops_quick_look_seals_the_same_entries() -> None:
    write(2)
    assert seal_pending(stream="firm", recent_only=True) == 2
    write(1)
    assert seal_pending(stream="firm", recent_only=True) == 1
    assert verify("firm", KEY).unsealed == 0


@pytest.mark.django_db
def test_verbs_are_listed_once_each() -> None:
    assert verbs() == []
    write(3)
    with transaction.atomic():
        record(by=None, at=NOW, verb="tests.other")
    assert verbs() == ["tests.act", "tests.other"]


def unguard(table: str) -> None:
    """Take the triggers away, as an owner of the database could."""
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for act in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER {table}_no_{act}{on}")


def tamper(statement: str) -> None:
    unguard(statement.split()[1 if statement.startswith("UPDATE") else 2])
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement, kind",
    [
        (
            "UPDATE audit_firm_entry SET verb = 'tests.other' WHERE id = (SELECT MIN(id) FROM audit_firm_entry)",
            "altered",
        ),
        ("DELETE FROM audit_firm_entry WHERE id = (SELECT MIN(id) FROM audit_firm_entry)", "removed"),
        ("DELETE FROM audit_firm_seal WHERE position = 2", "removed"),
        ("DELETE FROM audit_firm_seal WHERE position >= 3", "cut_off"),
    ],
)
def test_the_check_sees_what_was_done_behind_its_back(statement: str, kind: str) -> None:
    write(4)
    seal_pending(stream="firm")
    sign_head(stream="firm", key=KEY, at=timezone.now())
    assert verify("firm", KEY).findings == []
    tamper(statement)
    assert kind in {finding.kind for finding in verify("firm", KEY).findings}


@pytest.mark.django_db
def test_a_head_that_our_key_did_not_sign_is_named() -> None:
    write(1)
    seal_pending(stream="firm")
    sign_head(stream="firm", key=KEY, at=timezone.now())
    path = heads_file("firm")
    row = json.loads(path.read_text())
    path.write_text(json.dumps({**row, "hash": "0" * 64}) + "\n")
    assert [finding.kind for finding in verify("firm", KEY).findings] == ["forged"]


@pytest.mark.django_db
def test_an_unmoved_head_is_not_signed_again() -> None:
    write(1)
    seal_pending(stream="firm")
    for _ in range(2):
        sign_head(stream="firm", key=KEY, at=timezone.now())
    assert len(heads_file("firm").read_text().splitlines()) == 1


@pytest.mark.django_db
def test_the_commands_seal_and_verify(capsys: pytest.CaptureFixture[str]) -> None:
    write(2)
    call_command("seal_audit")
    call_command("verify_audit")
    assert "firm: whole; 2 sealed, 0 not yet, 1 signed heads" in capsys.readouterr().out
    tamper("UPDATE audit_firm_entry SET run = '9'")
    with pytest.raises(SystemExit):
        call_command("verify_audit")
    assert "altered at position 1" in capsys.readouterr().out


def test_what_an_aml_officer_does_never_enters_the_firms_log(make_user: Callable[..., Any]) -> None:
    officer = make_user("aml_hq")
    before = FirmEntry.objects.count()
    with transaction.atomic():
        record(by=officer, at=NOW, verb="clients.read_card", subject_kind="client", subject_id="1")
    assert FirmEntry.objects.count() == before
    assert AmlEntry.objects.get().verb == "clients.read_card"


def test_a_refusal_is_recorded_with_its_reason(log_in: Callable[..., Client]) -> None:
    answer = log_in("manager").get("/audit/log/")
    assert answer.status_code == 403
    entry = FirmEntry.objects.get(outcome="refused")
    assert (entry.verb, entry.reason, entry.actor_role) == ("audit.log", "not_this_role", "manager")


def test_the_log_is_read_by_compliance_newest_first_with_filters(log_in: Callable[..., Client]) -> None:
    browser = log_in("compliance")
    write(60)
    with transaction.atomic():
        record(by=None, at=NOW, verb="tests.other", verdict=refuse(Refusal.PURPOSE))
    page = browser.get("/audit/log/")
    assert page.status_code == 200
    assert page.content.decode().count('data-label="结果"') == 50
    onward = page.context["entries"].next_cursor
    rest = browser.get("/audit/log/", {"after": onward}).content.decode()
    assert rest.count('data-label="结果"') == FirmEntry.objects.count() - 50
    only = browser.get("/audit/log/", {"verb": "tests.other"}, headers={"hx-request": "true"})
    assert only.headers["Vary"].count("HX-Request") == 1
    text = only.content.decode()
    assert text.count('data-label="结果"') == 1
    assert "M20" in text
    assert "<html" not in text


def test_a_cursor_that_is_not_ours_is_not_found(log_in: Callable[..., Client]) -> None:
    assert log_in("audit").get("/audit/log/", {"after": "W10:forged"}).status_code == 404
