"""R211: the queue answers by an index and a bounded number of questions, however many pairs wait; two keys decide."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from keepwell.desk.identities.models import Judgement, PairLine
from keepwell.desk.identities.models.lines import ORDER
from keepwell.desk.identities.pairs import queries, telling
from keepwell.desk.people.models import User
from keepwell.desk.ui.paging import beyond

HEADQUARTERS: dict[str, Any] = {"username": "steward", "display_name": "总部核对", "branch_code": "HQ"}
SORTED = (
    "TEMP B-TREE FOR ORDER BY",
    "Sort Key",
)  # what SQLite and PostgreSQL say of a plan that sorts all rows first


@pytest.fixture
def steward(log_in: Callable[..., Client], firm_run: Any) -> Client:
    return log_in("service_desk", **HEADQUARTERS)


def plan(rows: QuerySet[PairLine]) -> str:
    """How the database would answer; PostgreSQL is told that few rows, too, are worth an index."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return rows.explain()


def test_r211_the_next_pairs_are_read_in_the_order_of_an_index(steward: Client, firm_run: Any) -> None:
    user = User.objects.get(username="steward")
    first = queries.queue(user, firm_run, 1)[0]
    values = [getattr(first, key.lstrip("-")) for key in ORDER]
    waiting = queries.waiting(user, firm_run).order_by(*ORDER)
    for rows in (waiting[:7], waiting.filter(beyond(ORDER, values))[:7]):
        told = plan(rows)
        assert not any(word in told for word in SORTED), told
        assert "ndex" in told or "INDEX" in told


def test_r211_a_decision_asks_as_few_questions_when_most_pairs_are_decided(
    steward: Client, firm_run: Any, django_assert_max_num_queries: Any
) -> None:
    by = User.objects.get(username="steward")
    lines = list(PairLine.objects.order_by(*ORDER))
    Judgement.objects.bulk_create(
        Judgement(
            left_code=line.left_code, right_code=line.right_code, left_client_id=line.left_client_id,
            right_client_id=line.right_client_id, judgement="unsure", reason="not_enough", by=by,
            at=timezone.now(), in_force_at=timezone.now(), run="000001",
        )
        for line in lines[:-3]
    )  # fmt: skip
    shown = steward.get("/identities/pairs/").context["shown"]
    given = {"left": shown.line.left_code, "right": shown.line.right_code}
    said = {**given, "judgement": "not_same", "reason": "namesake"}
    with django_assert_max_num_queries(60):
        answer = steward.post("/identities/pairs/judge/", said, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.context["shown"].line.left_code != given["left"]
    assert answer.context["n"] == 2


def test_r211_one_key_chooses_the_judgement_and_one_its_reason() -> None:
    """At most three keys a decision: each judgement and each reason has a digit of its own."""
    choices = telling.choices()
    assert [one["key"] for one in choices] == [1, 2, 3]
    for one in choices:
        assert [reason["key"] for reason in one["reasons"]] == list(range(1, len(one["reasons"]) + 1))
        assert len(one["reasons"]) <= 9
