"""R101, R104, R231: Today orders, settles, completes, skips, puts off, dials and takes back; all on record."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from keepwell.contract.codes import Role
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.contacts import pages
from keepwell.desk.contacts.models import Contact
from keepwell.desk.gates.models import Touch
from keepwell.desk.people.roles import ROLES
from keepwell.desk.work.models import Outcome, WorkItem

TODAY = reverse("contacts:today")
OUTCOME = reverse("contacts:outcome")
DUTY = {"client": "c000004", "key": "assessment_expiry/2026-10-22/0"}
BIRTHDAY = {"client": "c000012", "key": "birthday/2026-11-23"}
MATURITY = {"client": "c000020", "key": "product_maturity/WX0182/2026-11-27"}
PART = {"HX-Request": "true"}
ON_TODAY = {"HX-Current-URL": "http://localhost/contacts/today/"}
BEIJING = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC)


@pytest.fixture
def desk(at_work: Callable[[str], Client]) -> Client:
    """The manager S02 at work."""
    return at_work("manager")


def clock(monkeypatch: pytest.MonkeyPatch, at: dt.datetime) -> None:
    for module in ("pages", "views", "views_log"):
        monkeypatch.setattr(
            f"keepwell.desk.contacts.{module}.desk_instant", lambda *_given: at.astimezone(BEIJING)
        )


def text(page: Any) -> str:
    return str(page.content.decode())


def test_the_page_lists_in_order_with_reasons_and_deadlines(desk: Client) -> None:
    page = text(desk.get(TODAY))
    names = re.findall(r'class="kw-task-who"><a href="/clients/(c\d+)/"', page)
    assert names[:3] == ["c000008", "c000004", "c000012"]
    assert "逾期 3 天" in page
    assert "2 件已逾期" in page
    assert "近 7 日净转出" in page
    assert "1 个交易日内（11月24日）" in page
    assert "近 30 日净流出占日均资产 45.0%" in page  # the second reason of the same task
    assert "怎么排的" in page


def test_r234_one_day_is_said_of_one_in_english(desk: Client) -> None:
    """R101, R234: "within 1 trading day", on the list and where the order is explained."""
    desk.post("/me/language/", {"language": "en"})
    page = text(desk.get(TODAY)) + text(desk.get(reverse("contacts:order")))
    assert "within 1 trading day (24 Nov)" in page
    assert not re.search(r"\b1 (?:calendar|working|trading) days", page)
    assert "7 calendar days over all rules" in page
    assert "3 working days from receipt" in page
    assert "the firm's own promise, not law" in page


def days_shown(page: str) -> list[tuple[str, str]]:
    return re.findall(r'kw-task-when"><span([^>]*)>([^<]*)<', page)


def test_r101_red_means_a_missed_deadline(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """R101: legal or promised, what was missed is red and says overdue. A greeting is never late, but gone."""
    monkeypatch.setattr(pages, "desk_day", lambda _generation: dt.date(2026, 11, 24))
    page = text(desk.get(TODAY))
    assert days_shown(page)[:3] == [
        (' class="kw-late"', "逾期 4 天"),
        (' class="kw-late"', "逾期 3 天"),
        ("", "今天"),
    ]
    assert '<strong class="kw-tone-bad">2 件已逾期</strong>' in page
    assert "birthday/" not in page  # Monday's closed with Monday


def test_r234_a_greeting_for_the_weekend_is_todays_on_friday(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R234, R071: it says until when it makes sense, and that today is the last working day before."""
    monkeypatch.setattr(pages, "desk_day", lambda _generation: dt.date(2026, 11, 20))
    page = text(desk.get(f"{TODAY}?span=today&kind=birthday"))
    assert days_shown(page) == [("", "今天")]
    assert "最晚 11月21日，过后不再列出；之前最后一个工作日是今天" in page


def test_the_numbers_say_what_they_count(desk: Client) -> None:
    """R104: no number is called all that is not all; what is not listed is said below the list."""
    page = text(desk.get(TODAY))
    shown = {label: int(n) for label, n in re.findall(r">([^<>]+) (\d+)</a></li>", page)}
    assert "全部" not in shown
    assert shown["逾期至本周"] == shown["逾期"] + shown["今天"] + shown["本周"]
    assert f"此处未列：{shown['以后']} 件以后到期，{shown['延后']} 件延后。" in page
    assert f"未办共 {shown['逾期至本周'] + shown['以后'] + shown['延后']} 件" in page


def test_beside_a_task_stands_what_was_said_last(desk: Client, at_work: Callable[[str], Client]) -> None:
    """R101: three entries at most, within scope; the panel asks for them apart, so that the list waits for nothing."""
    panel = text(desk.get(reverse("contacts:task"), MATURITY, headers=PART))
    latest = reverse("contacts:latest", args=[MATURITY["client"]])
    assert f'hx-get="{latest}" hx-trigger="load"' in panel
    record = {"way": "call_in", "outcome": "reached", "record_code": "10000020"}
    for minute in range(5):
        said = {**record, "contacted_at": f"2026-11-23T09:0{minute}", "note": f"第 {minute} 次"}
        desk.post(reverse("contacts:record", args=[MATURITY["client"]]), said)
    assert re.findall(r"第 \d 次", text(desk.get(latest, headers=PART))) == [f"第 {n} 次" for n in (4, 3, 2)]
    assert at_work("adviser").get(latest).status_code == 404


def test_what_is_put_off_can_be_read_and_listed_again(desk: Client) -> None:
    """R104: a task put off is not lost from sight; it is listed again by one act, and the contact stays."""
    desk.post(OUTCOME, {**MATURITY, "outcome": "not_reached"})
    page = text(desk.get(reverse("contacts:put_off"), headers=PART))
    assert "11月24日" in page
    assert "未接通" in page
    act = Outcome.objects.get()
    back = desk.post(reverse("contacts:list_again", args=[act.pk]), follow=True)
    assert "这件事重新列出" in text(back)
    assert MATURITY["key"] in text(back)
    assert not Contact.objects.get().is_withdrawn
    assert FirmEntry.objects.filter(verb="contacts.list_again").count() == 1
    assert desk.post(reverse("contacts:list_again", args=[act.pk])).status_code == 404


def test_the_form_after_reached_says_whose_it_is_and_the_row_stays_marked(desk: Client) -> None:
    """R101: no entry is completed under another client's name."""
    page = text(desk.post(OUTCOME, {**BIRTHDAY, "outcome": "reached"}, headers={**PART, **ON_TODAY}))
    heading = re.search(r'<h2 id="completing">(.*?)</h2>', page, re.DOTALL)
    assert heading
    name = heading[1]
    assert "补充这次联系" in name
    settled = re.search(r'<li id="task-\w+" class="kw-task-settled"[^>]*aria-current="true">(.*?)</li>', page)
    assert settled
    client_name = re.sub(r"<[^>]+>", "", name).replace("补充这次联系", "").strip()
    assert client_name
    assert client_name in settled[1]


def test_after_an_outcome_the_panel_is_that_of_the_row_the_list_goes_on_with(desk: Client) -> None:
    """R101: the panel never shows one client while another one's row is marked."""
    on = {"next_client": DUTY["client"], "next_key": DUTY["key"]}
    given = {**BIRTHDAY, "outcome": "skipped", "reason": "no_need", **on}
    page = text(desk.post(OUTCOME, given, headers={**PART, **ON_TODAY}))
    assert f'data-panel="{pages.slug_of(DUTY["client"], DUTY["key"])}"' in page
    contact_page = desk.post(OUTCOME, {**MATURITY, "outcome": "reached"}, headers={**PART, **ON_TODAY})
    assert contact_page.status_code == 200
    saved = desk.post(
        reverse("contacts:complete", args=[Contact.objects.get().pk]),
        {"topic": "product", **on},
        headers=PART,
    )
    assert f'data-panel="{pages.slug_of(DUTY["client"], DUTY["key"])}"' in text(saved)
    assert saved.headers["HX-Trigger-After-Settle"] == "kw-completed"


def test_r242_the_page_asks_a_bounded_number_of_queries(desk: Client) -> None:
    desk.get(TODAY)
    with CaptureQueriesContext(connection) as asked:
        desk.get(TODAY)
    assert len(asked) <= 32, [one["sql"][:90] for one in asked]


def test_one_click_records_and_the_same_entry_is_completed(desk: Client) -> None:
    page = desk.post(OUTCOME, {**BIRTHDAY, "outcome": "reached"}, headers=PART)
    assert page.status_code == 200
    assert page.headers["HX-Retarget"] == "#task-panel"
    contact = Contact.objects.get()
    assert (contact.channel, contact.outcome, contact.topic) == ("sms", "reached", "greeting")
    assert contact.minutes is None  # unknown is never 0
    assert "已记为“已接通”" in text(page)
    assert 'class="kw-task-settled" hx-swap-oob="true"' in text(page)
    assert Touch.objects.get().record_code == contact.record_code
    done = desk.post(
        reverse("contacts:complete", args=[contact.pk]),
        {"topic": "greeting", "need": "fund", "promise": "发送季报解读", "promise_due_on": "2026-11-27"},
    )
    assert done.status_code == 302
    contact.refresh_from_db()
    assert (contact.need, contact.promise, contact.version) == ("fund", "发送季报解读", 2)
    assert Contact.objects.count() == 1
    assert WorkItem.objects.get(kind="promise").due_on == dt.date(2026, 11, 27)
    verbs = set(FirmEntry.objects.values_list("verb", flat=True))
    assert {"contacts.record_outcome", "contacts.complete_contact"} <= verbs
    assert "发送季报解读" in text(desk.get(f"{TODAY}?span=week"))


def test_undo_brings_the_task_back_and_keeps_both_acts(desk: Client) -> None:
    desk.post(OUTCOME, {**BIRTHDAY, "outcome": "reached"})
    assert "c000012" not in re.findall(r"/clients/(c\d+)/", text(desk.get(TODAY)))
    back = desk.post(reverse("contacts:undo", args=[Outcome.objects.get().pk]), follow=True)
    assert "已撤销" in text(back)
    assert Contact.objects.get().is_withdrawn
    assert not Touch.objects.exists()
    assert "birthday/2026-11-23" in text(desk.get(TODAY))
    assert FirmEntry.objects.filter(verb="contacts.undo_outcome").count() == 1


@pytest.mark.parametrize(
    "told", ["http://[::1", "//[", "http://x\u4e2d:99999999/", "", "\x01:", "/clients/\u738b/"]
)
def test_r242_a_header_that_is_no_address_is_no_failure(desk: Client, told: str) -> None:
    """R242: what a browser says of where it stands may be anything; the outcome is recorded all the same."""
    answer = desk.post(
        OUTCOME,
        {**BIRTHDAY, "outcome": "skipped", "reason": "no_need"},
        headers={**PART, "HX-Current-URL": told},
    )
    assert answer.status_code == 200
    assert Outcome.objects.get().reason == "no_need"


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "\ufffd;q=x,,;"},
        {"Cookie": "theme=%FF; django_language=\x00; =;;"},
        {"HX-Request": "true", "HX-Target": "\x00", "HX-Boosted": "[", "HX-Trigger": "[::"},
        {"Referer": "http://[::1", "Origin": "http://["},
        {"If-Modified-Since": "yesterday", "If-None-Match": '"', "Range": "bytes=z-"},
        {"X-Forwarded-For": "not an address, [::"},
    ],
)
def test_r242_no_header_breaks_a_page(desk: Client, headers: dict[str, str]) -> None:
    """R242: read and posted with headers of nonsense, a page answers."""
    for answer in (desk.get(TODAY, headers=headers), desk.post(reverse("people:theme"), headers=headers)):
        assert answer.status_code < 500


def test_not_reached_comes_again_the_next_working_day(desk: Client) -> None:
    desk.post(OUTCOME, {**MATURITY, "outcome": "not_reached"})
    row = Outcome.objects.get()
    assert row.until_on == dt.date(2026, 11, 24)
    assert Contact.objects.get().outcome == "no_answer"
    assert not Touch.objects.exists()  # nobody was reached, nothing counts


def test_m03_skipping_wants_a_reason(desk: Client) -> None:
    refused = desk.post(OUTCOME, {**BIRTHDAY, "outcome": "skipped"})
    assert refused.status_code == 403
    assert "请选跳过原因，才能移出今日。" in text(refused)
    assert FirmEntry.objects.filter(reason="M03", outcome="refused").count() == 1
    desk.post(OUTCOME, {**BIRTHDAY, "outcome": "skipped", "reason": "no_need"})
    assert Outcome.objects.get().reason == "no_need"


def test_m04_nothing_waits_past_its_deadline(desk: Client) -> None:
    late = desk.post(OUTCOME, {**MATURITY, "outcome": "snoozed", "until_on": "2026-11-30"})
    assert late.status_code == 403
    assert "最晚推到 11月27日" in text(late)
    assert desk.post(OUTCOME, {**MATURITY, "outcome": "snoozed", "until_on": "2026-11-26"}).status_code == 302
    assert Outcome.objects.get().until_on == dt.date(2026, 11, 26)


def test_m05_the_cap_closes_the_dial_with_dates(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, NOON)
    record = {
        "way": "call_out",
        "contacted_at": "2026-11-23T09:00",
        "outcome": "reached",
        "record_code": "10000020",
    }
    assert desk.post(reverse("contacts:record", args=["c000020"]), record).status_code == 302
    panel = desk.get(reverse("contacts:task"), MATURITY, headers=PART)
    assert "7 天内已有 1 次营销联系（11月23日）。11月30日起可联系" in text(panel)
    refused = desk.post(reverse("contacts:dial"), MATURITY)
    assert refused.status_code == 403
    assert FirmEntry.objects.filter(reason="M05", outcome="refused").exists()


def test_m06_no_number_is_dialled_in_the_quiet_hours(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, NIGHT)
    refused = desk.post(reverse("contacts:dial"), MATURITY)
    assert refused.status_code == 403
    assert "现在 21:05，免打扰时段 21:00–08:30。" in text(refused)


def test_dialling_is_logged_with_its_purpose(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, NOON)
    shown = desk.post(reverse("contacts:dial"), MATURITY, headers=PART)
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    entry = FirmEntry.objects.get(verb="clients.reveal")
    assert entry.payload["purpose"] == "call"
    assert FirmEntry.objects.filter(verb="contacts.dial").count() == 1


def test_a_task_settled_meanwhile_is_said_so(desk: Client) -> None:
    desk.post(OUTCOME, {**BIRTHDAY, "outcome": "reached"})
    again = desk.post(OUTCOME, {**BIRTHDAY, "outcome": "reached"})
    assert again.status_code == 403
    assert "这件事已经办过" in text(again)
    assert Contact.objects.count() == 1


def test_the_panel_of_a_task_settled_meanwhile_is_no_refusal(desk: Client) -> None:
    """R101: the list on the screen may be older than what was done; who looks is told, and not written down."""
    desk.post(OUTCOME, {**BIRTHDAY, "outcome": "reached"})
    shown = desk.get(reverse("contacts:task"), BIRTHDAY, headers=PART)
    assert shown.status_code == 200
    assert "这件事已经办过" in text(shown)
    assert not FirmEntry.objects.filter(outcome="refused").exists()


def test_another_managers_task_is_an_unknown_address(at_work: Callable[[str], Client]) -> None:
    desk = at_work("adviser")
    for method, address in ((desk.get, reverse("contacts:task")), (desk.post, OUTCOME)):
        assert method(address, {**DUTY, "outcome": "reached"}).status_code == 404
    assert not Contact.objects.exists()


def test_m29_bulk_shows_who_is_left_out_and_why(desk: Client) -> None:
    names = [
        f"{one['client']}/{one['key']}" for one in (MATURITY, BIRTHDAY)
    ]  # 27 November; a greeting of today
    plan = reverse("contacts:plan")
    preview = desk.post(plan, {"task": names, "until_on": "2026-11-25"}, headers=PART)
    assert "将安排 1 位；1 位不安排：1 位只在该日之前合适。" in text(preview)
    assert "1 位不安排" in text(preview)
    assert not Outcome.objects.exists()
    done = desk.post(plan, {"task": names, "until_on": "2026-11-25", "confirmed": "yes"}, headers=PART)
    assert "已安排 1 位" in text(done)
    assert Outcome.objects.get().key == MATURITY["key"]


def test_bulk_begins_with_the_preview_of_the_next_working_day(desk: Client) -> None:
    chosen = [f"{MATURITY['client']}/{MATURITY['key']}"]
    first = text(desk.post(reverse("contacts:plan"), {"task": chosen}, headers=PART))
    assert 'value="2026-11-24"' in first  # the made-up firm's day is Monday 23 November
    assert "将安排 1 位" in first
    cleared = text(desk.post(reverse("contacts:plan"), {"task": chosen, "until_on": ""}, headers=PART))
    assert "将安排" not in cleared


def test_bulk_leaves_out_what_is_out_of_scope(at_work: Callable[[str], Client]) -> None:
    desk = at_work("adviser")
    given = {
        "task": [f"{MATURITY['client']}/{MATURITY['key']}"],
        "until_on": "2026-11-25",
        "confirmed": "yes",
    }
    assert desk.post(reverse("contacts:plan"), given, headers=PART).status_code == 200
    assert not Outcome.objects.exists()


def test_the_order_is_explained_with_marks(desk: Client) -> None:
    page = text(desk.get(reverse("contacts:order"), headers=PART))
    assert "逾期的在最前：法定或承诺的时限已过。" in page
    assert "窗口期" in page
    assert "[P]" in page
    assert "7 个自然日内最多 1 次" in page


def test_what_i_settled_can_be_read(desk: Client) -> None:
    desk.post(OUTCOME, {**BIRTHDAY, "outcome": "skipped", "reason": "no_need"})
    page = text(desk.get(reverse("contacts:done"), headers=PART))
    assert "已跳过" in page
    assert "客户不需要" in page


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_r199_today_opens_for_those_who_have_a_book(at_work: Callable[[str], Client], role: str) -> None:
    wanted = 200 if "contacts.read_today" in ROLES[role].permissions else 403
    assert at_work(role).get(TODAY).status_code == wanted


def test_the_leader_sees_the_teams_tasks_with_their_managers(at_work: Callable[[str], Client]) -> None:
    page = text(at_work("team_leader").get(TODAY))
    assert "李倩" in page


def test_every_moment_has_a_script(firm_run: Any, worker: Callable[[str], Any]) -> None:
    day = pages.Day.of(worker("manager"), firm_run)
    for _code, rule in day.packs.moments.rules():
        assert day.packs.scripts.best(_code.value, "", str(rule.channel)) is not None
    said = [one.text.zh for one in day.packs.scripts.scripts]
    assert not [word for word in ("稳赚", "保本", "抓紧") if word in "".join(said)]


def test_a_step_skipped_on_the_card_leads_back_to_the_card(desk: Client) -> None:
    card = reverse("clients:card", args=[BIRTHDAY["client"]])
    here = {**PART, "HX-Current-URL": f"http://localhost{card}"}
    given = {**BIRTHDAY, "outcome": "skipped", "reason": "no_need"}
    assert desk.post(OUTCOME, given, headers=here).headers["HX-Redirect"] == card
    reached = desk.post(OUTCOME, {**MATURITY, "outcome": "reached"}, headers=here)
    assert 'hx-swap-oob="delete"' not in text(reached)  # nothing of the list stands on that page
