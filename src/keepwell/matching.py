"""Which level do these answers make, and does this product match that client? The engine's rules over any data frame.

``from keepwell import classify, match``. Nothing is kept: the tables lie in a folder that is gone afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell import framing
from keepwell.contract import TABLES, Column, Table
from keepwell.contract.codes import ProductKind
from keepwell.contract.schema import Code
from keepwell.contract.sources.clients import QuestionnaireAnswer
from keepwell.contract.sources.products import Product
from keepwell.contract.suitability import ClientMandate, ClientSuitability, ProductSuitability
from keepwell.contract.suitable import MatchTest, StartedBy
from keepwell.engine.columns import arrow_type, ibis_schema
from keepwell.engine.stage import one
from keepwell.engine.store.session import Session, compiled, unbound
from keepwell.engine.suitability.rules import client_suitability, product_suitability
from keepwell.engine.suitability.rules.matched import matched
from keepwell.linking import UnknownFrame
from keepwell.policy.packs import Packs, load_packs

CLIENTS = {
    "client_id": "the client's number",
    "risk_level": "C1 to C5; empty for who was never assessed",
    "is_lowest_class": "of the lowest class; where it is empty a client of C1 counts as of it",
    "valid_to": "last day of the assessment; without it the assessment is taken to hold",
    "has_term_limit": "whether the money has a term; empty where nobody knows",
    "term_days_at_most": "for how many days the money is not needed",
    "kinds_wished": "kinds of product the client wants, with blanks between: 'fund bond'",
    "age": "in years: minors, and from a signed age on more care",
    "investor_kind": "ordinary or professional; without it ordinary",
    "has_refused_facts": "whether the client refuses facts that suitability asks for",
}
"""What a frame of clients may hold for ``match``; the first two it must."""

PRODUCTS = {
    "product_code": "the product's number",
    "product_level": "R1 to R5, the firm's own; empty for a product without",
    "product_kind": "stock, b_stock, etf, fund, bond, warrant, note, wealth or structured",
    "market": "sh, sz, bj, hk, otc or other; without it other",
    "product_name": "the name: what is under risk warning shows in it",
    "term_days": "days the money is bound from today, where there is no last day",
    "matures_on": "the last day",
}
"""What a frame of products may hold for ``match``; the first three it must."""

MANDATES = {
    "client_id": "the institution's number",
    "product_kind": "a kind it permits itself",
    "left_amount": "what is left of its quota for the kind; empty without a quota",
    "n_handlers": "how many may act for it today; empty where nobody knows",
    "order_amount": "the most that any of them may order at once; empty without a limit",
}
"""What a frame of institutions' own limits may hold for ``match``; the first two it must."""

ANSWERS = {
    "client_id": "the client's number",
    "question_no": "the number of the question, from 1",
    "answer": "the letter of the option, several for a question with several choices",
}
"""What a frame of answers must hold for ``classify``."""

CLASSES = (
    "client_id", "risk_level", "score", "n_unanswered", "n_double_answered", "n_unknown_options", "is_lowest_class",
    "lowest_reason",
)  # fmt: skip
PAIR = ("client_id", "product_code")
PAIR_LIMITED = ("client_id", "product_kind")
AMOUNT = ClientMandate.columns["order_amount"]
PAIR_SCHEMA = (
    ibis_schema(ClientSuitability, PAIR[:1])
    | ibis_schema(ProductSuitability, PAIR[1:])
    | {"amount": ibis_schema(ClientMandate, ("order_amount",))["order_amount"]}
)
ABOUT = ("client_id", "client_kind", "birth_on")
Columns = dict[str, Any]
C = TypeVar("C", bound=Code)


def match(
    clients: Any,
    products: Any,
    *,
    started_by: str,
    pairs: Any = None,
    mandates: Any = None,
    tests: Collection[str] = tuple(MatchTest),
    packs: Packs | None = None,
    as_of: dt.date | None = None,
    threads: int = 2,
) -> Any:
    """Whether each product matches each client, in a frame of the clients' kind, by client and product.

    ``clients`` has columns of ``CLIENTS``, ``products`` of ``PRODUCTS``; with ``pairs``, a frame of ``client_id`` and
    ``product_code``, only those are judged, with ``amount`` in it for an order of so much. ``started_by`` is ``staff``
    or ``client``: what does not match is forbidden to recommend, a client may insist on it unless of the lowest class.
    ``outcome`` is ``match``, ``mismatch_allowed_with_warning`` or ``forbidden``, ``match_reason`` a code of
    ``contract.reasons.matching.MatchReason``, whose ``text`` says it in English and Chinese. Beside them stand the
    tests (``passes``, ``fails``, ``unknown``, ``not_asked``) and the levels compared. ``tests`` leaves out those of
    which the frames know nothing: by the rules all three have to pass, and what is unknown does not.

    Whoever has a row in ``mandates``, columns as in ``MANDATES``, may buy the kinds of those rows alone. ``duties`` are
    codes of ``contract.reasons.matching.DutyReason`` with blanks between: what is owed before the sale.
    Raises ``UnknownFrame``, naming the column, for what is missing, repeats, or is none of its list.
    """
    who, asked = _code(started_by, "started_by", StartedBy), _asked(tests)
    day, signed = _signed(as_of, packs)
    people = _whole(clients, ClientSuitability, CLIENTS, ("client_id", "risk_level"), key="client_id")
    goods = _read(products, "products", PRODUCTS, ("product_code", "product_level", "product_kind"), Product)
    framing.require_unique(goods, "product_code")
    wanted, limits = _pairs(pairs, people, goods), _limits(mandates)
    with TemporaryDirectory(prefix="keepwell-match-") as folder, Session(threads) as session:
        root, rule = Path(folder), one(ProductSuitability, product_suitability)
        framing.decide(session, root, rule, _rated(goods), signed, day)
        for table, rows in ((ClientSuitability, people), (ClientMandate, limits)):
            framing.lay(session, root, table, rows)
        session.connection.register("match_pair", wanted)
        told = session.arrow(compiled(_judged(signed, who, asked, day).order_by(*PAIR)))
    return framing.as_given(told, clients)


def _judged(signed: Packs, who: StartedBy, asked: list[MatchTest], day: dt.date) -> Any:
    pairs = ibis.table(PAIR_SCHEMA, name="match_pair")
    people, goods, limits = (unbound(one) for one in (ClientSuitability, ProductSuitability, ClientMandate))
    return matched(pairs, people, goods, limits, signed.suitability, who, asked, day)


def classify(
    answers: Any,
    *,
    version: str,
    clients: Any = None,
    packs: Packs | None = None,
    as_of: dt.date | None = None,
    threads: int = 2,
) -> Any:
    """The level that answers to a signed questionnaire make, one row a client, in a frame of the same kind.

    ``answers`` has the columns of ``ANSWERS``, ``version`` is a code of the questionnaires pack. ``clients`` may tell
    ``client_kind`` and ``birth_on`` of each ``client_id``: whoever is under age is of the lowest class. What was not
    answered, answered twice or with no option of the question is counted, and there is no level then.
    ``lowest_reason`` is a code of ``contract.reasons.suitability.LowestReason``.

    Raises ``UnknownFrame``, naming the column, for what is missing, repeats or is not signed.
    """
    day, signed = _signed(as_of, packs)
    known = [form.code for form in signed.questionnaires.versions]
    if version not in known:
        raise UnknownFrame(f"version {version!r} is none of {', '.join(known)}")
    given = _read(answers, "answers", ANSWERS, tuple(ANSWERS), QuestionnaireAnswer)
    twice = given.group_by(["client_id", "question_no"]).aggregate([([], "count_all")])
    if pc.any(pc.greater(twice["count_all"], 1)).as_py():
        raise UnknownFrame("question_no repeats for a client: several choices stand in one answer, as 'AC'")
    with TemporaryDirectory(prefix="keepwell-classify-") as folder, Session(threads) as session:
        sources = _assessed(given, clients, version, day)
        rule = one(ClientSuitability, client_suitability)
        framing.decide(session, Path(folder), rule, sources, signed, day)
        told = session.arrow("SELECT * FROM client_suitability ORDER BY client_id")
    columns = {name: told[_OF.get(name, name)] for name in CLASSES}
    return framing.as_given(pa.table(columns), answers)


_OF = {"risk_level": "computed_level", "score": "computed_score"}


def _signed(as_of: dt.date | None, packs: Packs | None) -> tuple[dt.date, Packs]:
    day = as_of or dt.datetime.now(tz=dt.UTC).date()
    return day, packs or load_packs(day)


def _asked(tests: Collection[str]) -> list[MatchTest]:
    if not tests:
        raise UnknownFrame("tests is empty: any of " + ", ".join(MatchTest))
    return [_code(one, "tests", MatchTest) for one in tests]


def _assessed(given: pa.Table, clients: Any, version: str, day: dt.date) -> dict[str, pa.Table]:
    """Answers as a firm would deliver them: one assessment a client, of today."""
    ids = pc.unique(given["client_id"])
    facts: Columns = {"client_id": ids}
    if clients is not None:
        about = _read(
            clients,
            "clients",
            {"client_id": "", "client_kind": "", "birth_on": ""},
            PAIR[:1],
            TABLES["client"],
        )
        framing.require_unique(about, "client_id")
        at = pc.index_in(ids, about["client_id"].combine_chunks())
        facts |= {
            name: about[name].combine_chunks().take(at) for name in about.column_names if name != "client_id"
        }
    n = len(ids)
    test = {
        "questionnaire_code": ids, "record_code": ids, "version": pa.repeat(version, n),
        "answered_on": pa.repeat(day, n), "answered_at": pa.repeat(dt.datetime(day.year, day.month, day.day), n),  # noqa: DTZ001 - instants are UTC without a zone in Arrow
    }  # fmt: skip
    told = given.filter(pc.is_valid(given["answer"]))
    numbers: Columns = {name: told[name] for name in ("question_no", "answer")}
    return {
        "client": framing.filled(TABLES["client"], facts, n),
        "client_record": framing.filled(TABLES["client_record"], {"client_id": ids, "record_code": ids}, n),
        "questionnaire": framing.filled(TABLES["questionnaire"], test, n),
        "questionnaire_answer": framing.filled(
            QuestionnaireAnswer, {"questionnaire_code": told["client_id"], **numbers}, told.num_rows
        ),
    }


def _rated(goods: pa.Table) -> dict[str, pa.Table]:
    """Products and their levels as a firm would deliver them."""
    rated = goods.filter(pc.is_valid(goods["product_level"]))
    own: Columns = {name: goods[name] for name in goods.column_names if name != "product_level"}
    if "market" not in own:
        own["market"] = pa.repeat("other", goods.num_rows)
    level: Columns = {name: rated[name] for name in ("product_code", "product_level")}
    return {
        "product": framing.filled(Product, own, goods.num_rows),
        "product_rating": framing.filled(TABLES["product_rating"], level, rated.num_rows),
    }


def _pairs(pairs: Any, people: pa.Table, goods: pa.Table) -> pa.Table:
    """The pairs asked for, each once; without any all of them."""
    sides = {"client_id": people["client_id"], "product_code": goods["product_code"]}
    if pairs is None:
        ids, codes = (side.combine_chunks() for side in sides.values())
        first, second = np.repeat(np.arange(len(ids)), len(codes)), np.tile(np.arange(len(codes)), len(ids))
        return _with_amount(
            pa.table({"client_id": ids.take(pa.array(first)), "product_code": codes.take(pa.array(second))})
        )
    asked = _read(pairs, "pairs", dict.fromkeys((*PAIR, "amount"), ""), PAIR, ProductSuitability)
    for name, side in sides.items():
        strange = asked[name].filter(pc.invert(pc.is_in(asked[name], side.combine_chunks())))
        if len(strange):
            raise UnknownFrame(f"{name} {strange[0].as_py()!r} of pairs is in no row of its frame")
    told = _with_amount(asked)
    return told.group_by(told.column_names).aggregate([])


def _with_amount(rows: pa.Table) -> pa.Table:
    """Pairs with what is to be ordered: of no amount where none is named."""
    if "amount" in rows.column_names:
        return rows
    return rows.append_column("amount", pa.nulls(rows.num_rows, arrow_type(AMOUNT)))


def _limits(mandates: Any) -> pa.Table:
    """Every kind of product for each institution that told its limits: those not named are not permitted."""
    empty = pa.table({name: pa.array([], arrow_type(ClientMandate.columns[name])) for name in PAIR_LIMITED})
    told = empty if mandates is None else _read(mandates, "mandates", MANDATES, PAIR_LIMITED, ClientMandate)
    if told.group_by(list(PAIR_LIMITED)).aggregate([]).num_rows != told.num_rows:
        raise UnknownFrame("product_kind repeats for a client in mandates: every kind needs its own row")
    ids, kinds = pc.unique(told["client_id"]), [str(kind) for kind in ProductKind]
    first, second = np.repeat(np.arange(len(ids)), len(kinds)), np.tile(np.arange(len(kinds)), len(ids))
    cells = pa.table(
        {"client_id": ids.take(pa.array(first)), "product_kind": pa.array(kinds).take(pa.array(second))}
    )
    named = told.append_column("is_permitted", pa.repeat(True, told.num_rows))
    rows = cells.join(named, list(PAIR_LIMITED)).combine_chunks()
    columns: Columns = {name: rows[name] for name in rows.column_names}
    columns["is_permitted"] = pc.fill_null(rows["is_permitted"], False)
    return framing.filled(ClientMandate, columns, rows.num_rows)


def _whole(
    frame: Any, table: type[Table], known: Mapping[str, str], wanted: tuple[str, ...], key: str
) -> pa.Table:
    rows = _read(frame, "clients", known, wanted, table)
    framing.require_unique(rows, key)
    return framing.filled(table, {name: rows[name] for name in rows.column_names}, rows.num_rows)


def _read(
    frame: Any, called: str, known: Mapping[str, str], wanted: tuple[str, ...], table: type[Table]
) -> pa.Table:
    """The known columns of a frame in the types of the contract."""
    return framing.read(
        frame, called, dict.fromkeys(known, ""), wanted, lambda name: _about(name, table), EMPTY
    )


EMPTY = ("risk_level", "product_level", "answer")
"""Columns a frame must have and that may be empty in a row."""


def _about(name: str, table: type[Table]) -> Column:
    """The contract's column of that name, in the table or beside it."""
    if name == "amount":
        return AMOUNT
    beside = ClientSuitability if name == "client_id" else TABLES["product_rating"]
    return table.columns[name] if name in table.columns else beside.columns[name]


def _code(value: str, name: str, codes: type[C]) -> C:
    try:
        return codes.of(value)
    except KeyError:
        raise UnknownFrame(f"{name} {value!r} is none of {', '.join(codes)}") from None
