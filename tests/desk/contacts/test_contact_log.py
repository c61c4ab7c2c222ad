"""R101, R231, R235: contacts are recorded, corrected and remarked on; nothing typed or said is lost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from keepwell.contract.codes import Role
from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.clients.models import Client as Anchor
from keepwell.desk.clients.models import ClientRecord
from keepwell.desk.contacts import actions
from keepwell.desk.contacts.models import Contact, ContactVersion, Draft
from keepwell.desk.gates.models import NoContact
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import ROLES
from keepwell.desk.work.models import WorkItem
from tests.desk.run_folder import facts

LOG = reverse("contacts:log")
SAID = {
    "way": "call_out",
    "contacted_at": "2026-11-22T15:04",
    "outcome": "reached",
    "minutes": "6",
    "topic": "fee",
}


def record(desk: Client, client_id: str = "c000000", **more: str) -> Any:
    given = {**SAID, "record_code": facts(int(client_id[1:]))["record"], **more}
    return desk.post(reverse("contacts:record", args=[client_id]), given)


def correction(contact: Contact, **more: str) -> dict[str, str]:
    given = {"way": "call_out", "outcome": "reached", "minutes": "6", "topic": "fee", "reason": "时长记错"}
    return {**given, "version": str(contact.version), **more}


def text(page: Any) -> str:
    return str(page.content.decode())


@pytest.fixture
def desk(at_work: Callable[[str], Client]) -> Client:
    """The manager S02 at work."""
    return at_work("manager")


def test_a_promise_is_a_task_on_its_day(desk: Client) -> None:
    assert record(desk, promise="发送季报解读", promise_due_on="2026-11-27").status_code == 302
    item = WorkItem.objects.get(kind="promise")
    assert (item.kind, item.due_on, item.record_code) == ("promise", dt.date(2026, 11, 27), "10000000")
    page = text(desk.get(reverse("contacts:today")))
    assert "发送季报解读" in page
    assert "承诺" in page
    assert FirmEntry.objects.filter(verb="contacts.record_contact").count() == 1


@pytest.mark.parametrize(("role", "way"), [("counter", "at_branch"), ("service_desk", "call_in")])
def test_the_desks_record_and_the_manager_sees_it(
    at_work: Callable[[str], Client], log_in: Callable[..., Client], role: str, way: str
) -> None:
    desk = at_work(role)
    assert record(desk, way=way, promise="回电说明费用", promise_due_on="2026-11-24").status_code == 302
    contact = Contact.objects.get()
    assert contact.direction == "in"
    assert contact.author_name == "周敏"
    manager = log_in("manager", username="liqian", staff_code="S02", branch_code="B01", team_code="T01")
    assert "回电说明费用" in text(manager.get(reverse("contacts:today")))
    assert "回电说明费用" in text(manager.get(reverse("clients:service", args=["c000000"])))


def test_out_of_scope_is_an_unknown_address(at_work: Callable[[str], Client]) -> None:
    desk = at_work("counter")
    assert record(desk, "c000003").status_code == 404
    assert desk.get(reverse("contacts:record", args=["c000003"])).status_code == 404
    assert not Contact.objects.exists()
    assert FirmEntry.objects.filter(verb="clients.miss_card").exists()


@pytest.mark.parametrize(
    "given",
    [
        {"promise": "发送季报"},
        {"promise_due_on": "2026-11-27"},
        {"promise": "发送季报", "promise_due_on": "2026-11-01"},
        {"contacted_at": "2027-01-01T10:00"},
        {"way": "telepathy"},
        {"record_code": "999"},
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(desk: Client, given: dict[str, str]) -> None:
    page = record(desk, **given)
    assert page.status_code in {404, 422}
    assert not Contact.objects.exists()


def test_a_correction_keeps_author_instant_and_the_version_before(desk: Client) -> None:
    record(desk)
    contact = Contact.objects.get()
    before = (contact.author_id, contact.recorded_at, contact.contacted_at)
    answer = desk.post(reverse("contacts:correct", args=[contact.pk]), correction(contact, minutes="16"))
    assert answer.status_code == 302
    contact.refresh_from_db()
    assert (contact.minutes, contact.version) == (16, 2)
    assert (contact.author_id, contact.recorded_at, contact.contacted_at) == before
    assert ContactVersion.objects.get().facts["minutes"] == 6
    page = text(desk.get(reverse("contacts:entry", args=[contact.pk])))
    assert "<del>6 分钟</del>" in page
    assert "时长记错" in page
    assert FirmEntry.objects.filter(verb="contacts.correct_contact").count() == 1


def test_a_correction_wants_its_reason(desk: Client) -> None:
    record(desk)
    contact = Contact.objects.get()
    refused = desk.post(reverse("contacts:correct", args=[contact.pk]), correction(contact, reason=" "))
    assert refused.status_code == 403
    assert FirmEntry.objects.filter(reason="M20", outcome="refused").exists()


def test_m19_others_add_a_remark_instead(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    record(at_work("counter"))
    contact = Contact.objects.get()
    manager = log_in("manager", username="liqian", staff_code="S02", branch_code="B01", team_code="T01")
    refused = manager.post(reverse("contacts:correct", args=[contact.pk]), correction(contact))
    assert refused.status_code == 403
    assert "只有本人能更正。可「补充说明」。" in text(refused)
    manager.post(reverse("contacts:remark", args=[contact.pk]), {"text": "客户补充：下周出差"})
    assert "客户补充：下周出差" in text(manager.get(reverse("contacts:entry", args=[contact.pk])))
    assert contact.versions.count() == 0


def test_m25_both_sides_of_a_conflict_are_shown_and_kept(desk: Client) -> None:
    record(desk)
    contact = Contact.objects.get()
    address = reverse("contacts:correct", args=[contact.pk])
    first = correction(contact, minutes="16", note="关心费用")
    late = correction(contact, minutes="26", note="问了佣金")
    assert desk.post(address, first).status_code == 302
    conflict = desk.post(address, late)
    assert conflict.status_code == 409
    page = text(conflict)
    assert "2 处与您不同" in page
    assert all(words in page for words in ("用我的", "用对方的", "26 分钟", "16 分钟"))
    assert FirmEntry.objects.get(outcome="refused").reason == "M25"
    mine = {**late, "use_minutes": "mine", "use_note": "theirs"}
    assert desk.post(address, {**mine, "seen": "1"}).status_code == 409  # chosen about an older version
    chosen = desk.post(address, {**mine, "seen": "2"})
    assert chosen.status_code == 302
    contact.refresh_from_db()
    assert (contact.minutes, contact.note) == (26, "关心费用")
    kept = [(old.facts["minutes"], old.facts["note"]) for old in contact.versions.order_by("pk")]
    assert (6, "") in kept
    assert (16, "问了佣金") in kept  # what lost is kept too
    assert (16, "关心费用") in kept


def test_r235_a_correction_binds_to_the_version_it_was_written_about(desk: Client) -> None:
    """R235: corrected again between reading and writing, the later correction writes nothing and is asked anew."""
    record(desk)
    read, again = Contact.objects.get(), Contact.objects.get()
    on, by = dt.date(2026, 11, 23), User.objects.get()
    told: dict[str, Any] = {"reason": "时长记错", "by": by, "at": timezone.now(), "on": on}
    actions.correct_contact(contact=read, facts={"minutes": 16}, **told)
    with pytest.raises(Contact.DoesNotExist):
        actions.correct_contact(contact=again, facts={"minutes": 26}, **told)
    assert Contact.objects.get().minutes == 16
    assert ContactVersion.objects.count() == 1


def test_r235_whoever_is_overtaken_while_writing_sees_both_sides(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R235: the view read version 1; before it wrote, another tab had written version 2: M25, nothing is lost."""
    record(desk)
    contact = Contact.objects.get()
    address = reverse("contacts:correct", args=[contact.pk])
    write = actions.correct_contact

    def overtaken(**given: Any) -> Contact:
        monkeypatch.setattr(actions, "correct_contact", write)
        write(**{**given, "contact": Contact.objects.get(), "facts": {"minutes": 9}})
        return write(**given)

    monkeypatch.setattr(actions, "correct_contact", overtaken)
    answer = desk.post(address, correction(contact, minutes="16"))
    assert answer.status_code == 409
    assert all(words in text(answer) for words in ("9 分钟", "16 分钟", "1 处与您不同"))
    assert Contact.objects.get().minutes == 9


def test_r235_the_same_correction_sent_twice_is_one(desk: Client) -> None:
    """R235: a double click leaves one version."""
    record(desk)
    contact = Contact.objects.get()
    for _click in range(2):
        answer = desk.post(reverse("contacts:correct", args=[contact.pk]), correction(contact, minutes="16"))
        assert answer.status_code == 302
    assert Contact.objects.get().version == 2


def test_a_draft_outlives_the_session(desk: Client) -> None:
    keep = reverse("contacts:draft", args=["c000000", "record"])
    assert desk.post(keep, {"note": "客户问融资利率", "minutes": "4"}).status_code == 204
    desk.logout()
    assert desk.get(reverse("contacts:record", args=["c000000"])).status_code == 302
    desk.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    page = text(desk.get(reverse("contacts:record", args=["c000000"])))
    assert "客户问融资利率" in page
    assert "已恢复您" in page
    record(desk, note="客户问融资利率")
    assert not Draft.objects.exists()


def test_a_client_merged_between_opening_and_saving(desk: Client) -> None:
    """The form was opened for an anchor that a run merged away: the record tells the owner."""
    Anchor.objects.create(client_id="gone", born_run="000001", merged_into_id="c000000")
    answer = desk.post(reverse("contacts:record", args=["gone"]), {**SAID, "record_code": "10000000"})
    assert answer.status_code == 302
    assert Contact.objects.get().client_id == "c000000"
    assert ClientRecord.objects.get(pk="10000000").client_id == "c000000"


def test_a_contact_stands_with_the_client_that_holds_the_record(desk: Client) -> None:
    """Merge, work, split: the contact stored with one client is shown with whoever holds its record today."""
    record(desk, promise="发送季报解读", promise_due_on="2026-11-27")
    Contact.objects.update(client_id="c000004")
    own = text(desk.get(reverse("clients:service", args=["c000000"])))
    other = text(desk.get(reverse("clients:service", args=["c000004"])))
    assert "发送季报解读" in own
    assert "发送季报解读" not in other


def test_a_wish_is_noted_with_the_contact(desk: Client) -> None:
    record(desk, wants_no_contact="on")
    assert NoContact.objects.get().record_code == "10000000"
    assert desk.post(reverse("contacts:allow", args=["c000000"])).status_code == 302
    assert NoContact.objects.get().until_on is not None


def test_an_appointment_is_a_task_within_the_cap(desk: Client) -> None:
    address = reverse("contacts:appoint", args=["c000000"])
    assert desk.post(address, {"due_on": "2026-11-24", "about": "费用"}).status_code == 302
    assert WorkItem.objects.filter(kind="appointment").count() == 1
    record(desk)
    refused = desk.post(address, {"due_on": "2026-11-25"})
    assert refused.status_code == 403
    assert "11月29日起可联系" in text(refused)


def test_r231_a_second_appointment_on_one_day_keeps_the_words_of_the_first(desk: Client) -> None:
    """R231: two subjects are two tasks; the same form sent twice is one; nothing typed is lost."""
    address = reverse("contacts:appoint", args=["c000000"])
    for about in ("费用", "续期测评", "费用 ", "", ""):
        assert desk.post(address, {"due_on": "2026-11-24", "about": about}).status_code == 302
    told = [item.facts["about"] for item in WorkItem.objects.filter(kind="appointment").order_by("pk")]
    assert told == ["费用", "续期测评", ""]
    week = text(desk.get(f"{reverse('contacts:today')}?span=week"))
    assert "费用" in week
    assert "续期测评" in week


def test_the_log_filters_and_pages(desk: Client) -> None:
    for number in range(3):
        record(desk, minutes=str(number + 1))
    record(desk, way="visit", promise="带资料", promise_due_on="2026-12-01")
    assert text(desk.get(LOG)).count("<li data-row>") == 4
    assert text(desk.get(f"{LOG}?channel=visit")).count("<li data-row>") == 1
    assert text(desk.get(f"{LOG}?promise=open")).count("<li data-row>") == 1
    assert text(desk.get(f"{LOG}?author=me&from=2026-11-23")).count("<li data-row>") == 0
    assert "去掉一个条件再看" in text(desk.get(f"{LOG}?from=2026-11-23"))


def test_the_log_stays_in_scope(at_work: Callable[[str], Client], log_in: Callable[..., Client]) -> None:
    record(at_work("manager"))
    adviser = log_in("adviser", username="zhouhang", staff_code="S03", branch_code="B01", team_code="T02")
    assert "还没有联系记录" in text(adviser.get(LOG))
    contact = Contact.objects.get()
    for name in ("entry", "correct"):
        assert adviser.get(reverse(f"contacts:{name}", args=[contact.pk])).status_code == 404


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_r199_the_log_opens_for_those_who_record(at_work: Callable[[str], Client], role: str) -> None:
    wanted = 200 if "contacts.read_log" in ROLES[role].permissions else 403
    assert at_work(role).get(LOG).status_code == wanted


def test_a_pasted_script_tag_is_only_text(desk: Client) -> None:
    record(desk, note="<script>alert(1)</script>")
    page = text(desk.get(LOG))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_card_shows_acts_next_steps_and_timeline(desk: Client) -> None:
    record(desk, "c000004")
    page = text(desk.get(reverse("clients:card", args=["c000004"])))
    assert reverse("contacts:record", args=["c000004"]) in page
    assert "下一步" in page
    assert "采纳" in page
    timeline = text(desk.get(reverse("clients:panel", args=["c000004", "contacts-timeline"])))
    assert "周敏" in timeline
    assert "关心债基回撤" in timeline  # what the run brought


@pytest.mark.parametrize(
    "given",
    [
        {"contacted_at": "0001-01-01T00:00"},
        {"contacted_at": "1926-11-22T15:04"},
        {"promise": "发送季报解读", "promise_due_on": "9999-12-31"},
    ],
)
def test_r230_a_year_mistyped_is_told_and_never_recorded(desk: Client, given: dict[str, str]) -> None:
    """R230: no calendar reaches such a day: recorded once, the client's card could not be shown to anybody."""
    page = record(desk, **given)
    assert page.status_code == 422
    assert "请核对年份" in text(page)
    appointed = desk.post(reverse("contacts:appoint", args=["c000000"]), {"due_on": "2226-11-23"})
    assert appointed.status_code == 422
    assert not Contact.objects.exists()
    assert not WorkItem.objects.exclude(kind="complaint").exists()
    assert desk.get("/clients/c000000/").status_code == 200


def test_r231_the_same_form_sent_twice_is_one_contact(desk: Client) -> None:
    """R231: a second click counts no second contact; another note is another contact."""
    assert record(desk, note="已说明费率").status_code == 302
    assert record(desk, note="已说明费率").status_code == 302
    assert Contact.objects.count() == 1
    assert FirmEntry.objects.filter(verb="contacts.record_contact").count() == 1
    record(desk, note="又来电")
    assert Contact.objects.count() == 2
