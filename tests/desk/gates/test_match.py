"""R021, R022, R026: the gate of products: three tests, who named it first, what stays open until it is on record."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from keepwell.contract.suitable import MatchOutcome, StartedBy
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.gates import pages, queries
from keepwell.desk.gates.models import OpenMatch
from tests.desk.run_suitability import AGED, EXPIRED, LOWEST, PROFESSIONAL, SHORT, SILENT

STEADY = "c000001"  # C3, of the team leader
ZH, EN = "zh-hans", "en"


def client(number: int) -> str:
    return f"c{number:06d}"


def asked(run: Any, client_id: str, product: str, by: StartedBy = StartedBy.STAFF) -> pages.Checked:
    line = ClientLine.objects.get(pk=client_id)
    named = queries.named(product)
    assert named is not None
    checked = pages.check(pages.Gate.of(line, run), named, by)
    assert checked is not None
    return checked


def said(checked: pages.Checked, language: str = ZH) -> str:
    return checked.verdict.in_language(language)


def test_r022_what_lies_above_the_level_is_not_recommended_and_what_matches_is_counted(firm_run: Any) -> None:
    checked = asked(firm_run, STEADY, "688001")
    assert checked.verdict.reason == "M09"
    assert said(checked) == "R4 高于客户 C3，不能主动推荐。可看 R1–R3 共 5 只。"
    assert said(checked, EN) == "R4 exceeds the client's C3: not to be recommended. See 5 products in R1–R3."
    assert {one.code for one in checked.others} == {"600000", "WX0182", "000198", "019547", "511010"}
    assert checked.others[0].code == "600000"


def test_r022_what_matches_may_be_named(firm_run: Any) -> None:
    checked = asked(firm_run, STEADY, "600000")
    assert checked.verdict
    assert checked.found.outcome is MatchOutcome.MATCH
    assert checked.others == []


def test_r022_an_assessment_that_ended_before_today_carries_no_recommendation(firm_run: Any) -> None:
    """The run saw its last day; the desk's day is the Monday after."""
    checked = asked(firm_run, client(EXPIRED), "000198")
    assert checked.verdict.reason == "M08"
    assert said(checked) == (
        "风险测评已于 11月20日到期，不能主动推荐或开新权限。可「发测评链接」，由本人完成。"
    )
    assert checked.n_found == 0


@pytest.mark.parametrize("by", list(StartedBy))
def test_r022_to_the_lowest_class_nothing_above_is_sold_whoever_asks(firm_run: Any, by: StartedBy) -> None:
    checked = asked(firm_run, client(LOWEST), "600000", by)
    assert checked.verdict.reason == "M09"
    assert checked.found.outcome is MatchOutcome.FORBIDDEN
    assert "R1" in said(checked)
    assert "共 2 只" in said(checked)


def test_r022_a_client_may_insist_and_it_stays_open(firm_run: Any) -> None:
    checked = asked(firm_run, STEADY, "688001", StartedBy.CLIENT)
    assert checked.verdict
    assert checked.found.outcome is MatchOutcome.MISMATCH_ALLOWED_WITH_WARNING


def test_r022_term_and_kind_are_tests_of_their_own(firm_run: Any) -> None:
    assert said(asked(firm_run, client(SHORT), "019547")) == (
        "资金占用 3000 天，客户只有 365 天不用，不能主动推荐。可看相配的 4 只。"
    )
    silent = asked(firm_run, client(SILENT), "000198")
    assert silent.verdict.reason == "M09"
    assert silent.n_found == 0


def test_r021_without_a_level_on_either_side_nothing_is_named(firm_run: Any) -> None:
    unrated = asked(firm_run, STEADY, "WX0990", StartedBy.CLIENT)
    assert "第15、16条" in said(unrated)
    never = asked(firm_run, client(3), "000198", StartedBy.CLIENT)
    assert "第33条" in said(never)


def test_r025_a_professional_investor_is_not_put_to_the_tests(firm_run: Any) -> None:
    assert asked(firm_run, client(PROFESSIONAL), "JG0007").verdict


def check(browser: Client, client_id: str, product: str, started_by: str = "staff") -> Any:
    return browser.post(
        f"/gates/match/{client_id}/",
        {"product": product, "started_by": started_by},
        headers={"hx-request": "true"},
    )


def test_a_check_is_written_down_with_its_refusal(at_work: Callable[[str], Client]) -> None:
    answer = check(at_work("team_leader"), STEADY, "688001")
    assert answer.status_code == 200
    assert "R4 高于客户 C3，不能主动推荐。可看 R1–R3 共 5 只。" in answer.content.decode()
    (entry,) = FirmEntry.objects.filter(verb="gates.check_match")
    assert (entry.outcome, entry.reason, entry.subject_id) == ("refused", "M09", STEADY)
    assert entry.payload["tests"] == {"level": "fails", "term": "passes", "kind": "passes"}
    assert not OpenMatch.objects.exists()


def test_a_product_is_found_by_name_and_several_are_offered(at_work: Callable[[str], Client]) -> None:
    browser = at_work("team_leader")
    assert "688001" in check(browser, STEADY, "科创一号").content.decode()
    several = check(browser, STEADY, "国债")
    assert several.status_code == 422
    assert "019547" in several.content.decode()
    assert "511010" in several.content.decode()
    none = check(browser, STEADY, "没有这个")
    assert none.status_code == 422
    assert FirmEntry.objects.filter(verb="gates.check_match").count() == 1


def test_who_named_it_first_has_to_be_said(at_work: Callable[[str], Client]) -> None:
    answer = check(at_work("team_leader"), STEADY, "688001", "")
    assert answer.status_code == 422
    assert not FirmEntry.objects.filter(verb="gates.check_match").exists()


def warned(browser: Client, pk: int, **fields: str) -> Any:
    told = {"warning_code": "JS-0001", "warning_on": "2026-11-23", "recording_code": "LX-0001", **fields}
    return browser.post(f"/gates/match/asked/{pk}/warning/", told)


def test_r022_a_wish_is_open_until_warning_and_recording_are_on_record(
    at_work: Callable[[str], Client],
) -> None:
    browser = at_work("team_leader")
    page = check(browser, STEADY, "688001", "client").content.decode()
    row = OpenMatch.objects.get()
    assert "第19、24条" in page
    assert "第25条" in page
    check(browser, STEADY, "688001", "client")
    assert OpenMatch.objects.count() == 1
    assert warned(browser, row.pk, recording_code="").status_code == 422
    assert warned(browser, row.pk, warning_on="2026-11-30").status_code == 422
    assert OpenMatch.objects.get().recorded_at is None
    assert warned(browser, row.pk).status_code == 302
    row.refresh_from_db()
    assert (row.warning_code, row.recording_code, row.warning_on) == (
        "JS-0001",
        "LX-0001",
        dt.date(2026, 11, 23),
    )
    assert FirmEntry.objects.filter(verb="gates.record_warning", subject_id=STEADY).count() == 1
    assert warned(browser, row.pk, warning_code="JS-0002").status_code == 302
    row.refresh_from_db()
    assert row.warning_code == "JS-0001"


def test_another_book_is_not_found(at_work: Callable[[str], Client]) -> None:
    browser = at_work("manager")
    assert check(browser, STEADY, "688001").status_code == 404
    assert not FirmEntry.objects.filter(verb="gates.check_match").exists()


def test_r024_of_the_signed_age_a_second_person_looks(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    """A client of the age asks for a product of high risk that lies above their level: two people and a day."""
    browser = at_work("adviser")
    page = check(browser, client(AGED), "JG0007", "client").content.decode()
    row = OpenMatch.objects.get()
    assert set(row.duties) == {"signed_warning", "linked_recording", "time_to_consider", "second_person"}
    assert "24 小时" in page
    own = browser.post(f"/gates/match/asked/{row.pk}/second/")
    assert own.status_code == 403
    other = log_in("team_leader", username="second", staff_code="S09", branch_code="B01", team_code="T02")
    assert other.post(f"/gates/match/asked/{row.pk}/second/").status_code == 302
    row.refresh_from_db()
    assert row.seen_by is not None


def test_the_card_shows_what_the_client_can_bear(at_work: Callable[[str], Client]) -> None:
    page = at_work("team_leader").get(f"/clients/{STEADY}/panel/suitability/").content.decode()
    for word in ("C3", "2027-06-02", "R1–R3", "查匹配"):
        assert word in page


def test_a_task_that_names_a_product_shows_the_gates_word_beside_its_script(
    at_work: Callable[[str], Client], firm_run: Any
) -> None:
    """The product matures, and staff is about to speak of it: the same table says whether it may be named."""
    from keepwell.desk.clients.models import Moment

    moment = Moment.objects.filter(fact_code="WX0182", client__place__manager_code="S02").first()
    assert moment is not None
    browser = at_work("manager")
    task = f"client={moment.client_id}&key={moment.rule}/{moment.occasion}"
    page = browser.get(f"/contacts/today/task/?{task}").content.decode()
    assert "kw-match-word" in page
    assert f"/gates/match/{moment.client_id}/?product=WX0182" in page
    assert browser.get(f"/gates/match/{moment.client_id}/?product=WX0182").status_code == 200
    other = Moment.objects.filter(fact_code=None, client__place__manager_code="S02").first()
    assert other is not None
    task = f"client={other.client_id}&key={other.rule}/{other.occasion}"
    assert "kw-match-word" not in browser.get(f"/contacts/today/task/?{task}").content.decode()


def test_r026_to_a_minor_staff_name_nothing_and_the_page_says_by_which_article(
    at_work: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under age: no active selling, whatever matches; a client's own wish goes by the lowest class."""
    known = queries.suited

    def minor(run_id: str, client_id: str, on: dt.date) -> Any:
        found = known(run_id, client_id, on)
        return found and replace(found, facts=replace(found.facts, age=16))

    monkeypatch.setattr(queries, "suited", minor)
    page = check(at_work("team_leader"), STEADY, "600000").content.decode()
    assert "未成年" in page
    assert "第22条" in page
    (entry,) = FirmEntry.objects.filter(verb="gates.check_match")
    assert (entry.outcome, entry.payload["match_reason"]) == ("refused", "minor_staff")
