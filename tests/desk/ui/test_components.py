"""Components: charts hold their table and sentence, data blocks cannot break out, pages go on by keyset."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from keepwell.contract.reasons.refusal_titles import TITLES
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.verdict import ALLOWED, refuse
from keepwell.desk.people.models import Grant, User
from keepwell.desk.ui import charts, navigation, samples
from keepwell.desk.ui.templatetags.ui import DOT, chart, pill


def show(source: str, **context: object) -> str:
    return Template("{% load ui formats i18n %}" + source).render(Context(context))


def test_a_chart_says_its_sentence_and_shows_its_data_as_a_table() -> None:
    figure = charts.axes("It fell.", ["1", "2"], [charts.Series("Assets", [3.5, None])], first="Month")
    with translation.override("en"):
        html = chart(figure, "assets")
    assert 'role="img" aria-label="It fell."' in html
    assert '<td class="num">3.5</td>' in html
    assert '<td class="num">no data</td>' in html
    block = re.search(r'data-chart="(.*?)"', html)
    assert block
    assert json.loads(unescape(block[1]))["series"][0]["values"] == [3.5, None]


def test_a_name_cannot_break_out_of_the_data() -> None:
    html = chart(charts.bars("x", [('"><script>alert(1)</script>', 1)]), "x")
    assert html.count("<script") == 0
    assert html.count('">&lt;script') == 0


@pytest.mark.parametrize("count, lengths", [(5, 2), (1, 3)])
def test_a_chart_refuses_what_nobody_could_read(count: int, lengths: int) -> None:
    with pytest.raises(ValueError, match="series"):
        charts.axes("x", ["1", "2"], [charts.Series("s", [0] * lengths)] * count)


def test_a_refused_button_stays_and_says_why() -> None:
    source = '{% act "Show" verdict "show-phone" "陈志远" %}'
    with translation.override("en"):
        refused = show(source, verdict=refuse(Refusal.PURPOSE))
        allowed = show(source, verdict=ALLOWED)
    assert 'aria-disabled="true" aria-describedby="show-phone-why"' in refused
    assert "Give a purpose or a reason to go on" in refused
    assert 'aria-label="Show 陈志远"' in allowed
    assert "aria-disabled" not in allowed


def test_r004_a_page_without_a_subheading_has_no_empty_line_for_it(log_in: Callable[..., Client]) -> None:
    """R004: nothing stands on a page that says nothing; a page that says something keeps its line."""
    assert show("{% subheading %} \n {% endsubheading %}") == ""
    assert show("{% subheading %}{{ x }}{% endsubheading %}", x="<i>").count("&lt;i&gt;") == 1
    browser = log_in("admin")
    assert "kw-subheading" not in browser.get("/runs/").content.decode()  # before the first run
    page = browser.get("/me/").content.decode()
    assert f'<p class="kw-subheading">周敏{DOT}系统管理员</p>' in page


def test_a_panel_escapes_its_title_and_keeps_its_body() -> None:
    html = show('{% panel title=title %}<p class="x">body</p>{% endpanel %}', title="<b>")
    assert "&lt;b&gt;" in html
    assert '<p class="x">body</p>' in html


def test_a_pill_has_one_of_five_tones() -> None:
    with pytest.raises(ValueError, match="tone"):
        pill("x", "pink")


def test_bars_stay_within_their_line() -> None:
    html = show("{% bar_list items %}", items=[{"label": "a", "share": 1.7, "shown": "170%", "mark": 0.5}])
    assert 'width="100.00%"' in html
    assert 'x1="50.00%"' in html


def test_a_place_needs_a_group_that_exists() -> None:
    page = navigation.Page("audit:log", "x", "audit.read", (navigation.Place("audit", "nowhere", 1),))
    with pytest.raises(ValueError, match="nowhere"):
        navigation.register(page)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_gallery_shows_every_component(log_in: Callable[..., Client], language: str) -> None:
    browser = log_in("admin")
    browser.post("/me/language/", {"language": language})
    page = browser.get("/ui/gallery/").content.decode()
    for name in (
        "kw-panel",
        "kw-figures",
        "kw-pill",
        "kw-table",
        "kw-bars",
        "kw-empty",
        "progress",
        "kw-chart",
        "kw-pager",
    ):
        assert f'class="{name}' in page or f"<{name}" in page, name
    assert " style=" not in page


def test_the_drawer_is_a_part_for_htmx_and_a_page_for_a_link(log_in: Callable[..., Client]) -> None:
    browser = log_in("admin")
    part = browser.get("/ui/gallery/drawer/", headers={"hx-request": "true"})
    whole = browser.get("/ui/gallery/drawer/")
    assert "<html" not in part.content.decode()
    assert "<html" in whole.content.decode()
    assert "HX-Request" in part.headers["Vary"]
    assert "HX-Request" in whole.headers["Vary"]


def test_an_unknown_address_is_told_in_the_words_of_m01(log_in: Callable[..., Client]) -> None:
    answer = log_in("manager").get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到，或不在您的范围内。请核对号码，或问团队长。" in answer.content.decode()


def test_a_page_of_another_role_is_refused_with_its_sentence(log_in: Callable[..., Client]) -> None:
    answer = log_in("manager").get("/ui/gallery/")
    assert answer.status_code == 403
    assert "您的岗位「客户经理」不含此页" in answer.content.decode()
    assert "<title>此页不在您的岗位内" in answer.content.decode()


def test_r199_every_refusal_has_a_title_of_its_own_words() -> None:
    """R199: what the page is called says why it says no, in both languages and in few words."""
    assert sorted(str(one) for one in set(Refusal) - set(TITLES)) == []
    assert all(len(text.en) <= 40 and len(text.zh) <= 14 for text in TITLES.values())


def test_r235_a_refusal_of_four_eyes_is_titled_so_and_leads_back(
    log_in: Callable[..., Client], make_user: Callable[..., User]
) -> None:
    """R235, M12: the title fits the sentence; the first button is the page on which it was pressed."""
    make_user("admin", username="admin2", display_name="王琳")
    browser = log_in("admin")
    new = {"username": "one", "display_name": "陈静", "role": "compliance", "reason": "新入职"}
    new |= {"branch_code": "HQ", "staff_code": "S77"}
    assert browser.post("/people/new/", new).status_code == 302
    asked = Grant.objects.get()
    before = {"referer": "http://localhost/approvals/?kind=people.grant"}
    forced = browser.post(
        f"/people/grants/{asked.pk}/decide/", {"decision": "approve", "version": 1}, headers=before
    )
    said = forced.content.decode()
    assert forced.status_code == 403
    assert "<title>须由另一人同意" in said
    assert "不在您的岗位内" not in said
    assert 'class="btn btn-primary" href="/approvals/?kind=people.grant"' in said
    abroad = {"referer": "https://elsewhere.example/approvals/"}
    address = f"/people/grants/{asked.pk}/decide/"
    assert "elsewhere" not in browser.post(address, {"decision": "approve"}, headers=abroad).content.decode()


def test_the_gallery_is_no_entry_of_the_menu_and_stays_where_it_was(log_in: Callable[..., Client]) -> None:
    browser = log_in("admin")
    page = browser.get("/me/")
    assert "/ui/gallery/" not in {
        entry.url for _label, group in page.context["navigation"] for entry in group
    }
    assert 'href="/ui/gallery/"' in page.content.decode().partition("<main")[2]
    assert browser.get("/ui/gallery/").status_code == 200
    assert 'href="/ui/gallery/"' not in log_in("manager").get("/me/").content.decode().partition("<main")[2]


def test_a_failure_is_told_without_asking_the_database(
    log_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = log_in("admin")
    browser.raise_request_exception = False
    monkeypatch.setattr(samples, "gallery", lambda: 1 / 0)
    answer = browser.get("/ui/gallery/")
    assert answer.status_code == 500
    assert "数据没有改动" in answer.content.decode()
