"""Chapter 5, suitability. Does a product match a client: three tests, who named it, what is owed (R026, Art. 22)."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell import match
from keepwell.contract.codes import ProductKind, ProductLevel, RiskLevel
from keepwell.contract.reasons.matching import DutyReason, MatchReason, PassingReason
from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.suitable import InvestorKind, MatchFact, MatchOutcome, StartedBy
from keepwell.policy.matching import CASES, ClientFacts, Mandate, Matched, ProductFacts, matched
from keepwell.policy.packs import load_packs
from tests.small_firm import AS_OF

PACK = load_packs(AS_OF).suitability
STAFF, CLIENT = StartedBy
STEADY = ClientFacts(
    RiskLevel.C3, is_lowest_class=False, has_term_limit=False, kinds_wished=frozenset(ProductKind), age=45
)
FUND = ProductFacts(ProductLevel.R3, ProductKind.FUND)
WARNING = (DutyReason.SIGNED_WARNING, DutyReason.LINKED_RECORDING)


def judged(client: dict[str, Any], product: dict[str, Any], started_by: StartedBy) -> Matched:
    return matched(
        client=dataclasses.replace(STEADY, **client),
        product=dataclasses.replace(FUND, **product),
        started_by=started_by,
        pack=PACK,
        as_of=AS_OF,
    )


R4, R5 = {"product_level": ProductLevel.R4}, {"product_level": ProductLevel.R5}
LOWEST = {"risk_level": RiskLevel.C1, "is_lowest_class": True}
BOLD = {"risk_level": RiskLevel.C5}
NOTE = {"product_kind": ProductKind.NOTE, "is_term_bound": True, "term_days_left": 364}
LIMITS = Mandate(frozenset({ProductKind.FUND}), {ProductKind.FUND: Decimal("100.00")})
OVER = {"mandate": dataclasses.replace(LIMITS, left_amounts={ProductKind.FUND: Decimal("0.00")})}
NOBODY = {"mandate": dataclasses.replace(LIMITS, idle_kinds=frozenset({ProductKind.FUND}))}
OTHERS = {"mandate": dataclasses.replace(LIMITS, idle_kinds=frozenset({ProductKind.BOND}))}
SIGNED = {
    "mandate": Mandate(frozenset({ProductKind.FUND}), order_amounts={ProductKind.FUND: Decimal("50.00")})
}
YESTERDAY = {"valid_to": AS_OF - dt.timedelta(days=1)}

ROWS: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    # what stands out, client, product, reason where staff named it, reason where the client did
    ("everything fits", {}, {}, "all_pass", "all_pass"),
    ("product above the level", {}, R4, "staff_started", "client_insists"),
    ("money needed before it is free", {"has_term_limit": True, "term_days_at_most": 90}, NOTE, "staff_started",
     "client_insists"),
    ("kind not wished", {"kinds_wished": frozenset({ProductKind.BOND})}, {}, "staff_started", "client_insists"),
    ("wishes unknown", {"kinds_wished": None}, {}, "staff_started", "client_insists"),
    ("lowest class, R1", LOWEST, {"product_level": ProductLevel.R1}, "all_pass", "all_pass"),
    ("lowest class, above R1", LOWEST, {}, "lowest_class", "lowest_class"),
    ("C1, not known not to be lowest", {**LOWEST, "is_lowest_class": None}, {}, "lowest_class", "lowest_class"),
    ("under age", {**LOWEST, "age": 16}, {"product_level": ProductLevel.R1}, "minor_staff", "all_pass"),
    ("seventy, R4", {**BOLD, "age": 70}, R4, "aged_staff", "all_pass"),
    ("sixty-nine, R4", {**BOLD, "age": 69}, R4, "all_pass", "all_pass"),
    ("seventy, R3", {**BOLD, "age": 70}, {}, "all_pass", "all_pass"),
    ("assessment of yesterday's end", YESTERDAY, {}, "expired_staff", "expired_client"),
    ("assessment ends today", {"valid_to": AS_OF}, {}, "all_pass", "all_pass"),
    ("expired and above the level", YESTERDAY, R4, "staff_started", "client_insists"),
    ("never assessed", {"risk_level": None, "is_lowest_class": None}, {}, "not_assessed", "not_assessed"),
    ("refuses facts", {"has_refused_facts": True}, {}, "facts_refused", "facts_refused"),
    ("product without level", {}, {"product_level": None}, "product_not_rated", "product_not_rated"),
    ("professional", {"investor_kind": InvestorKind.PROFESSIONAL}, R5, "professional", "professional"),
    ("professional who refuses facts", {"investor_kind": InvestorKind.PROFESSIONAL, "has_refused_facts": True}, R5,
     "facts_refused", "facts_refused"),
    ("kind outside the mandate", {"mandate": LIMITS}, {"product_kind": ProductKind.STOCK}, "kind_outside_mandate",
     "kind_outside_mandate"),
    ("within the quota", {"mandate": LIMITS}, {"amount": Decimal("100.00")}, "all_pass", "all_pass"),
    ("above the quota", {"mandate": LIMITS}, {"amount": Decimal("100.01")}, "quota_exceeded", "quota_exceeded"),
    ("quota used up", OVER, {}, "quota_exceeded", "quota_exceeded"),
    ("no handler", NOBODY, {}, "no_handler", "no_handler"),
    ("no handler for another kind", OTHERS, {}, "all_pass", "all_pass"),
    ("as much as a handler may order", SIGNED, {"amount": Decimal("50.00")}, "all_pass", "all_pass"),
    ("more than any handler may order", SIGNED, {"amount": Decimal("50.01")}, "above_authority", "above_authority"),
    ("no amount named", SIGNED, {}, "all_pass", "all_pass"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("client", "product", "staff", "asked"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_r026_the_table_of_matching(
    client: dict[str, Any], product: dict[str, Any], staff: str, asked: str
) -> None:
    """Tables in, table out: what follows where staff named the product first, and where the client did."""
    assert [str(judged(client, product, who).reason) for who in (STAFF, CLIENT)] == [staff, asked]


def test_r026_every_row_of_the_table_is_reached() -> None:
    reached = {judged(*row[1:3], who).reason for row in ROWS for who in StartedBy}
    assert reached == {case.reason for case in CASES} == set(MatchReason)


def test_r026_a_mismatch_stays_open_until_warning_and_recording_are_on_record() -> None:
    """Art. 19, 25: signed and recorded; Art. 20: of a high-risk product there is time to consider too."""
    told = judged({}, R4, CLIENT)
    assert (told.outcome, told.duties) == (
        MatchOutcome.MISMATCH_ALLOWED_WITH_WARNING,
        (*WARNING, DutyReason.TIME_TO_CONSIDER),
    )
    assert told.still_owed([DutyReason.SIGNED_WARNING]) == (
        DutyReason.LINKED_RECORDING,
        DutyReason.TIME_TO_CONSIDER,
    )
    assert told.still_owed(told.duties) == ()
    assert judged({}, R4, STAFF).duties == ()
    assert judged({**BOLD, "age": 70}, R4, CLIENT).duties == (
        DutyReason.TIME_TO_CONSIDER,
        DutyReason.SECOND_PERSON,
    )


def test_r026_each_test_says_why_in_both_languages() -> None:
    told = judged({"kinds_wished": frozenset({ProductKind.BOND, ProductKind.NOTE})}, R4, CLIENT)
    assert [one.reason for one in told.tests] == [
        PassingReason.LEVEL_ABOVE, PassingReason.TERM_FREE, PassingReason.KIND_NOT_WISHED
    ]  # fmt: skip
    said = [sentence(one.reason, told.facts, "zh") for one in told.tests]
    assert said[0] == "产品为 R4，高于客户可匹配的 R3（第19、22条）。"
    for code in (*PassingReason, *DutyReason):
        for language in ("en", "zh"):
            assert "{" not in sentence(code, told.facts, language)


def test_r026_the_article_of_a_row_stands_in_its_sentence() -> None:
    for case in CASES:
        assert case.article.en in case.reason.text.en
        assert case.article.zh in case.reason.text.zh


def test_r026_the_facts_of_the_table_are_told_in_both_languages() -> None:
    asked = {fact for case in CASES for fact in (*case.holds, *case.holds_not)}
    assert asked | {MatchFact.IS_HIGH} == set(MatchFact)
    assert all(fact.text.en and fact.text.zh for fact in MatchFact)


KINDS = st.sets(st.sampled_from(list(ProductKind)), max_size=3).map(frozenset)
AMOUNTS = st.none() | st.sampled_from([Decimal("0.00"), Decimal("99.99"), Decimal("100.00")])


def limited(
    kinds: frozenset[ProductKind], *, left: Decimal | None, idle: frozenset[ProductKind], most: Decimal | None
) -> Mandate:
    """An institution's own limits: of a kind that is not permitted nobody tells a quota or a handler."""
    lefts, amounts = ({} if one is None else dict.fromkeys(kinds, one) for one in (left, most))
    return Mandate(kinds, lefts, idle & kinds, amounts)


PEOPLE = st.builds(
    ClientFacts,
    st.sampled_from([None, *RiskLevel]), st.sampled_from([None, True, False]),
    st.sampled_from([None, AS_OF, AS_OF - dt.timedelta(days=1)]), st.sampled_from([None, True, False]),
    st.sampled_from([None, 90, 365]), st.none() | KINDS, st.sampled_from([None, 17, 18, 69, 70]),
    st.sampled_from(list(InvestorKind)), st.booleans(),
    st.none() | st.builds(limited, KINDS.filter(bool), left=AMOUNTS, idle=KINDS, most=AMOUNTS),
)  # fmt: skip
GOODS = st.builds(
    ProductFacts,
    st.sampled_from([None, *ProductLevel]),
    st.sampled_from([ProductKind.FUND, ProductKind.NOTE]),
)


def frame_of(number: int, who: ClientFacts) -> dict[str, Any]:
    wished = None if who.kinds_wished is None else " ".join(sorted(who.kinds_wished)) or "-"
    return {
        "client_id": f"c{number}", "risk_level": who.risk_level and str(who.risk_level),
        "is_lowest_class": who.is_lowest_class, "valid_to": who.valid_to, "has_term_limit": who.has_term_limit,
        "term_days_at_most": who.term_days_at_most, "kinds_wished": wished, "age": who.age,
        "investor_kind": str(who.investor_kind), "has_refused_facts": who.has_refused_facts,
    }  # fmt: skip


def mandates_of(people: list[ClientFacts]) -> pd.DataFrame:
    rows = [
        (
            f"c{n}", str(kind), one.mandate.left_amounts.get(kind), int(kind not in one.mandate.idle_kinds),
            one.mandate.order_amounts.get(kind),
        )
        for n, one in enumerate(people)
        if one.mandate
        for kind in one.mandate.permitted_kinds
    ]  # fmt: skip
    names = ["client_id", "product_kind", "left_amount", "n_handlers", "order_amount"]
    return pd.DataFrame(rows, columns=names)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(PEOPLE, min_size=1, max_size=12),
    st.lists(GOODS, min_size=1, max_size=4),
    st.sampled_from(list(StartedBy)),
    AMOUNTS,
)
def test_r026_engine_and_desk_read_the_same_table(
    people: list[ClientFacts], goods: list[ProductFacts], started_by: StartedBy, amount: Decimal | None
) -> None:
    """Whatever the facts: outcome, reason, tests and duties are the same, pair by pair and over frames."""
    bound = [
        dataclasses.replace(
            one, is_term_bound=one.product_kind is ProductKind.NOTE, term_days_left=364, amount=amount
        )
        for one in goods
    ]
    told = pd.DataFrame(
        [
            (f"p{n}", one.product_level and str(one.product_level), str(one.product_kind), 364)
            for n, one in enumerate(bound)
        ],
        columns=["product_code", "product_level", "product_kind", "term_days"],
    )
    clients = pd.DataFrame([frame_of(n, one) for n, one in enumerate(people)])
    asked = clients[["client_id"]].merge(told[["product_code"]], how="cross").assign(amount=amount)
    found = match(
        clients, told, started_by=str(started_by), pairs=asked, mandates=mandates_of(people), as_of=AS_OF
    )
    assert len(found) == len(people) * len(goods)
    for row in found.to_dict("records"):
        who, what = people[int(row["client_id"][1:])], bound[int(row["product_code"][1:])]
        alone = matched(client=who, product=what, started_by=started_by, pack=PACK, as_of=AS_OF)
        assert (row["outcome"], row["match_reason"]) == (str(alone.outcome), str(alone.reason))
        assert row["duties"].split() == [str(one) for one in alone.duties]
        assert [row[f"{one.test}_test"] for one in alone.tests] == [str(one.passing) for one in alone.tests]
