"""R004, R199, R233, R235: the boards, files and late dates of identities tell nobody more than their own."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils.http import urlencode

from keepwell.contract.codes import Role
from keepwell.desk.identities.models import Extension
from keepwell.desk.identities.remediation import exporting
from keepwell.desk.people.models import User

QUALITY, REMEDIATION = "/identities/quality/", "/identities/remediation/"
EXPIRED = {"key": "document_expired/c000057/0123456789ab"}


def figures(browser: Client, address: str) -> list[str]:
    return [one["value"] for one in browser.get(address).context["figures"]]


def test_r004_a_login_of_a_branch_that_lacks_its_branch_reads_no_figures_of_the_firm(
    log_in: Callable[..., Client], firm_run: Any
) -> None:
    stray = log_in("counter", branch_code="", staff_code="S05")
    assert set(figures(stray, QUALITY)) <= {"0", "0.0"}
    assert set(figures(stray, REMEDIATION)) <= {"0", "0.0"}


def test_r233_a_file_of_an_unknown_branch_is_not_that_of_the_firm(
    log_in: Callable[..., Client], firm_run: Any
) -> None:
    """Whoever lets it go reads what the file is said to be: it holds that, and nothing else."""
    log_in("hq_brokerage", username="hq")
    hq = User.objects.get(username="hq")
    assert exporting.count(hq, "", 1000) > 0
    assert exporting.count(hq, "branch=B99", 1000) == 0
    assert list(exporting.rows(hq, "branch=B99")) == []
    assert "B99" not in exporting.told("branch=B99 已获总部批准")


def test_r233_a_branchs_file_is_never_said_to_be_of_another(
    log_in: Callable[..., Client], firm_run: Any
) -> None:
    log_in("branch_head", branch_code="B01", staff_code="S04")
    head = User.objects.get(username="branch_head")
    assert exporting.count(head, "branch=B01", 1000) == exporting.count(head, "", 1000) > 0
    assert exporting.count(head, "branch=B02", 1000) == 0


def test_r235_a_later_date_is_withdrawn_by_its_proposer_from_any_login_of_theirs(
    at_work: Callable[..., Client], log_in: Callable[..., Client]
) -> None:
    counter = at_work("counter")
    given = {**EXPIRED, "to_on": "2026-12-15", "reason": "客户回国后办理"}
    assert counter.post("/identities/conflicts/extend/", given).status_code == 302
    row = Extension.objects.get()
    twin = log_in("branch_head", username="twin", branch_code="B01", staff_code="S05")
    decided = {"decision": "approve", "version": row.version, "reason": "同意"}
    assert twin.post(f"/identities/extensions/{row.pk}/decide/", decided).status_code == 403  # one person
    desk = log_in("service_desk", username="also", branch_code="B01", staff_code="S05")
    assert desk.post(f"/identities/extensions/{row.pk}/withdraw/").status_code == 302
    assert Extension.objects.get().state == "withdrawn"


HUGE = "99999999999999999999"
KEY = urlencode(EXPIRED)
PAGES = {  # who may open it at all; the service desk of headquarters is "steward"
    REMEDIATION: {"branch_head", "counter", "service_desk", "hq_brokerage", "steward"},
    QUALITY: {"branch_head", "counter", "service_desk", "hq_brokerage", "steward"},
    "/identities/conflicts/guests/": {"branch_head", "counter", "service_desk", "steward"},
    f"/identities/conflicts/one/?{KEY}": {"branch_head", "counter", "service_desk", "steward"},
    "/identities/write-back/": {"steward"},
}
ACTS = {
    "/identities/write-back/1/fetch/": {"steward"},
    "/identities/write-back/1/answer/": {"steward"},
    "/identities/write-back/1/again/": {"steward"},
    "/identities/conflicts/again/": {"counter", "service_desk"},
    "/identities/conflicts/extend/": {"counter", "service_desk"},
    "/identities/extensions/1/decide/": {"branch_head"},
    "/identities/extensions/1/withdraw/": {"counter", "service_desk"},
    "/identities/pairs/1/undo/": {"service_desk", "steward"},
    "/identities/pairs/1/undo/second/": {"hq_brokerage"},
    "/people/grants/1/withdraw/": {"admin"},
}


def test_r199_each_page_and_act_is_open_to_its_roles_alone(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    """What is refused is 403; what nothing of the kind is there for is 404."""
    browsers = {str(role): at_work(str(role)) for role in Role}
    browsers["steward"] = log_in(
        "service_desk", username="steward", display_name="总部核对", branch_code="HQ"
    )
    pages = {
        (path, role): browser.get(path).status_code for path in PAGES for role, browser in browsers.items()
    }
    assert {key for key, status in pages.items() if status != 403} == {
        (path, role) for path, roles in PAGES.items() for role in roles
    }
    acts = {
        (path, role): browser.post(path).status_code for path in ACTS for role, browser in browsers.items()
    }
    assert {key: status for key, status in acts.items() if status != 403} == {
        (path, role): 404 for path, roles in ACTS.items() for role in roles
    }
    assert {browsers["steward"].get(path).status_code for path in ACTS} <= {403, 405}


def test_r199_what_no_form_sends_is_no_mistake_of_the_desk(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    steward = log_in("service_desk", username="steward", display_name="总部核对", branch_code="HQ")
    counter = at_work("counter")
    for browser in (steward, counter):
        for path in (REMEDIATION, QUALITY, "/identities/conflicts/guests/", "/identities/write-back/"):
            for asked in (
                {"after": "e30"},
                {"after": "%%"},
                {"branch": "B01' OR 1=1", "kind": "x", "past": "2"},
            ):
                assert browser.get(path, asked).status_code in {200, 400, 403, 404}
    for path in (f"write-back/{HUGE}/", f"write-back/{HUGE}/fetch/", f"extensions/{HUGE}/decide/"):
        assert steward.post(f"/identities/{path}", {"purpose": "x"}).status_code in {403, 404, 405}
    for to_on in ("2026-13-45", "9999-12-31", "0001-01-01", "", "x" * 500):
        given = {**EXPIRED, "to_on": to_on, "reason": "客户在外地"}
        assert counter.post("/identities/conflicts/extend/", given).status_code == 403
    assert not Extension.objects.exists()


def test_r235_one_person_with_a_login_without_staff_number_is_not_two(
    at_work: Callable[..., Client], log_in: Callable[..., Client]
) -> None:
    bare = log_in("counter", branch_code="B01", staff_code="", display_name="周 敏")
    given = {**EXPIRED, "to_on": "2026-12-15", "reason": "客户回国后办理"}
    assert bare.post("/identities/conflicts/extend/", given).status_code == 302
    row = Extension.objects.get()
    decided = {"decision": "approve", "version": row.version, "reason": "同意"}
    address = f"/identities/extensions/{row.pk}/decide/"
    assert at_work("branch_head").post(address, decided).status_code == 403  # 周敏 again
    other = log_in("branch_head", username="other", branch_code="B01", staff_code="S09", display_name="何宁")
    assert other.post(address, decided).status_code == 302
