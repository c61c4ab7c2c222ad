"""R242: what the rules become in SQL has one answer, whatever the order of rows and threads (ADR 0006)."""

import ast
import dataclasses
import re
import typing
from collections.abc import Iterator
from decimal import Decimal

import pytest

from keepwell.contract import TABLES
from keepwell.engine.store.session import Session
from keepwell.policy.packs import PACK_TYPES
from tests.house.compiled import DECIDED, bound, compiled_rules, lay_out, scales, touched_ways
from tests.house.reading import Source, breaches, dotted, imported, sources

# Clocks, chance, engine hashes and means of decimals: never.
NEVER = re.compile(
    r"\b(approx_\w+|random|setseed|gen_random_uuid|uuid\w*|hash|now|today|current_date|current_timestamp"
    r"|get_current_time\w*|transaction_timestamp|avg|mean|favg|stddev\w*|var_\w+|variance|corr|covar_\w+"
    r"|median|quantile\w*|mode|reservoir_\w+)\s*\(|\b(TABLESAMPLE|USING\s+SAMPLE|CURRENT_DATE|CURRENT_TIMESTAMP)\b",
    re.IGNORECASE,
)
PLACED = {
    "first", "last", "any_value", "arbitrary", "list", "array_agg", "string_agg", "group_concat", "listagg",
    "first_value", "last_value", "nth_value", "row_number", "rank", "dense_rank", "percent_rank", "cume_dist",
    "ntile", "lag", "lead",
}  # fmt: skip
ALWAYS = {"arg_max", "arg_min", "max_by", "min_by", "argmax", "argmin", "arg_max_null", "arg_min_null"}
SUMS = {"sum", "sum_no_overflow", "fsum", "kahan_sum", "sumkahan", "product"}
TEXT = re.compile(r"'(?:[^']|'')*'")


def outright(sql: str) -> Iterator[str]:
    """Forms that no rule may use at all, outside of quoted texts."""
    yield from (f"{found.group(0)}" for found in NEVER.finditer(TEXT.sub("''", sql)))
    banned = {f"DECIMAL(18, {scale})" for scale in range(19)} - {f"DECIMAL(18, {s})" for s in scales()}
    yield from (f"{kind}: a bare Decimal" for kind in sorted(banned) if kind in sql)


def unsettled(session: Session, sql: str) -> Iterator[str]:
    """Functions that hang on the order of rows without having one, and sums of doubles, as DuckDB binds them."""
    for node in bound(session, sql):
        name = node["qname"]["path"][-1] if "qname" in node else node["type"].lower().removeprefix("window_")
        ordered = node.get("order_bys") or node.get("orders") or node.get("arg_orders")
        if name in ALWAYS or (name in PLACED and not ordered):
            yield f"{name} without an order"
        kinds = {kind["id"] for kind in node.get("arguments", [])}
        if name in SUMS and kinds & {"DOUBLE", "FLOAT"}:
            yield f"{name} over {', '.join(sorted(kinds))}"


@pytest.mark.parametrize("table", DECIDED)
def test_no_rule_becomes_a_form_without_one_answer(table: str) -> None:
    rule = compiled_rules()[table]
    with Session(1) as session:
        lay_out(session, rule.reads)
        assert [*outright(rule.sql), *unsettled(session, rule.sql)] == []


@pytest.mark.parametrize("name", touched_ways())
def test_who_is_touched_is_told_in_no_form_without_one_answer(name: str) -> None:
    way = touched_ways()[name]
    with Session(1) as session:
        lay_out(session, way.reads)
        assert [str(row[0]) for row in session.rows(f"DESCRIBE {way.sql}")] == list(way.table.grain)
        assert [*outright(way.sql), *unsettled(session, way.sql)] == []


PLANTED = [
    "SELECT first(side) FROM trade",
    "SELECT any_value(side) FROM trade",
    "SELECT arg_max(side, traded_on) FROM trade",
    "SELECT string_agg(side, ',') FROM trade",
    "SELECT list(side) FROM trade",
    "SELECT row_number() OVER () FROM trade",
    "SELECT row_number() OVER (PARTITION BY side) FROM trade",
    "SELECT lag(side) OVER (PARTITION BY account_code) FROM trade",
    "SELECT sum(CAST(price AS DOUBLE)) FROM trade",
    "SELECT sum(price / 2.5) OVER (PARTITION BY side) FROM trade",
    "SELECT avg(price) FROM trade",
    "SELECT approx_count_distinct(side) FROM trade",
    "SELECT hash(side) FROM trade",
    "SELECT random() FROM trade",
    "SELECT now() FROM trade",
    "SELECT CURRENT_DATE FROM trade",
    "SELECT side FROM trade USING SAMPLE 10%",
    "SELECT price > CAST('0.00035' AS DECIMAL(18, 3)) FROM trade",
]


@pytest.mark.parametrize("planted", PLANTED)
def test_the_scan_can_fail(planted: str) -> None:
    with Session(1) as session:
        lay_out(session, ("trade",))
        assert [*outright(planted), *unsettled(session, planted)]


@pytest.mark.parametrize(
    "lawful",
    [
        "SELECT first(side ORDER BY trade_code) FROM trade",
        "SELECT list(side ORDER BY trade_code) FROM trade",
        "SELECT row_number() OVER (PARTITION BY side ORDER BY trade_code) FROM trade",
        "SELECT sum(CAST(price / 2.5 AS DECIMAL(38, 6))) FROM trade",
        "SELECT side = 'now() avg(' FROM trade",
    ],
)
def test_an_order_and_an_exact_sum_are_lawful(lawful: str) -> None:
    with Session(1) as session:
        lay_out(session, ("trade",))
        assert [*outright(lawful), *unsettled(session, lawful)] == []


# --- a policy's number enters an expression through columns.literal alone

ROOMS = ("ingest", "identity", "features", "grading", "allocation", "moments", "changes")
PYTHON = {"literal", "quantize", "Decimal", "int", "str", "min", "max", "sum", "abs", "round", "ratio"}


def decimal_fields(kind: type) -> Iterator[str]:
    """Names of all decimal numbers below a pack's dataclass."""
    for name, hint in typing.get_type_hints(kind).items():
        for part in (hint, *typing.get_args(hint)):
            if part is Decimal:
                yield name
            elif dataclasses.is_dataclass(part) and isinstance(part, type):
                yield from decimal_fields(part)


def signed_numbers() -> set[str]:
    """Names of every decimal number of every pack that are not also names of columns."""
    names = {name for kind in PACK_TYPES.values() for name in decimal_fields(kind)}
    return names - {name for table in TABLES.values() for name in table.columns}


def writes_expressions(source: Source) -> bool:
    """Whether a module makes Ibis expressions."""
    names = {name for _, name in imported(source)}
    return any(name == "ibis" or name.startswith("keepwell.engine.frames") for name in names)


def bare(source: Source) -> Iterator[str]:
    """Decimals, and policy numbers, that stand in an expression by themselves."""
    kept = {
        target.id
        for node in source.nodes(ast.Assign)
        if isinstance(node.value, ast.Call) and dotted(node.value.func) == "Decimal"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    numbers = signed_numbers()
    for node in ast.walk(source.tree):
        for part in _operands(node):
            is_decimal = isinstance(part, ast.Call) and dotted(part.func) == "Decimal"
            is_named = isinstance(part, ast.Name) and part.id in kept
            if is_decimal or is_named or (isinstance(part, ast.Attribute) and part.attr in numbers):
                yield source.at(part, f"{ast.unparse(part)} stands in an expression without columns.literal")


def _operands(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] not in PYTHON:
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        return [part for one in given for part in (one.elts if isinstance(one, ast.Tuple) else [one])]
    return []


def test_policy_numbers_enter_through_a_literal_of_their_column() -> None:
    rules = [s for room in ROOMS for s in sources(f"src/keepwell/engine/{room}") if writes_expressions(s)]
    assert len(rules) > 10
    assert len(signed_numbers()) > 10
    assert breaches(bare, rules) == []


@pytest.mark.parametrize(
    "planted",
    [
        "t.rate > Decimal('0.00035')",
        "t.rate.fill_null(Decimal('0'))",
        "ZERO = Decimal('0')\nt.rate * ZERO",
        "t.assets_amount >= level.assets_at_least_amount",
        "ibis.cases((t.a > 0, rule.net_outflow_at_least_amount))",
        "t.a.fill_null(value=level.assets_at_least_amount)",
    ],
)
def test_a_bare_number_is_found(planted: str) -> None:
    assert list(bare(Source("src/keepwell/engine/grading/rules.py", planted)))


@pytest.mark.parametrize(
    "lawful",
    [
        "t.a >= columns.literal(level.assets_at_least_amount, A)",
        "C = Decimal('1')\nx.quantize(C)",
        "t.a > t.b",
    ],
)
def test_a_literal_is_lawful(lawful: str) -> None:
    assert not list(bare(Source("src/keepwell/engine/grading/rules.py", lawful)))
