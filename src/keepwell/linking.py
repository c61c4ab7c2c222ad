"""Which of these records are one person? The engine's identity rules, by themselves, over any data frame.

``from keepwell import link`` and ``link(frame)``. Nothing is kept, and nothing is written to disk but the rules' SQL;
within a bounded memory also what does not fit into it, in a folder that is gone afterwards.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract import TABLES
from keepwell.contract.codes import ClientKind, IdKind, Judgement
from keepwell.contract.identity import ClientRecord, PairScore, Reading
from keepwell.contract.reasons.identity import LinkReason
from keepwell.contract.schema import Code
from keepwell.engine.columns import arrow_schema
from keepwell.engine.identity.rules import observed
from keepwell.engine.identity.stage import STAGE
from keepwell.engine.store.decide import Context, hold, table_of
from keepwell.engine.store.session import Session
from keepwell.policy.packs import Packs, load_packs
from keepwell.weighing import Weighed, best, statements, weighed

COLUMNS = {
    "record_code": "the record's own number; without it the row's place, from 1",
    "client_kind": "person, company or product; without it person",
    "client_name": "the name; or its parts as given_name and surname",
    "given_name": "the given name, where the name is told in parts",
    "surname": "the surname, where the name is told in parts",
    "id_kind": "resident, passport, permit, credit_code, registration or other; without it as the number looks",
    "id_number": "number of the document",
    "birth_on": "date of birth: a date, YYYY-MM-DD or YYYYMMDD",
    "phone": "phone",
    "email": "e-mail",
    "address": "address in one text",
    "investor_code": "the clearing house's code of the investor",
    "bank_account": "bank account",
    "opened_on": "since when; a client is named after its first record",
}
"""What a frame may hold; any of them may be missing. Other columns are not read."""

UNTIL_CLIENTS = ("reading", "record_identity", "record_link", "record_fact", "client_record")
NAMELESS = "-"
ANSWER = ["record_code", "client_id", "link_reason", "score", "evidence"]
SINCE = dt.date(2000, 1, 1)
FIRST_YEAR = "1500"  # of a day of birth: what is earlier is a slip in the year itself
MOST_EXACT = 1e15
Columns = dict[str, Any]


JUDGEMENT_COLUMNS = {
    "left_code": "record_code of the one record",
    "right_code": "record_code of the other",
    "judgement": "same, not_same or unsure; of several about two records the last row counts",
}
"""What a frame of judgements must hold."""

CLOSED: dict[str, type[Code]] = {"client_kind": ClientKind, "id_kind": IdKind, "judgement": Judgement}


class UnknownFrame(TypeError):
    """What was given is no data frame, or one of its columns cannot be read; the message names the column."""


def link(
    records: Any,
    *,
    judgements: Any = None,
    packs: Packs | None = None,
    merges_at: Decimal | None = None,
    learns: bool = True,
    threads: int = 2,
    memory: str | None = None,
) -> Any:
    """The client of each record, in the records' own order and in a frame of the same kind.

    ``records`` is a pandas, Polars or Arrow table with any of the columns in ``COLUMNS``. The answer has
    ``record_code``, ``client_id``, ``link_reason`` (a code of ``contract.reasons.identity.LinkReason``, whose
    ``text`` says it in English and Chinese), ``score`` (how sure that reason is, from 0 to 1; empty for a record
    that shares nothing, or that somebody judged) and ``evidence`` (of a scored record: how far each field agrees in
    its best pair and how many bits that weighs). ``judgements`` is a frame of ``JUDGEMENT_COLUMNS``: what people
    said of two records outranks every key and score. Two different valid document numbers are never one client
    otherwise. ``merges_at`` is from which score on records are joined, if not from the pack's own, which would rather
    miss ten than join one wrongly. How many of these records' pairs are one person is found from them alone, and with
    ``learns`` what agreement weighs among them too, in bounded steps from the signed weights; without it the signed
    weights hold, as they do in a firm's nights. An impossible day of birth counts as the first of its month; an
    impossible month, in a date that begins with a year and a mark, as January. ``memory``, such as ``"1GB"``, bounds
    what the database holds at a time, the records and the answer come on top; the answer is the same.

    Raises ``UnknownFrame``, naming the column, for what cannot be read: a record number that is empty or repeats, a
    value outside its list, numbers that lost digits, a frame without any of the columns. Warns of dates of which none
    can be read.
    """
    signed = _signed(packs, merges_at)
    sources = _given(records, judgements)
    codes = sources["customer_record"]["record_code"].combine_chunks()
    with (
        TemporaryDirectory(prefix="keepwell-link-") as aside,
        Session(threads, memory, Path(aside)) as session,
    ):
        clients, found = _decided(session, sources, signed, learns=learns)
    told = _with_sureness(clients, found, signed)
    order = pc.index_in(codes, told["record_code"].combine_chunks())
    return _as_given(told.select(ANSWER).take(order), records)


@lru_cache(maxsize=2)
def _signed_on(day: dt.date) -> Packs:
    """The packs of a day: the same object each time, so that what was made from them is found again."""
    return load_packs(day)


def _signed(given: Packs | None, at: Decimal | None) -> Packs:
    """The packs given, else today's; records are joined from the score ``at`` on, if it is given."""
    packs = given or _signed_on(dt.datetime.now(tz=dt.UTC).date())
    if at is None:
        return packs
    scoring = packs.identity.scoring
    asked = replace(scoring, merges_at_share=at, asks_at_share=min(scoring.asks_at_share, at / 2))
    return replace(packs, identity=replace(packs.identity, scoring=asked))


def _arrow(records: Any) -> pa.Table:
    if not isinstance(records, pa.Table) and not hasattr(records, "__arrow_c_stream__"):
        raise UnknownFrame(f"{type(records).__name__} is no pandas, Polars or Arrow table")
    table = records if isinstance(records, pa.Table) else pa.table(records)
    names = table.column_names
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UnknownFrame(f"{twice[0]} is there {names.count(twice[0])} times: a column is read once")
    return table


def _require(given: pa.Table, wanted: Iterable[str], *, every: bool) -> None:
    """Raise ``UnknownFrame`` unless the frame has one of the columns, or with ``every`` all of them."""
    missing = [name for name in wanted if name not in given.column_names]
    if every and missing:
        raise UnknownFrame(f"{missing[0]} is missing: judgements need {', '.join(wanted)}")
    if not every and len(missing) == len(list(wanted)):
        held = ", ".join(given.column_names) or "none"
        raise UnknownFrame(f"none of the columns {', '.join(wanted)} is there, but {held}")


def _given(records: Any, judgements: Any) -> dict[str, pa.Table]:
    """What a firm would deliver, and what the desk would return, as these frames tell it."""
    sources = sources_of(_arrow(records))
    if judgements is not None:
        sources["returned_judgement"] = _said(_arrow(judgements), sources["customer_record"]["record_code"])
    return sources


def _said(given: pa.Table, known: pa.ChunkedArray) -> pa.Table:
    """Judgements as the desk would return them, the later row the later word."""
    _require(given, JUDGEMENT_COLUMNS, every=True)
    columns: Columns = {name: _texts(given, name) for name in JUDGEMENT_COLUMNS}
    for name in ("left_code", "right_code"):
        strange = columns[name].filter(pc.invert(pc.is_in(columns[name], known.combine_chunks())))
        if len(strange):
            raise UnknownFrame(f"{name} {strange[0].as_py()!r} is no record_code of the records")
    if columns["judgement"].null_count:
        raise UnknownFrame("judgement is empty in a row: same, not_same or unsure")
    first, second = columns["left_code"], columns["right_code"]
    columns["left_code"], columns["right_code"] = (
        pc.min_element_wise(first, second),
        pc.max_element_wise(first, second),
    )
    n = given.num_rows
    columns["judgement_key"] = pa.array([f"{place:09d}" for place in range(n)], pa.string())
    columns["judged_at"] = pa.array(range(n), pa.int64()).cast(pa.timestamp("us"))
    return _table("returned_judgement", columns, n)


def _as_given(told: pa.Table, records: Any) -> Any:
    if isinstance(records, pa.Table):
        return told
    if type(records).__module__.startswith("pandas"):
        return told.to_pandas()
    return type(records)(told)


def _decided(
    session: Session, sources: dict[str, pa.Table], packs: Packs, *, learns: bool
) -> tuple[pa.Table, Weighed]:
    """Clients of the records and the scores of pairs, by the rules that decide at night."""
    narrow = observed.asked_of(packs, _told(sources))
    whole, context = (
        Context(dt.date.max, signed, "", statements=statements(narrow)) for signed in (packs, narrow)
    )
    wanted = [rule for rule in STAGE.rules if rule.writes[0].name in UNTIL_CLIENTS]
    given = dict.fromkeys(name for rule in wanted for name in rule.reads)
    for name in (name for name in given if name not in (*UNTIL_CLIENTS, PairScore.name)):
        if name in sources:
            session.take(name, sources[name])
        else:
            session.view_files(table_of(name), [], name)
    for rule in wanted:
        if rule.writes[0] is Reading and not _has_characters(sources["customer_record"]["client_name"]):
            session.view_files(Reading, [])
            continue
        is_last = rule.writes[0] is ClientRecord
        if is_last:
            found = weighed(session, narrow, learns=learns)
        hold(session, rule, whole if is_last else context)
    return session.arrow("SELECT * FROM client_record"), found


def _has_characters(names: pa.ChunkedArray) -> bool:
    """Whether any name holds a letter that may be a Chinese character: only those are looked up to be read aloud."""
    return bool(pc.any(pc.match_substring_regex(names, r"[^\x00-\x{2E7F}]")).as_py())


def _told(sources: dict[str, pa.Table]) -> set[str]:
    """The facts of which some record tells something."""
    records = sources["customer_record"]
    told = {name for name in records.column_names if records[name].null_count < len(records)}
    if not pc.any(pc.not_equal(records["client_name"], NAMELESS)).as_py():
        told.discard("client_name")
    held = {"investor_code": "investor", "bank_account": "bank_link"}
    return told | {name for name, table in held.items() if sources[table].num_rows}


def _with_sureness(clients: pa.Table, found: Weighed, packs: Packs) -> pa.Table:
    """The clients with how sure the reason of each record is, and what was weighed.

    That is the signed strength of its key, or its best score inside its client and what each field weighed in that.
    """
    strength = {str(key.code): float(key.strength_share) for key in packs.identity.keys}
    sure = pa.array(strength.values(), pa.float64())
    reason = clients["link_reason"].combine_chunks()
    by_key = sure.take(pc.index_in(reason, pa.array(strength)))
    by_score = pc.equal(reason, str(LinkReason.SCORED))
    owner, ids = clients["record_code"].combine_chunks(), clients["client_id"].combine_chunks()
    score, evidence = best(found, owner, ids)
    told = clients.append_column("score", pc.if_else(by_score, score, by_key))
    return told.append_column("evidence", pc.if_else(by_score, evidence, None))


def sources_of(given: pa.Table) -> dict[str, pa.Table]:
    """The frame as the tables a firm would deliver; what it does not tell is empty."""
    _require(given, COLUMNS, every=False)
    n = given.num_rows
    codes = _codes(given)
    number = _texts(given, "id_number")
    record: Columns = {
        "record_code": codes,
        "client_kind": _or(_texts(given, "client_kind"), str(ClientKind.PERSON)),
        "client_name": _or(_name(given), NAMELESS),
        "id_kind": pc.coalesce(_texts(given, "id_kind"), _kind_of(number)),
        "id_number": number,
        "birth_on": _dates(given, "birth_on"),
        "branch_code": _all("-", n),
        "opened_on": _or(_dates(given, "opened_on"), SINCE),
        **{name: _texts(given, name) for name in ("phone", "email", "address")},
    }
    own = {"record_code": codes, "account_code": codes}
    bank = {**own, "bank_code": _all("-", n), "bank_account_number": _texts(given, "bank_account")}
    return {
        "customer_record": _table("customer_record", record, n),
        "investor": _known("investor", {**own, "investor_code": _texts(given, "investor_code")}, n),
        "account": _table("account", own, n),
        "bank_link": _known("bank_link", bank, n),
    }


def _codes(given: pa.Table) -> pa.Array:
    n = given.num_rows
    if "record_code" not in given.column_names:
        return pa.array([f"{place:0{len(str(n))}d}" for place in range(1, n + 1)], pa.string())
    codes = _texts(given, "record_code")
    if codes.null_count or len(pc.unique(codes)) != n:
        raise UnknownFrame("record_code is empty or repeats: every record needs its own")
    return codes


def _name(given: pa.Table) -> pa.Array:
    parts = [_or(_texts(given, name), "") for name in ("given_name", "surname")]
    whole = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*parts, " "))
    return pc.coalesce(_texts(given, "client_name"), pc.if_else(pc.equal(whole, ""), None, whole))


def _kind_of(number: pa.Array) -> pa.Array:
    looks_resident = pc.match_substring_regex(number, r"^\s*[0-9]{15}([0-9]{2}[0-9Xx])?\s*$")
    kind = pc.if_else(looks_resident, str(IdKind.RESIDENT), str(IdKind.OTHER))
    return pc.if_else(pc.is_valid(number), kind, None)


def _texts(given: pa.Table, name: str) -> pa.Array:
    """A column as texts, an empty text as none; all none where the frame has no such column."""
    if name not in given.column_names:
        return pa.nulls(given.num_rows, pa.string())
    column = _written_out(given[name].combine_chunks())
    try:
        texts = pc.utf8_trim_whitespace(_whole_numbers(name, column).cast(pa.string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise UnknownFrame(f"{name} holds {column.type}, which is no text: {fault}") from fault
    told = pc.if_else(pc.equal(texts, ""), None, texts)
    if name in CLOSED:
        _require_known(name, told, CLOSED[name])
    return told


def _written_out(column: pa.Array) -> pa.Array:
    """Categories as the texts they stand for; Arrow cannot cast those of every frame by itself."""
    if not pa.types.is_dictionary(column.type):
        return column
    return column.dictionary.cast(pa.string()).take(column.indices)


def _require_known(name: str, told: pa.Array, codes: type[Code]) -> None:
    strange = told.filter(pc.invert(pc.is_in(told, pa.array([None, *map(str, codes)], pa.string()))))
    if len(strange):
        raise UnknownFrame(f"{name} {strange[0].as_py()!r} is none of {', '.join(map(str, codes))}")


def _whole_numbers(name: str, column: pa.Array) -> pa.Array:
    """Numbers as pandas keeps them beside a missing one, back to whole ones: 1.38e10 is the phone 13800000000.

    Raises ``UnknownFrame`` where digits are gone already: a double holds no more than 15 of them.
    """
    if not pa.types.is_floating(column.type):
        return column
    column = pc.if_else(pc.is_nan(column), None, column)
    lost = pc.or_(pc.greater_equal(pc.abs(column), MOST_EXACT), pc.not_equal(pc.floor(column), column))
    if pc.any(lost).as_py():
        raise UnknownFrame(f"{name} holds floating-point numbers that lost digits: read it as text")
    return column.cast(pa.int64())


def _dates(given: pa.Table, name: str) -> pa.Array:
    """A column as dates; what is no date is none; of a column without any it warns."""
    if name in given.column_names and pa.types.is_temporal(given.schema.field(name).type):
        return given[name].combine_chunks().cast(pa.date32(), safe=False)
    told = _texts(given, name)
    digits = pc.replace_substring_regex(told, r"[^0-9]", "")
    whole = pc.if_else(pc.equal(pc.utf8_length(digits), 8), digits, None)
    days = _days(whole)
    if name == "birth_on":
        year = pc.utf8_slice_codeunits(whole, 0, 4)
        lived = pc.if_else(pc.greater_equal(year, FIRST_YEAR), year, None)
        month = pc.binary_join_element_wise(lived, pc.utf8_slice_codeunits(whole, 4, 6), "01", "")
        # Without a mark behind it the year may be day and month: 20/10/1990 is no day of 2010.
        marked = pc.if_else(pc.match_substring_regex(told, "^[0-9]{4}[^0-9]"), lived, None)
        days = pc.coalesce(days, _days(month), _days(pc.binary_join_element_wise(marked, "0101", "")))
    if len(told) > told.null_count and days.null_count == len(days):
        first = told.drop_null()[0].as_py()
        warnings.warn(f"{name} holds no date: YYYY-MM-DD or YYYYMMDD, not {first!r}", stacklevel=2)
    return days


def _days(digits: pa.Array) -> pa.Array:
    days = pc.strptime(digits, format="%Y%m%d", unit="s", error_is_null=True)
    return days.cast(pa.date32(), safe=False)


def _or(values: pa.Array, otherwise: Any) -> pa.Array:
    return pc.fill_null(values, otherwise)


def _all(value: Any, n: int) -> pa.Array:
    return pa.repeat(value, n)


def _known(name: str, columns: Columns, n: int) -> pa.Table:
    """Only the rows that say something."""
    *_, last = columns.values()
    return _table(name, columns, n).filter(pc.is_valid(last))


def _table(name: str, columns: Columns, n: int) -> pa.Table:
    """A contract table of which only some columns are known; codes and dates nobody reads get a lawful value."""
    table = TABLES[name]
    schema = arrow_schema(table)
    told = []
    for field in schema:
        column = table.columns[field.name]
        if field.name in columns:
            told.append(columns[field.name].cast(field.type))
        elif column.nullable:
            told.append(pa.nulls(n, field.type))
        else:
            told.append(_all(str(next(iter(column.codes))) if column.codes else SINCE, n).cast(field.type))
    return pa.table(told, schema=schema)
