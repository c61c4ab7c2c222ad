"""The vault as a write-back needs it: secrets in full from the run, and a file's text encrypted at the desk."""

from __future__ import annotations

import logging
from collections.abc import Collection

import pyarrow.parquet as pq

from keepwell.contract.identity import RecordIdentity
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.schema import Sensitivity, Table, Text, count, text
from keepwell.contract.verdict import refuse
from keepwell.desk.clients import sealing
from keepwell.desk.clients.models import ClientSecret
from keepwell.desk.exchange import folders
from keepwell.desk.ui.http import Refused


class WriteBackText(Table):
    """A file written back to the firm's systems, as the desk keeps it (desk only; not a table of the run)."""

    title = Text("Text of a write-back", "回写文件内容")
    writer = "exchange"
    grain = ("number",)

    number = count("Number", "编号")
    content = text("Text", "内容", length=240, sensitivity=Sensitivity.SECRET)


class Vault:
    """What `identities.writeback.vault` asks for."""

    def secrets(self, run_id: str, client_ids: Collection[str]) -> dict[str, dict[str, str]]:
        """Document number, phone and address that count of each client; raises `Refused` when a key is gone."""
        rows = ClientSecret.objects.filter(pk__in=client_ids)
        table = ClientSecret.contract_table
        try:
            return {row.pk: sealing.opened(run_id, table, (row.pk,), row.sealed) for row in rows}
        except sealing.Unreadable as error:
            raise _unreadable(error) from error

    def emails(self, run_id: str, record_codes: Collection[str]) -> dict[str, str]:
        """The e-mail address of each customer number, from the run's own vault."""
        run = folders.one(run_id) if record_codes else None
        if run is None:
            return {}
        wanted = [("record_code", "in", sorted(record_codes))]
        table = pq.read_table(run.file(RecordIdentity.name), columns=["record_code", "email"], filters=wanted)
        return {row["record_code"]: row["email"] for row in table.to_pylist() if row["email"]}

    def seal(self, number: int, content: bytes) -> bytes:
        """The text of a write-back under a key of its own."""
        return sealing.sealer(_place(number), WriteBackText)([str(number).encode()], [content])[0]

    def opened(self, number: int, sealed: bytes) -> bytes:
        """The same in full; raises `Refused` when its key is gone or it was changed."""
        try:
            told = sealing.opened(_place(number), WriteBackText, (number,), sealed)
        except sealing.Unreadable as error:
            raise _unreadable(error) from error
        return told["content"].encode()


def _place(number: int) -> str:
    return f"write-back-{number}"


def _unreadable(error: sealing.Unreadable) -> Refused:
    """The sentence for the administrator, with file and remedy, goes to the server's log."""
    logging.getLogger(__name__).error("%s", error)
    return Refused(refuse(Refusal.SECRET_UNREADABLE), subject_kind="write_back")
