"""R210: what the made-up firm's service desk judged before a visitor comes is judged as the visitor would."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from keepwell.contract.codes import Agreement, EvidenceField, JudgementReason
from keepwell.contract.codes import Judgement as Said
from keepwell.desk.exchange.management.commands import demo_acts
from keepwell.desk.identities.models import Judgement, PairEvidence, PairLine
from keepwell.desk.identities.pairs import queries
from keepwell.desk.identities.pairs.rules import may_be_one
from keepwell.desk.people.models import User

Evening = Callable[[EvidenceField], tuple[PairLine, Judgement]]
NAME, DOCUMENT = EvidenceField.CLIENT_NAME, EvidenceField.ID_NUMBER


@pytest.fixture
def steward(make_user: Callable[..., User], firm_run: Any) -> User:
    """The service desk of headquarters."""
    return make_user("service_desk", username="service_desk2", branch_code="HQ")


@pytest.fixture
def judged(steward: User, firm_run: Any, monkeypatch: pytest.MonkeyPatch) -> Evening:
    """One pair behind the first of the queue agrees in a field, and the steward's evening passes."""
    told = queries.evidence

    def evening(agreeing: EvidenceField) -> tuple[PairLine, Judgement]:
        pair = next(
            one
            for one in queries.queue(steward, firm_run, 60)[1:]
            if may_be_one(one, *queries.valid_documents(one.left_code, one.right_code))
        )

        def evidence(one: PairLine) -> list[PairEvidence]:
            rows = told(one)
            for row in rows:
                if one.left_code == pair.left_code and row.evidence_field == agreeing:
                    vars(row).update(agreement=str(Agreement.SAME))
            return rows

        monkeypatch.setattr(queries, "evidence", evidence)
        demo_acts.judgement(demo_acts.Day(firm_run, timezone.now(), {"service_desk2": steward}))
        return pair, Judgement.objects.get()

    return evening


def test_r210_of_all_that_wait_two_records_of_one_name_are_judged_the_same(judged: Evening) -> None:
    pair, said = judged(NAME)
    assert (said.left_code, said.right_code, said.judgement) == (pair.left_code, pair.right_code, Said.SAME)
    assert said.reason == JudgementReason.SAME_DETAILS


def test_r210_where_no_names_agree_one_document_and_the_proof_of_a_new_name_are_the_grounds(
    judged: Evening,
) -> None:
    pair, said = judged(DOCUMENT)
    assert (said.left_code, said.right_code, said.judgement) == (pair.left_code, pair.right_code, Said.SAME)
    assert said.reason == JudgementReason.SAME_DOCUMENT
    assert "更名证明" in said.note
