"""More than a page takes is refused on a page of ours, whatever the address and whoever sends it."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keepwell.desk.people.models import User
from keepwell.desk.ui.middleware import LARGEST_UPLOAD

pytestmark = pytest.mark.django_db
FIELDS = {f"field{at}": "1" for at in range(10_000)}
ADDRESSES = ("/login/", "/clients/", "/nowhere/")
SENTENCES = {
    "en": "More was sent than a page takes, so nothing was saved.",
    "zh-hans": "提交的内容超出页面可接收的上限，未保存任何内容。",
}
Enter = Callable[..., Client]


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"host": "localhost"})


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("form", [{"text": "x" * 5_000_000}, FIELDS], ids=["five-megabytes", "fields"])
def test_too_large_a_form_is_refused_without_log_in(
    stranger: Client, form: dict[str, str], language: str, address: str
) -> None:
    stranger.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = stranger.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 413
    assert SENTENCES[language] in page
    assert page.startswith("<!doctype html>")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("language", SENTENCES)
def test_too_large_a_form_is_refused_in_the_language_of_whoever_is_logged_in(
    log_in: Enter, language: str
) -> None:
    admin = log_in("admin")
    User.objects.update(language=language)
    answer = admin.post("/people/new/", {"reason": "x" * 5_000_000})
    assert answer.status_code == 413
    assert SENTENCES[language] in answer.content.decode()


def test_a_form_just_within_bounds_is_read(stranger: Client) -> None:
    """2 MB and a thousand fields reach the page, which answers as always."""
    assert stranger.post("/login/", {"username": "x" * 2_000_000}).status_code == 422
    assert stranger.post("/login/", {f"field{at}": "1" for at in range(1_000)}).status_code == 422


def test_a_file_larger_than_its_page_takes_is_refused_by_the_page(log_in: Enter) -> None:
    """20 MB where 1 MB is asked: the page says how much it takes, in the form and with nothing proposed."""
    admin = log_in("admin")
    large = SimpleUploadedFile("staff.csv", b"x" * 20_000_000)
    answer = admin.post("/people/file/", {"file": large})
    assert answer.status_code == 422
    assert "文件超过 1 MB" in answer.content.decode()


def test_an_upload_larger_than_any_page_takes_is_not_read(stranger: Client) -> None:
    large = SimpleUploadedFile("staff.csv", b"x" * (LARGEST_UPLOAD + 1))
    assert stranger.post("/login/", {"file": large}).status_code == 413


@pytest.mark.parametrize(
    "language, sentence", [("en", "is not as our pages send it"), ("zh-hans", "提交的内容不符合页面格式")]
)
def test_a_form_that_is_none_is_refused_on_a_page_too(stranger: Client, language: str, sentence: str) -> None:
    stranger.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = stranger.post("/login/", b"zzz", content_type="multipart/form-data")
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
