"""R233: secrets of a run reach the desk encrypted: no byte of them lies in a database, a log or the audit."""

import json
import logging
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients import actions, sealing
from keepwell.desk.clients.models import ClientSecret
from keepwell.desk.exchange import batches, intake
from keepwell.desk.exchange.folders import RunFolder
from keepwell.desk.exchange.models import Quarantine
from keepwell.desk.generations.attach import use
from keepwell.desk.people.actions import create_user
from tests.desk.conftest import PASSWORD
from tests.desk.run_deliveries import BAD_ROW
from tests.desk.run_folder import build, facts

SECRETS = [facts(number)[name] for number in range(4) for name in ("id_number", "phone", "address")]
SECRETS += ["secret row", BAD_ROW, "330102197405010018", "杭州市上城区解放路 7 号"]


def take(data: Path, number: str = "000001") -> None:
    intake.take_in(run=RunFolder(build(data, number, n=4)), by=None, at=timezone.now())
    use(number)


def everything(data: Path) -> bytes:
    """Every byte the desk's databases hold: the files of SQLite, or every row of PostgreSQL as text."""
    if connection.vendor == "sqlite":
        connection.close()  # what still lies in the log of writes goes into the file
        return b"".join(path.read_bytes() for path in data.rglob("*sqlite3*"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public' OR schemaname LIKE 'run_%'"
        )
        found = []
        for schema, table in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{schema}"."{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found).encode()


def test_the_key_is_made_when_it_is_first_needed(db: None, tmp_path: Path, settings: Any) -> None:
    """Also what makes the suite's database, which the tests below copy."""
    settings.DATA = tmp_path
    assert not sealing.key_file().exists()
    assert len(sealing.sealer("000001", ClientSecret.contract_table)([b"c"], [b"x"])) == 1
    assert sealing.key_file().exists()


def test_no_database_holds_a_secret_in_the_open(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    take(data)
    lying = everything(data)
    assert "陈志远".encode() in lying  # what is open is found, so the search can fail
    for secret in SECRETS:
        assert secret.encode() not in lying, secret
        assert secret.encode().hex().encode() not in lying, secret
        assert secret not in caplog.text
    for stream in ENTRIES.values():
        told = json.dumps([entry.payload for entry in stream.objects.all()], ensure_ascii=False)
        assert not [secret for secret in SECRETS if secret in told]


def test_every_client_has_a_nonce_of_their_own(data: Path) -> None:
    take(data)
    sealed = [bytes(row.sealed) for row in ClientSecret.objects.all()]
    nonces = {value[sealing.KEY_ID : sealing.KEY_ID + sealing.NONCE] for value in sealed}
    assert len(nonces) == len(sealed) == 4


def test_what_is_sealed_opens_for_its_own_row_alone(data: Path) -> None:
    take(data)
    for number in range(4):
        row = ClientSecret.objects.get(pk=facts(number)["client_id"])
        told = sealing.opened("000001", ClientSecret.contract_table, (row.pk,), row.sealed)
        assert told == {name: facts(number)[name] for name in ("id_number", "phone", "address")}
    bad = Quarantine.objects.get(file_name="account.csv", line_no=44)
    owner = [getattr(bad, name) for name in Quarantine.contract_table.grain]
    assert sealing.opened("000001", Quarantine.contract_table, owner, bad.sealed) == {"raw": "secret row"}


def test_the_key_is_its_owners_alone_and_can_be_followed_by_another(data: Path) -> None:
    take(data)
    assert sealing.key_file().stat().st_mode & 0o777 == 0o600
    first = bytes(ClientSecret.objects.first().sealed)
    call_command("new_vault_key")
    assert sealing.key_file().stat().st_mode & 0o777 == 0o600
    take(data, "000002")
    second = bytes(ClientSecret.objects.first().sealed)
    assert first[: sealing.KEY_ID] != second[: sealing.KEY_ID]
    table, owner = ClientSecret.contract_table, (facts(0)["client_id"],)
    assert sealing.opened("000001", table, owner, first) == sealing.opened("000002", table, owner, second)
    sealing.key_file().write_text(sealing.key_file().read_text().split()[1], encoding="utf-8")
    with pytest.raises(sealing.Unreadable, match="its key is not in"):
        sealing.opened("000001", table, owner, first)


def test_bytes_and_missing_texts_are_told_to_both_databases() -> None:
    batch = pa.RecordBatch.from_pydict({"a": ["x", None], "b": [None, "y"], "n": [1, 2]})
    assert batches.joined(batch, ["a", "b"], "|") == [b"x|", b"|y"]
    assert batches.joined(batch, ["n"], "|") == [b"1", b"2"]
    sealed = batches.with_sealed(batch, ["sealed", "n"], "sealed", [b"\x00\xff", b"\x01"])
    assert list(batches.as_rows(sealed)) == [(b"\x00\xff", 1), (b"\x01", 2)]
    assert batches.as_csv(sealed) == b'"\\x00ff",1\n"\\x01",2\n'


def test_the_act_that_shows_it_writes_no_log_line(
    data: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    take(data)
    given = {"username": "teller", "display_name": "陈静", "role": "counter", "branch_code": "B01"}
    teller = create_user(**given, password=PASSWORD, by=None, at=timezone.now())
    caplog.set_level(logging.DEBUG, logger="keepwell")
    at = timezone.now()
    shown = actions.reveal(client_id="c000000", field="phone", purpose="call", by=teller, at=at, run="000001")
    assert shown == facts(0)["phone"]
    told = capsys.readouterr()
    for place in (caplog.text, told.out, told.err):
        assert shown not in place
    assert shown.encode() not in everything(data)
