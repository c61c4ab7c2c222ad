"""Words by which a client is found; the tails of secrets only as keyed hashes."""

from __future__ import annotations

from typing import Any

import ibis


def search_token(
    client_record: Any,
    client_account: Any,
    record_identity: Any,
    client_secret: Any,
    token_key: str,
) -> Any:
    """Name, its suffixes, pinyin, initials, numbers and their tails, one row a word and client (architecture.md)."""
    names = record_identity.select("record_code", "client_name", "name_reading").join(
        client_record.select("record_code", "client_id"), "record_code"
    )
    parts = [
        _word(names, "name", names.client_name),
        *(_suffix(names, start) for start in (1, 2)),
        _word(names, "pinyin", names.name_reading.replace(" ", "").lower()),
        _word(names, "initials", _initials(names.name_reading)),
        _word(client_record, "record", client_record.record_code),
        _word(client_record, "record", client_record.record_code.right(4)),
        _word(client_account, "account", client_account.account_code),
        _word(client_account, "account", client_account.account_code.right(4)),
        _hidden(client_secret, "phone", client_secret.phone.right(4), token_key),
        _hidden(client_secret, "phone", client_secret.phone, token_key),
        _hidden(client_secret, "id", client_secret.id_number.right(4), token_key),
        _hidden(client_secret, "id", client_secret.id_number, token_key),
    ]
    return ibis.union(*parts, distinct=False).distinct()


def _word(rows: Any, kind: str, word: Any) -> Any:
    told = rows.select("client_id", token_kind=ibis.literal(kind), token=word)
    return told.filter(told.token != "").select("token_kind", "token", "client_id")


def _suffix(names: Any, start: int) -> Any:
    longer = names.filter(names.client_name.length() >= start + 1)
    return _word(longer, "name", longer.client_name.substr(start))


def _initials(reading: Any) -> Any:
    return reading.re_replace(r"([A-Za-z0-9])[A-Za-z0-9]* ?", r"\1").lower()


def _hidden(rows: Any, kind: str, value: Any, key: str) -> Any:
    """A keyed SHA-256: without the key of the data folder the word says nothing."""
    word = (ibis.literal(f"{key}:{kind}:") + value).hexdigest("sha256").left(32)
    return rows.filter(value != "").select(
        token_kind=ibis.literal(kind), token=word, client_id=rows.client_id
    )
