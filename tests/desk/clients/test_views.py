"""R194: saved views of the list: private, shared with the team, pinned; everyone sees their own clients by them."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from keepwell.desk.audit.models import ENTRIES
from keepwell.desk.clients.acted import RecentClient, SavedView
from tests.desk.conftest import WORKERS

CARD = re.compile(r'href="/clients/(c\d{6})/"')


def save(browser: Client, **given: str) -> object:
    facts = {"name": "犹豫的客户", "reach": "team", "query": "activity_state=hesitating", **given}
    return browser.post("/clients/views/save/", facts)


def test_a_team_view_shows_each_their_own_clients(
    at_work: Callable[[str], Client], log_in: Callable[..., Client]
) -> None:
    leader = at_work("team_leader")
    assert save(leader).status_code == 302
    entry = ENTRIES["firm"].objects.get(verb="clients.save_view")
    assert entry.payload == {"name": "犹豫的客户", "query": "activity_state=hesitating", "reach": "team"}
    manager = log_in("manager", **WORKERS["manager"])
    body = manager.get("/clients/").content.decode()
    assert "犹豫的客户" in body
    theirs = CARD.findall(manager.get("/clients/?activity_state=hesitating").content.decode())
    all_of_team = CARD.findall(leader.get("/clients/?activity_state=hesitating").content.decode())
    assert theirs
    assert set(theirs) < set(all_of_team)
    adviser = log_in("adviser", **WORKERS["adviser"])
    assert "犹豫的客户" not in adviser.get("/clients/").content.decode()  # another team


def test_a_view_needs_a_name(at_work: Callable[[str], Client]) -> None:
    page = save(at_work("team_leader"), name="  ")
    assert page.status_code == 422
    assert "请写视图名，组员靠它找到。" in page.content.decode()
    assert not SavedView.objects.exists()


def test_r194_filters_too_long_for_a_view_are_refused_with_their_length(
    at_work: Callable[[str], Client],
) -> None:
    """R194: a view holds 1,000 letters of filters; more is said with the number found, and is logged."""
    browser = at_work("branch_head")
    query = "&".join(
        f"manager={n:02d}{'王' * 14}" for n in range(12)
    )  # each 王 takes nine letters in an address
    page = save(browser, query=query, reach="private")
    assert page.status_code == 422
    assert "这组筛选共 1,643 个字符" in page.content.decode()
    assert "一个视图最多 1,000 个" in page.content.decode()
    assert not SavedView.objects.exists()
    assert ENTRIES["firm"].objects.get(outcome="refused").reason == "view_too_long"
    fits = "&".join(query.split("&")[:7])
    assert save(browser, query=fits, reach="private").status_code == 302
    assert 900 < len(SavedView.objects.get().query) <= 1000


def test_aml_officers_keep_views_for_themselves_and_their_log(at_work: Callable[[str], Client]) -> None:
    browser = at_work("aml_branch")
    before = ENTRIES["firm"].objects.count()
    assert save(browser, reach="team", query="document=expired").status_code == 422
    assert save(browser, reach="private", query="document=expired&grade=strategic").status_code == 302
    assert SavedView.objects.get().query == "document=expired"
    assert ENTRIES["firm"].objects.count() == before
    assert ENTRIES["aml"].objects.filter(verb="clients.save_view").count() == 1


def test_pinning_and_deleting(at_work: Callable[[str], Client], log_in: Callable[..., Client]) -> None:
    leader = at_work("team_leader")
    save(leader)
    view = SavedView.objects.get()
    assert leader.post(f"/clients/views/{view.pk}/pin/", {"pinned": "1"}).status_code == 302
    assert "★" in leader.get("/clients/").content.decode()
    manager = log_in("manager", **WORKERS["manager"])
    assert "★" not in manager.get("/clients/").content.decode()
    assert manager.post(f"/clients/views/{view.pk}/delete/").status_code == 404
    stranger = log_in("counter", **WORKERS["counter"])
    assert stranger.post(f"/clients/views/{view.pk}/pin/", {"pinned": "1"}).status_code == 404
    assert leader.post(f"/clients/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "query", ["assets=0&assets=500", "contact=90", "contact=never", "document=expired", "client_kind=person"]
)
def test_filters_by_condition_narrow_the_list(at_work: Callable[[str], Client], query: str) -> None:
    browser = at_work("hq_brokerage")
    page = browser.get(f"/clients/?{query}")
    assert page.status_code == 200
    every = browser.get("/clients/").content.decode()
    assert set(CARD.findall(page.content.decode())) <= set(CARD.findall(every)) or "after=" in every


def test_bands_of_assets_hold_what_they_say(at_work: Callable[[str], Client]) -> None:
    from keepwell.desk.clients.models import ClientLine

    browser = at_work("hq_brokerage")
    browser.get("/clients/")
    shown = CARD.findall(browser.get("/clients/?assets=100").content.decode())
    lines = ClientLine.objects.in_bulk(shown)
    assert shown
    assert all(1_000_000 <= line.assets_amount < 5_000_000 for line in lines.values())


def test_the_palette_shows_the_latest_and_what_is_found(at_work: Callable[[str], Client]) -> None:
    browser = at_work("team_leader")
    browser.get("/clients/c000009/")
    assert RecentClient.objects.get().client_id == "c000009"
    assert "/clients/c000009/" in browser.get("/clients/palette/").content.decode()
    found = browser.post("/clients/palette/", {"q": "chenzhiyuan"}).content.decode()
    assert "/clients/c000000/" in found
    assert "陈志远" not in str(ENTRIES["firm"].objects.filter(verb="clients.search").values_list("payload"))


def test_r194_the_palette_records_a_contact_of_a_client(at_work: Callable[[str], Client]) -> None:
    """R194: for whoever may record: of the client whose page is open, and of a client that was searched for."""
    manager = at_work("manager")
    found = manager.post("/clients/palette/", {"q": "chenzhiyuan"}).content.decode()
    option = re.search(r'data-go="([^"]+)"><span>记录联系</span><span class="kw-small">陈志远</span>', found)
    assert option
    assert manager.get(option[1]).status_code == 200
    assert (
        "记录联系" not in manager.get("/clients/palette/").content.decode()
    )  # those opened lately stand alone
    for place in ("/clients/c000000/", "/clients/c000000/holdings/", "/clients/c000000/reveal/phone/"):
        assert f'data-go="{option[1]}"' in manager.get(place).content.decode(), place
    assert f'data-go="{option[1]}"' not in manager.get("/clients/").content.decode()


@pytest.mark.parametrize("role", ["compliance", "audit", "aml_hq", "hq_brokerage"])
def test_r199_others_are_not_offered_it(at_work: Callable[[str], Client], role: str) -> None:
    """R199: never for this role is no option."""
    browser = at_work(role)
    assert "记录联系" not in browser.get("/clients/c000000/").content.decode()
    assert "记录联系" not in browser.post("/clients/palette/", {"q": "chenzhiyuan"}).content.decode()


def test_how_it_is_ordered_is_told(at_work: Callable[[str], Client]) -> None:
    assert "从大到小" in at_work("manager").get("/clients/order/").content.decode()


def test_r231_a_script_pasted_as_a_views_name_is_only_text(at_work: Callable[[str], Client]) -> None:
    """R231: in the leader's list and in what the log keeps it is what was typed, and nothing runs."""
    leader = at_work("team_leader")
    assert save(leader, name="<script>alert(1)</script>").status_code == 302
    page = leader.get("/clients/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
