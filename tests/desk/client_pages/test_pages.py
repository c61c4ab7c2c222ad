"""R026, X18: the client alone answers, question by question; a link that does not hold says nothing."""

import datetime as dt
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from pypdf import PdfReader

from keepwell.desk.forms.models import Form, Step
from tests.desk.forms.sheets import MIDDLE, VERSION, answer_all, form_of
from tests.processes import environment, to_its_end

Visitor = Callable[[], Client]
GONE = "链接已失效"
LOADED = """
import sys
import keepwell.desk.client_pages.wsgi, keepwell.desk.client_pages.urls
from django.apps import apps
from django.conf import settings
print(sorted(m.split(".")[2] for m in sys.modules if m.startswith("keepwell.desk.") and m.count(".") == 2))
print(sorted(m._meta.db_table for m in apps.get_models()))
print([m for m in settings.MIDDLEWARE if "session" in m.lower() or "auth" in m.lower()])
"""


def entered(visitor: Visitor, code: str) -> Client:
    """A browser that passed the check."""
    browser = visitor()
    answer = browser.post(f"/f/{code}/", {"tail": MIDDLE})
    assert answer.status_code == 302
    return browser


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_x18_the_process_has_these_addresses_and_no_other(visitor: Visitor) -> None:
    assert {str(entry.pattern).split("/")[0] for entry in get_resolver().url_patterns} == {"f"}
    browser = visitor()
    for path in ("/", "/login/", "/clients/", "/f/", "/me/", "/health/"):
        assert browser.get(path).status_code == 404


def test_x18_each_page_shows_firm_licence_and_complaint_channel_and_is_kept_nowhere(visitor: Visitor) -> None:
    _form, code = form_of()
    browser = visitor()
    for path in (f"/f/{code}/", "/f/nothing/"):
        answer = browser.get(path)
        for told in ("示例证券", "演示000000", "400-000-0000", "12386"):
            assert told in text(answer)
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert answer["X-Frame-Options"] == "DENY"
        assert "script" not in text(answer)


def test_x18_before_the_check_nothing_of_the_client_is_told(visitor: Visitor) -> None:
    form, code = form_of(client_name="欧阳明月")
    browser = visitor()
    assert "欧阳" not in text(browser.get(f"/f/{code}/"))
    for part in ("1/", "all/", "result/"):
        assert browser.get(f"/f/{code}/{part}")["Location"] == f"/f/{code}/"
    assert browser.post(f"/f/{code}/1/", {"answer": "A"}).status_code == 302
    assert form.answers.count() == 0


def test_x18_a_wrong_number_is_told_with_what_is_left_and_closes_the_link_in_the_end(
    visitor: Visitor,
) -> None:
    _form, code = form_of()
    browser = visitor()
    for left in (4, 3, 2, 1):
        answer = browser.post(f"/f/{code}/", {"tail": "1111"})
        assert (answer.status_code, f"还可再试 {left} 次" in text(answer)) == (422, True)
    last = browser.post(f"/f/{code}/", {"tail": "1111"})
    assert (last.status_code, GONE in text(last)) == (404, True)
    assert GONE in text(browser.post(f"/f/{code}/", {"tail": MIDDLE}))


def test_x18_unknown_run_out_and_withdrawn_links_read_the_same(visitor: Visitor) -> None:
    browser = visitor()
    _one, over = form_of("C1", expires_at=timezone.now() - dt.timedelta(minutes=1))
    _two, withdrawn = form_of("C2", state=Form.State.WITHDRAWN)
    pages = {text(browser.get(f"/f/{code}/")) for code in ("unknown", over, withdrawn)}
    assert len(pages) == 1
    assert "请向营业部索取。" in pages.pop()


def test_r026_twenty_questions_one_a_page_then_all_then_the_result(visitor: Visitor) -> None:
    form, code = form_of()
    browser = entered(visitor, code)
    n = len(VERSION.questions)
    for one in VERSION.questions:
        page = text(browser.get(f"/f/{code}/{one.no}/"))
        assert f"{one.no} / {n}" in page
        assert ("上一题" in page) == (one.no > 1)
        assert 'type="checkbox"' in page if one.is_multiple else 'type="radio"' in page
        answer = browser.post(f"/f/{code}/{one.no}/", {"answer": "C"})
        assert answer["Location"] == (f"/f/{code}/{one.no + 1}/" if one.no < n else f"/f/{code}/all/")
    assert "提交" in text(browser.get(f"/f/{code}/all/"))
    assert browser.post(f"/f/{code}/all/")["Location"] == f"/f/{code}/result/"
    told = text(browser.get(f"/f/{code}/result/"))
    for part in (
        "C4 积极型",
        "62 分",
        "60–79",
        "R4 中高风险",
        "如有异议",
        "400-000-0000",
        "张伟",
        "10000001",
        "客户签名",
    ):
        assert part in told, part
    assert not any(mark in told for mark in ("R5 高风险</span>", "最低类别，只能"))
    form.refresh_from_db()
    assert (form.state, form.score) == ("answered", 62)
    assert re.fullmatch(r"[0-9a-f]{32}", form.device_code)


def test_x18_what_is_handed_in_is_handed_in_once(visitor: Visitor) -> None:
    form, code = form_of()
    answer_all(form, "C")
    browser = entered(visitor, code)
    browser.post(f"/f/{code}/all/")
    for path in (f"/f/{code}/1/", f"/f/{code}/all/"):
        assert browser.post(path, {"answer": "A"})["Location"] == f"/f/{code}/result/"
    assert form.answers.get(question_no=1).letters == "C"
    assert entered(visitor, code).get(f"/f/{code}/result/").status_code == 200


def test_r026_a_question_without_an_answer_stays_and_keeps_the_sheet_from_being_handed_in(
    visitor: Visitor,
) -> None:
    form, code = form_of()
    answer_all(form, "C", but=(7,))
    browser = entered(visitor, code)
    for given in ({}, {"answer": "Z"}, {"answer": ["A", "B"]}):
        answer = browser.post(f"/f/{code}/7/", given)
        assert (answer.status_code, "请选择一个答案" in text(answer)) == (422, True)
    sheet = text(browser.get(f"/f/{code}/all/"))
    assert "还有 1 题未作答" in sheet
    assert ">提交<" not in sheet
    refused = browser.post(f"/f/{code}/all/")
    assert (refused.status_code, "第6、33条" in text(refused)) == (409, True)
    assert browser.get(f"/f/{code}/result/")["Location"] == f"/f/{code}/7/"


def test_x18_a_third_test_of_the_day_is_refused_on_the_page_with_its_reason(visitor: Visitor) -> None:
    for _ in range(2):
        form_of(state=Form.State.RECEIVED, answered_at=timezone.now())
    form, code = form_of()
    answer_all(form, "C")
    refused = entered(visitor, code).post(f"/f/{code}/all/")
    assert refused.status_code == 409
    assert "当日测评 3 次，上限 2 次" in text(refused)
    assert Step.objects.filter(what="refused", reason="tests_a_day").count() == 1


def test_x18_one_browser_s_check_opens_no_other_form(visitor: Visitor) -> None:
    _one, mine = form_of("C1")
    _two, other = form_of("C2")
    browser = entered(visitor, mine)
    browser.cookies["kw_form_proof"]["path"] = "/"
    assert browser.get(f"/f/{other}/1/")["Location"] == f"/f/{other}/"


def test_x18_at_the_counter_the_result_is_shown_once_and_the_device_is_given_back(visitor: Visitor) -> None:
    form, code = form_of(way="counter")
    answer_all(form, "C")
    browser = entered(visitor, code)
    browser.post(f"/f/{code}/all/")
    assert "请交还设备" in text(browser.get(f"/f/{code}/result/"))
    assert browser.get(f"/f/{code}/result/")["Location"] == f"/f/{code}/"


def test_r026_both_languages(visitor: Visitor) -> None:
    _form, code = form_of()
    browser = visitor()
    to = browser.post(f"/f/{code}/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert to["Location"] == f"/f/{code}/"
    assert "Middle four digits of your phone number" in text(browser.get(f"/f/{code}/"))


def test_x18_a_form_from_elsewhere_is_refused(visitor: Visitor) -> None:
    _form, code = form_of()
    browser = visitor()
    browser.handler.enforce_csrf_checks = True
    answer = browser.post(f"/f/{code}/", {"tail": MIDDLE})
    assert (answer.status_code, "示例证券" in text(answer)) == (403, True)
    assert browser.delete(f"/f/{code}/").status_code == 405


def test_r199_the_process_loads_no_room_of_the_desk(tmp_path: Path) -> None:
    """In a process of its own: neither people nor clients, no session, no log-in, no key of the desk."""
    told = {"KEEPWELL_CLIENT_FIRM": "a", "KEEPWELL_CLIENT_LICENCE": "b", "KEEPWELL_CLIENT_COMPLAINTS": "c"}
    data = tmp_path / "data"
    data.mkdir()
    said = to_its_end([sys.executable, "-c", LOADED], env={**environment(data), **told}).splitlines()
    assert said == [
        "['client_pages', 'forms']",
        "['forms_answer', 'forms_form', 'forms_step']",
        "[]",
    ]
    assert [path.name for path in data.iterdir()] == ["client_pages_key"]
    assert oct((data / "client_pages_key").stat().st_mode)[-3:] == "600"


def test_r026_the_client_keeps_the_letter_as_a_file(visitor: Visitor) -> None:
    form, code = form_of(client_name="欧阳犇龘")
    browser = entered(visitor, code)
    assert browser.get(f"/f/{code}/letter.pdf")["Location"] == f"/f/{code}/1/"
    answer_all(form, "C")
    browser.post(f"/f/{code}/all/")
    assert f'href="/f/{code}/letter.pdf"' in text(browser.get(f"/f/{code}/result/"))
    answer = browser.get(f"/f/{code}/letter.pdf")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer["Content-Disposition"] == 'attachment; filename="10000001-20261123.pdf"'
    told = "".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    for said in ("欧阳犇龘", "示例证券", "演示000000", "400-000-0000"):
        assert said in told, said
    assert visitor().get(f"/f/{code}/letter.pdf")["Location"] == f"/f/{code}/"
