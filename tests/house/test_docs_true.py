"""Committed docs are what `make docs` makes from the contract, the packs, the pipeline and the tests."""

import re

import pytest

from keepwell.contract import TABLES
from tests.house.reading import ROOT
from tools.docs import PAGES
from tools.docs_cover import Proof, chapters, named_in, proofs
from tools.docs_desk import Screen, screens

RENEW = "is not what `make docs` makes; run it and commit"


def stale(name: str, text: str) -> str | None:
    """The first line of a committed page that is not the made one's."""
    made = PAGES[name]()
    if made == text:
        return None
    lines = zip(made.splitlines(), text.splitlines(), strict=False)
    first = next((line for line, other in lines if line != other), "its length")
    return f"docs/{name} {RENEW}: {first}"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_committed_page_is_the_made_page(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert stale(name, text) is None
    assert PAGES[name]() == PAGES[name]()


def test_a_changed_page_is_found() -> None:
    text = (ROOT / "docs/features.md").read_text(encoding="utf-8")
    assert RENEW in str(stale("features.md", text.replace("client", "customer", 1)))


@pytest.mark.parametrize("page", ["map.md", "tables.en.md", "tables.zh.md"])
def test_every_table_stands_on_the_page(page: str) -> None:
    told = PAGES[page]()
    assert [name for name in TABLES if not re.search(rf"(`|### ){name}(`| ·)", told)] == []


def test_every_requirement_is_listed_and_the_uncovered_ones_are_open() -> None:
    told = PAGES["requirements.md"]()
    listed = {key for chapter in chapters() for key in chapter.requirements}
    proven = {one for proof in proofs() for one in proof.requirements | proof.of_file}
    rows = dict(re.findall(r"^\| ([RX]\d+) \|(.*)$", told, re.MULTILINE))
    assert set(rows) == listed
    assert {key for key, line in rows.items() if "open 待办" in line} == listed - proven


@pytest.mark.parametrize(
    "text, named",
    [
        ("test_r002_opened_and_traded", {"R002"}),
        ("R230, R242: same bytes.", {"R230", "R242"}),
        ("a number 002, error1, PR002x", set()),
    ],
)
def test_a_requirement_is_named_in_a_name_or_a_docstring(text: str, named: set[str]) -> None:
    assert named_in(text) == named


def test_screens_lead_to_the_tables_they_show() -> None:
    found = {screen.name: screen for screen in screens()}
    assert {"client", "client_grade", "client_feature"} <= set(found["clients:list"].tables)
    assert "search_token" in found["clients:search"].tables
    assert found["audit:log"] == Screen("audit:log", "/audit/log/", ())
    assert all(isinstance(one, Proof) for one in proofs())
