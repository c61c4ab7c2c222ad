"""R199: nobody but by a log-in; locked out after failures; one's language and theme kept."""

from collections.abc import Callable

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from keepwell.desk.audit.models import AmlEntry, FirmEntry
from keepwell.desk.people.models import User
from tests.desk.conftest import PASSWORD

OPEN = {"people:login", "people:language", "people:theme"}


def plain_names(resolver: URLResolver, space: str = "") -> list[str]:
    """Names of the addresses that take no argument."""
    names: list[str] = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            names += plain_names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and not entry.pattern.regex.groups:
            names.append(f"{space}{entry.name}")
    return names


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "localhost"})


def enter(browser: Client, username: str, password: str = PASSWORD) -> int:
    return browser.post("/login/", {"username": username, "password": password}).status_code


@pytest.mark.django_db
def test_every_page_asks_for_a_login(browser: Client) -> None:
    names = plain_names(get_resolver())
    assert "audit:log" in names
    for name in names:
        if name in OPEN:
            continue
        answer = browser.get(reverse(name))
        assert (answer.status_code, answer.headers.get("Location", "")[:7]) == (302, "/login/"), name


@pytest.mark.django_db
def test_htmx_is_sent_to_the_login_as_a_whole(browser: Client) -> None:
    answer = browser.get("/audit/log/", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/login/")


def test_a_login_and_a_logout_leave_traces(browser: Client, make_user: Callable[..., User]) -> None:
    make_user("manager")
    assert enter(browser, "manager") == 302
    browser.post("/logout/")
    assert list(FirmEntry.objects.order_by("id").values_list("verb", flat=True))[-2:] == [
        "people.log_in",
        "people.log_out",
    ]
    assert browser.get("/me/").status_code == 302


def test_an_aml_officers_login_stays_in_the_aml_log(browser: Client, make_user: Callable[..., User]) -> None:
    make_user("aml_branch")
    enter(browser, "aml_branch", "wrong")
    enter(browser, "aml_branch")
    assert set(AmlEntry.objects.values_list("verb", flat=True)) == {"people.fail_login", "people.log_in"}
    assert not FirmEntry.objects.exclude(verb="people.create_user").exists()


def test_five_failures_close_the_door_even_for_the_right_password(
    browser: Client, make_user: Callable[..., User]
) -> None:
    make_user("manager")
    answers = [enter(browser, "manager", "wrong") for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert answers[:4] == [422] * 4
    closed = browser.post("/login/", {"username": "manager", "password": PASSWORD})
    assert closed.status_code == 429
    assert "已暂停 15 分钟" in closed.content.decode()
    assert "sessionid" not in browser.cookies


def test_no_other_spelling_of_the_name_opens_the_door_again(
    browser: Client, make_user: Callable[..., User]
) -> None:
    make_user("manager")
    spellings = ["manager", "MANAGER", "Manager", " manager", "ｍanager"]
    assert len(spellings) == settings.AXES_FAILURE_LIMIT
    for spelling in spellings:
        enter(browser, spelling, "wrong")
    assert [enter(browser, spelling) for spelling in ("manager", "maNager")] == [429, 429]


def test_what_was_typed_for_a_user_name_is_not_kept(browser: Client, make_user: Callable[..., User]) -> None:
    make_user("manager")
    enter(browser, "my-secret-password")
    assert FirmEntry.objects.get(verb="people.fail_login").subject_id == ""
    assert "my-secret-password" not in str(list(AccessAttempt.objects.values_list()))


def test_a_given_password_must_be_changed_first(browser: Client, make_user: Callable[..., User]) -> None:
    make_user("compliance", must_change_password=True)
    enter(browser, "compliance")
    assert browser.get("/audit/log/").headers["Location"] == "/me/password/"
    short = {"old": PASSWORD, "new": "12345", "again": "12345"}
    assert browser.post("/me/password/", short).status_code == 422
    same = {"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}
    assert browser.post("/me/password/", same).status_code == 422
    right = {"old": PASSWORD, "new": "winter-garden-72", "again": "winter-garden-72"}
    assert browser.post("/me/password/", right).status_code == 302
    assert browser.get("/audit/log/").status_code == 200


@pytest.mark.django_db
def test_chinese_comes_first_and_english_is_one_click_away(browser: Client) -> None:
    page = browser.get("/login/", headers={"accept-language": "de, en"})
    assert '<html lang="zh-CN"' in page.content.decode()
    browser.post("/me/language/", {"language": "en", "next": "/login/"})
    assert '<html lang="en"' in browser.get("/login/").content.decode()


def test_language_and_theme_stay_with_the_user(log_in: Callable[..., Client]) -> None:
    browser = log_in("admin")
    browser.post("/me/language/", {"language": "en"})
    browser.post("/me/theme/", {"theme": "dark"})
    user = User.objects.get()
    assert (user.language, user.theme) == ("en", "dark")
    page = browser.get("/me/").content.decode()
    assert '<html lang="en" data-theme="dark" data-bs-theme="dark">' in page
    assert "My settings" in page


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:x"])
def test_no_form_sends_people_elsewhere(log_in: Callable[..., Client], wanted: str) -> None:
    answer = log_in("admin").post("/me/theme/", {"theme": "dark", "next": wanted})
    assert answer.headers["Location"] == "/"


@pytest.mark.django_db
def test_pages_carry_the_strict_policy(browser: Client) -> None:
    policy = browser.get("/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
