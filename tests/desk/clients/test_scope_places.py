"""R199: scope follows from the current manager, the home branch and covers; each change is a dated, audited act."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients import assignments, places
from keepwell.desk.clients.filters import Filters
from keepwell.desk.clients.models import Assignment, ClientLine, ClientRecord, Place
from keepwell.desk.clients.queries import listed, visible_to
from keepwell.desk.clients.scope import Reach, guests_of, heir_of, leavers, reach_of
from keepwell.desk.people.models import Cover
from tests.desk.clients.test_scope import expected
from tests.desk.run_folder import AS_OF, IN_TWO_BRANCHES, facts

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
RUN = "000001"
OWN, ANOTHER_TEAM, ANOTHER_BRANCH = "c000000", "c000002", "c000003"
BOTH = f"c{IN_TWO_BRANCHES:06d}"
Worker = Callable[[str], Any]


def seen_by(user: Any, on: dt.date | None = None) -> set[str]:
    return set(visible_to(user, on).values_list("client_id", flat=True))


def give(client_id: str, staff_code: str, by: Any) -> None:
    assignments.assign(
        client_id=client_id, staff_code=staff_code, starts_on=TODAY, grounds="act", by=by, at=NOW, run=RUN
    )


def test_r199_every_client_has_a_place_from_the_source(firm_run: Any) -> None:
    assert Place.objects.count() == 60
    who, place = facts(0), Place.objects.get(pk="c000000")
    assert (place.manager_code, place.home_branch_code, place.grounds) == (
        who["manager"],
        who["branch"],
        "source",
    )
    assert Place.objects.get(pk="c000016").manager_code is None
    assert not Assignment.objects.exists()


def test_r199_a_reassigned_client_moves_at_once_and_the_list_names_the_new_manager(
    firm_run: Any, worker: Worker
) -> None:
    manager, head = worker("manager"), worker("branch_head")
    give(OWN, "S03", head)
    assert seen_by(manager) == expected("manager") - {OWN}
    row = next(row for row in listed(head, Filters(), "").page.rows if row.client_id == OWN)
    assert (row.manager_code, row.manager_name) == ("S03", "周航")
    chosen = Filters("existing", {"manager": ("S03",)})
    assert OWN in {row.client_id for row in listed(head, chosen, "").page.rows}
    entry = FirmEntry.objects.get(verb="clients.assign")
    assert (entry.actor_name, entry.subject_id, entry.run) == (head.display_name, OWN, RUN)


def test_r040_periods_are_half_open_and_begin_with_what_the_source_said(
    firm_run: Any, worker: Worker
) -> None:
    head = worker("branch_head")
    give(OWN, "S03", head)
    give(OWN, "S01", head)
    rows = Assignment.objects.filter(client_id=OWN).order_by("pk")
    assert [(row.staff_code, row.grounds, row.ends_on) for row in rows] == [
        ("S02", "source", TODAY),
        ("S03", "act", TODAY),
        ("S01", "act", None),
    ]
    assert {row.record_code for row in rows} == {facts(0)["record"]}
    assert [row.by_name for row in rows] == ["", head.display_name, head.display_name]


def test_r040_an_assignment_to_come_is_refused(firm_run: Any) -> None:
    with pytest.raises(ValueError, match="is to come"):
        assignments.assign(
            client_id=OWN,
            staff_code="S03",
            starts_on=dt.date(2026, 12, 1),
            grounds="act",
            by=None,
            at=NOW,
            run=RUN,
        )
    assert Place.objects.get(pk=OWN).manager_code == "S02"


def test_r199_a_cover_widens_scope_for_its_days_and_ends_by_itself(firm_run: Any, worker: Worker) -> None:
    manager, leader = worker("manager"), worker("team_leader")
    Cover.objects.create(
        covered_code="S03", covering=manager, from_on=TODAY, until_on=dt.date(2026, 11, 27), reason="休假",
        set_by=leader, set_at=NOW,
    )  # fmt: skip
    both = expected("manager") | expected("adviser")
    days = {22: expected("manager"), 23: both, 27: both, 28: expected("manager")}
    assert {day: seen_by(manager, dt.date(2026, 11, day)) for day in days} == days
    Cover.objects.update(ended_at=NOW)
    assert seen_by(manager, TODAY) == expected("manager")


def test_r199_places_follow_the_source_until_a_person_settles_them(firm_run: Any, worker: Worker) -> None:
    Place.objects.filter(pk__in=[OWN, "c000004"]).update(manager_code="S06")
    give("c000004", "S01", worker("branch_head"))
    places.settle(run=RUN, as_of=AS_OF, at=NOW)
    found = Place.objects.in_bulk([OWN, "c000004"])
    assert (found[OWN].manager_code, found[OWN].since_on) == ("S02", AS_OF)
    assert found["c000004"].manager_code == "S01"
    assert Assignment.objects.get(client_id=OWN, ends_on=None).grounds == "source"


def test_r199_a_change_of_home_branch_is_dated_and_a_wish_stands(firm_run: Any, worker: Worker) -> None:
    head = worker("branch_head")
    Place.objects.filter(pk=BOTH).update(home_branch_code="B02")
    places.settle(run=RUN, as_of=AS_OF, at=NOW)
    assert Assignment.objects.get(client_id=BOTH, relation="home", ends_on=None).starts_on == AS_OF
    assert BOTH in seen_by(head)
    assignments.choose_home(client_id=BOTH, branch_code="B02", reason="离家近", by=head, at=NOW, run=RUN)
    places.settle(run=RUN, as_of=AS_OF, at=NOW)
    assert BOTH not in seen_by(head)
    wished = Assignment.objects.get(client_id=BOTH, relation="home", ends_on=None)
    assert (wished.branch_code, wished.grounds, wished.reason) == ("B02", "wish", "离家近")


def test_r199_the_head_notes_a_wish_among_the_clients_own_branches(at_work: Callable[[str], Client]) -> None:
    head, counter = at_work("branch_head"), at_work("counter")
    page = head.get(f"/clients/{BOTH}/access/")
    assert [code for code, _name in page.context["homes"]] == ["B02"]
    asked = {"branch": "B02", "reason": "搬家"}
    assert counter.post(f"/clients/{BOTH}/home/", asked).status_code == 403
    assert head.post(f"/clients/{BOTH}/home/", {"branch": "B02"}).status_code == 403
    refused = head.post(f"/clients/{OWN}/home/", asked)
    assert "客户在此营业部没有客户号" in refused.content.decode()
    assert head.post(f"/clients/{BOTH}/home/", asked).status_code == 302
    assert Place.objects.get(pk=BOTH).home_branch_code == "B02"
    assert FirmEntry.objects.get(verb="clients.choose_home", outcome="done").payload["to"] == "B02"
    assert "文三路营业部" in head.get(f"/clients/{BOTH}/").content.decode()  # a guest from now on


def test_r199_the_heads_approve_the_first_plan_at_set_up_and_only_once(firm_run: Any, worker: Worker) -> None:
    call_command("approve_first_plan")
    entries = FirmEntry.objects.filter(verb="clients.approve_plan").order_by("id")
    assert [(row.subject_id, row.actor_name, row.actor_role) for row in entries] == [
        ("B01", "王琳", "branch_head"),
        ("B02", "郑凯", "branch_head"),
    ]
    decided = ClientLine.objects.filter(
        client__proposal__manager_code="S01", client__proposal__branch_code="B01"
    )
    assert decided.exists()
    assert not decided.exclude(client__place__manager_code="S01").exists()
    assert (
        entries[0].payload["n_changes"]
        == Assignment.objects.filter(grounds="plan", branch_code="B01").count()
    )
    give(OWN, "S03", worker("branch_head"))
    call_command("approve_first_plan")
    assert entries.count() == 2
    assert Place.objects.get(pk=OWN).manager_code == "S03"


def test_r199_a_leavers_clients_come_to_the_leader_then_the_head_the_same_day(firm_run: Any) -> None:
    assert [heir_of(code) for code in ("S02", "S01", "S04", "S99")] == ["S01", "S04", None, None]
    held = expected("manager")
    assert assignments.hand_over(staff_code="S02", by=None, at=NOW, run=RUN) == len(held)
    moved = Place.objects.filter(grounds="leaver")
    assert {place.pk for place in moved} == held
    assert {(place.manager_code, place.since_on) for place in moved} == {("S01", TODAY)}
    assert assignments.hand_over(staff_code="S02", by=None, at=NOW, run=RUN) == 0
    assert leavers(AS_OF) == []


def test_r199_a_branch_where_the_client_has_a_number_reaches_them_as_a_guest(
    firm_run: Any, worker: Worker
) -> None:
    head, manager, officer = worker("branch_head"), worker("manager"), worker("compliance")
    assert reach_of(head, OWN) is Reach.HOME
    assert reach_of(head, ANOTHER_BRANCH) is None
    Place.objects.filter(pk=OWN).update(home_branch_code="B02")
    assert ClientRecord.objects.get(client_id=OWN).branch_code == "B01"
    assert reach_of(head, OWN) is Reach.GUEST
    assert OWN not in seen_by(head)
    assert [line.pk for line in guests_of(head)] == [OWN]
    assert reach_of(manager, ANOTHER_TEAM) is None
    assert reach_of(officer, OWN) is Reach.HOME
    assert not guests_of(officer).exists()


@pytest.mark.parametrize(
    "role, index", [("manager", "manager"), ("team_leader", "manager"), ("branch_head", "home_branch")]
)
def test_r004_a_part_of_the_firm_is_found_from_its_places(
    firm_run: Any, worker: Worker, role: str, index: str
) -> None:
    rows = visible_to(worker(role)).filter(population="existing").order_by("-sort_amount", "-client_id")[:51]
    assert "clients_place" in str(rows.query)
    if connection.vendor == "sqlite":
        assert f"place_{index}" in rows.explain()
    else:  # a list of keys, so that no order of the firm is walked
        assert "= ANY(ARRAY(SELECT" in str(rows.query)


def test_r004_a_list_of_the_firm_keeps_to_the_generations_own_index(firm_run: Any, worker: Worker) -> None:
    rows = (
        visible_to(worker("hq_brokerage"))
        .filter(population="existing")
        .order_by("-sort_amount", "-client_id")
    )
    assert "clients_place" not in str(rows.query)
    if connection.vendor == "sqlite":
        assert "decided_client_line_population_sort_amount_client_id" in rows[:51].explain()
