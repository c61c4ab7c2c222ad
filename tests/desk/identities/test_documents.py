"""R210: two clients with different valid documents become one by two people and a proof, by no way around (M17)."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients.models import ClientProfile
from keepwell.desk.identities import numbers
from keepwell.desk.identities.models import Judgement, PairLine
from keepwell.desk.identities.pairs import queries, rules
from keepwell.desk.people.models import User
from tests.desk.run_folder import NO_VALID_DOCUMENT, facts

ENTRY = ENTRIES["firm"]
PAIR = {"left": "10000006", "right": "10000010"}  # the right one has no valid document
OTHER = 14
SAME = {"judgement": "same", "reason": "confirmed"}


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    """The service desk of headquarters."""
    return log_in("service_desk", username="steward", display_name="总部核对", branch_code="HQ")


def judge(browser: Client, pair: dict[str, str], **said: str) -> int:
    return int(browser.post("/identities/pairs/judge/", {**pair, **said}).status_code)


def is_refused() -> bool:
    return ENTRY.objects.filter(verb="identities.judge_pair", outcome="refused", reason="M17").exists()


def link(one: int, other: int, **more: Any) -> None:
    """Somebody has said of two clients' records that they are the same."""
    left, right = (facts(number) for number in sorted((one, other)))
    given = {"state": "in_force", "in_force_at": timezone.now(), **more}
    Judgement.objects.create(
        left_code=left["record"], right_code=right["record"], left_client_id=left["client_id"],
        right_client_id=right["client_id"], judgement="same", reason="confirmed",
        by=User.objects.get(username="steward"), at=timezone.now(), run="000000", **given,
    )  # fmt: skip


def test_r210_two_valid_documents_differ_whatever_the_evidence_says(steward: Client) -> None:
    """Of the records' own numbers the run may know nothing, or find them alike; masked alike they are all."""
    valid = ClientProfile.objects.filter(id_is_valid=True).values("client_id")
    lines = PairLine.objects.filter(left_client_id__in=valid, right_client_id__in=valid)
    line = lines.exclude(pair_reason="two_valid_ids")[0]
    assert {row.evidence_field: row.agreement for row in queries.evidence(line)}["id_number"] == "missing"
    masked = numbers.profiles((line.left_client_id, line.right_client_id)).values()
    assert len({one.id_masked for one in masked}) == 1
    pair = {"left": line.left_code, "right": line.right_code}
    assert not steward.get("/identities/pairs/", pair).context["shown"].may_be_one
    assert judge(steward, pair, **SAME) == 403
    assert is_refused()
    assert Judgement.objects.count() == 0
    assert judge(steward, pair, **SAME, proof="派出所变更证明") == 302
    assert Judgement.objects.get().state == "proposed"


@pytest.mark.parametrize(
    ("left", "right", "may"),
    [
        ({"a"}, {"a"}, True),
        ({"a", "b"}, {"b"}, True),
        ({"a"}, set(), True),
        ({"a"}, {"b"}, False),
        ({"a", "b"}, {"b", "c"}, False),
    ],
)
def test_r210_the_documents_of_one_side_are_among_those_of_the_other(
    left: set[str], right: set[str], may: bool
) -> None:
    assert bool(rules.have_one_document(left, right)) is may
    assert bool(rules.have_one_document(right, left)) is may


def test_r210_a_valid_document_without_a_hash_is_no_other_s(
    firm_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A data folder without a key has no hashes to compare: then nobody joins two alone."""
    codes = facts(6)["record"], facts(OTHER)["record"]
    assert all(queries.valid_documents(*codes))
    monkeypatch.setattr(queries, "DOCUMENT", "none")
    assert queries.valid_documents(*codes) == ({"c000006"}, {"c000014"})


@pytest.mark.parametrize("between", [(), (7,), (7, 11)])
def test_r210_no_chain_joins_two_valid_documents(steward: Client, between: tuple[int, ...]) -> None:
    """Left = a client without a document = perhaps others without = one with another."""
    assert set(between) < set(NO_VALID_DOCUMENT)
    for one, other in pairwise((10, *between, OTHER)):
        link(one, other)
    assert judge(steward, PAIR, **SAME) == 403
    assert is_refused()
    assert judge(steward, PAIR, **SAME, proof="变更证明") == 302
    assert Judgement.objects.get(left_code=PAIR["left"], right_code=PAIR["right"]).state == "proposed"


@pytest.mark.parametrize("more", [{"state": "undone"}, {"state": "proposed", "in_force_at": None}])
def test_r210_what_is_not_in_force_makes_no_chain(steward: Client, more: dict[str, Any]) -> None:
    link(10, OTHER, **more)
    assert judge(steward, PAIR, **SAME) == 302
    assert Judgement.objects.get(left_code=PAIR["left"], right_code=PAIR["right"]).state == "in_force"


def test_r210_taking_back_does_not_bring_a_chain_into_force(steward: Client, firm_run: Any) -> None:
    """The same as one valid document, then not the same; meanwhile the same as another valid one."""
    assert judge(steward, PAIR, **SAME) == 302
    firm_run.returns_cut = timezone.now()
    firm_run.save()
    said = Judgement.objects.get()
    Judgement.objects.filter(pk=said.pk).update(state="followed")
    no = Judgement.objects.create(
        left_code=said.left_code, right_code=said.right_code, left_client_id=said.left_client_id,
        right_client_id=said.right_client_id, judgement="not_same", reason="namesake", by_id=said.by_id,
        at=timezone.now(), in_force_at=timezone.now(), run="000001", follows=said,
    )  # fmt: skip
    link(10, OTHER)
    assert steward.post(f"/identities/pairs/{no.pk}/undo/").status_code == 302
    in_force = Judgement.objects.filter(state="in_force").values_list("left_code", "right_code")
    assert list(in_force) == [(PAIR["right"], facts(OTHER)["record"])]
    assert judge(steward, PAIR, **SAME) == 403
