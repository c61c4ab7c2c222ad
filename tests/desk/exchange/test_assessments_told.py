"""R026, X18: what a client answers on the pages for clients, the next run counts as the latest assessment."""

import datetime as dt
from pathlib import Path

import pyarrow.parquet as pq

from keepwell.desk.clients.models import ClientFeature, ClientProfile, ClientRecord
from keepwell.desk.exchange import returns
from keepwell.desk.exchange.acts import Cut, answers, assessments
from keepwell.desk.forms import answering
from keepwell.policy.packs import load_packs
from tests.desk.exchange.test_returns import MORNING, NOON, Desk, desk, first_night
from tests.desk.forms.sheets import answer_all, form_of
from tests.engine.small_firm import AS_OF

__all__ = ["desk", "first_night"]


def test_before_anybody_answered_there_is_nothing_to_tell(db: None) -> None:
    """Also what makes the suite's database, which the test below copies."""
    cut = Cut(NOON, AS_OF)
    assert [*assessments(cut), *answers(cut)] == []


def test_r026_the_level_of_the_answers_stands_in_the_next_run(desk: Desk, data: Path) -> None:
    person = ClientProfile.objects.filter(client_kind="person").order_by("pk")[0]
    record = ClientRecord.objects.filter(client_id=person.pk).order_by("record_code")[0]
    form, _code = form_of(person.pk, record_code=record.record_code)
    answer_all(form, "C")
    assert answering.hand_in(form=form, packs=load_packs(AS_OF), device="d", at=MORNING) is None
    given = returns.write(by=None, at=NOON)
    assert (given.counts["returned_assessment"], given.counts["returned_answer"]) == (1, 20)
    again = returns.write(by=None, at=NOON + dt.timedelta(minutes=1))
    assert not again.is_new
    generation = desk.night(AS_OF)
    row = ClientFeature.objects.get(pk=person.pk)
    assert (row.risk_level, row.assessed_on) == ("C4", AS_OF)
    told = pq.read_table(
        data / "runs" / generation.run_id / "tables" / "client_suitability.parquet"
    ).to_pylist()
    (own,) = [one for one in told if one["client_id"] == person.pk]
    assert (own["questionnaire_code"], own["computed_score"], own["computed_level"]) == (
        f"desk:{form.pk}",
        62,
        "C4",
    )
    assert (own["level_reason"], own["n_unanswered"], own["is_version_in_use"]) == ("agrees", 0, True)
