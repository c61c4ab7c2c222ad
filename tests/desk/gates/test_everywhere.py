"""R236, X17: wherever the desk names a product the gate has its word; nothing here orders or advises by itself."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from keepwell import desk
from keepwell.contract import TABLES
from keepwell.contract.codes import Role
from keepwell.contract.suitable import StartedBy
from keepwell.desk.audit import verbs
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.gates import pages, panels, queries
from keepwell.desk.people.models import User
from keepwell.policy.packs import load_packs
from tests.desk.run_suitability import EXPIRED, LOWEST, PRODUCTS
from tests.house.test_doors import addresses
from tests.small_firm import AS_OF

TASK = "/contacts/today/task/?client=c000020&key=product_maturity/WX0182/2026-11-27"
NAMING = re.compile(r"product_name|product\.name|products\|of:|one\.product|offered\.product|other\.name")
# Every template that names a product, and what stands for its suitability there.
NAMED_IN = {
    "assessments/graded.html": "told to the client as graded anew: a duty, not an offer (Art. 21)",
    "clients/holdings.html": "held already; what lies above the client's level is marked",
    "clients/largest.html": "held already; what lies above the client's level is marked",
    "gates/asked.html": "the client's own wish, with what is still owed",
    "gates/match_client.html": "the gate itself",
    "gates/meant.html": "the gate's question which one is meant",
    "gates/offered.html": "the gate's word beside a task",
    "gates/result.html": "the gate's verdict, and what passes it",
    "gates/suitability.html": "the client's own wish, still open",
}
ORDERING = re.compile(r"(^|[._:/-])(order|orders|trade|buy|sell|subscribe|redeem|transfer_money)([._:/-]|$)")


def templates() -> dict[str, str]:
    root = Path(desk.__file__).parent
    return {
        "/".join(path.parts[-2:]): path.read_text(encoding="utf-8")
        for path in root.rglob("templates/*/*.html")
    }


def test_r236_every_place_that_names_a_product_is_known() -> None:
    """A template that names one more needs the gate's word, and then a line above."""
    found = {name for name, text in templates().items() if NAMING.search(text)}
    assert found - set(NAMED_IN) == set()


def test_r236_a_task_that_names_a_product_carries_the_gate_s_word(at_work: Callable[[str], Client]) -> None:
    page = at_work("manager").get(TASK, headers={"hx-request": "true"}).content.decode()
    assert "WX0182" in page
    assert "kw-match-word" in page
    assert "/gates/match/c000020/?product=WX0182" in page


@pytest.mark.parametrize("number", [1, LOWEST, EXPIRED])
def test_r236_the_word_is_the_verdict_as_if_staff_had_named_the_product(firm_run: Any, number: int) -> None:
    """Product by product: what the gate forbids staff is said with its sentence where the desk itself names it."""
    line, user = ClientLine.objects.get(pk=f"c{number:06d}"), User(role=str(Role.MANAGER))
    gate, refused = pages.Gate.of(line, firm_run), []
    for code, *_rest in PRODUCTS:
        named = queries.named(code)
        assert named is not None
        checked = pages.check(gate, named, StartedBy.STAFF)
        assert checked is not None
        said = panels.word(line, code, firm_run, user)
        assert pages.told(checked)["outcome"] in said
        if not checked.verdict:
            assert html.escape(checked.verdict.in_language("zh-hans")) in said
            refused.append(code)
    assert refused, "something is refused to each of them"
    assert panels.word(line, None, firm_run, user) == ""


def test_x17_no_address_act_or_table_orders_anything() -> None:
    named = [name for name, _view in addresses(get_resolver())]
    paths = [str(one.pattern) for one in every_pattern(get_resolver())]
    written = [name for name in TABLES if name.startswith("returned_")]
    assert len(named) > 50
    assert len(written) > 5
    acts = list(verbs._texts)
    found = {one for one in (*named, *paths, *acts, *written) if ORDERING.search(one)}
    assert found <= {"contacts:order", "order/", "today/order/"}  # how tasks are put in order


def every_pattern(resolver: Any) -> list[Any]:
    own = resolver.url_patterns
    return [
        found
        for one in own
        for found in ([one] if isinstance(one, URLPattern) else [one, *every_pattern(one)])
    ]


def test_x17_words_for_talks_are_passed_by_compliance_and_name_no_product() -> None:
    """No text of the desk advises: each script is approved by name, names no product and no level, promises nothing."""
    scripts = load_packs(AS_OF).scripts
    names = [name for _code, name, *_rest in PRODUCTS]
    assert scripts.scripts
    for one in (*scripts.scripts, scripts.introduction):
        assert str(one.approved_by) == "compliance"
        said = f"{one.text.en} {one.text.zh}"
        assert not re.search(r"\b[RC][1-5]\b", said), one.id
        assert not [name for name in names if name in said]
        assert not [word for word in scripts.never_said if word in said.lower()], one.id
