"""A desk whose pages can be asked for: plain static addresses, and people of any role."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

PASSWORD = "correct-horse-41"
MakeUser = Callable[..., Any]


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    """Address static files without hashes, hash passwords fast: no test waits for either."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """Make a login of a role; further facts by keyword."""
    from keepwell.desk.people.actions import create_user  # Django is set up after this file is read

    def make(role: str, **facts: Any) -> Any:
        given = {"username": role, "display_name": "周敏", "must_change_password": False, **facts}
        return create_user(role=role, password=PASSWORD, by=None, at=timezone.now(), **given)

    return make


@pytest.fixture
def log_in(make_user: MakeUser) -> Callable[..., Client]:
    """Answer a browser in which someone of the role is logged in."""

    def enter(role: str, **facts: Any) -> Client:
        browser = Client(headers={"host": "localhost"})
        user = make_user(role, **facts)
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return enter
