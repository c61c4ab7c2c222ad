"""R004, R199, R233, R235: the boards, files and late dates of identities tell nobody more than their own."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from keepwell.desk.identities import exporting
from keepwell.desk.identities.mending import Extension
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
