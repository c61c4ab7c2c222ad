"""The pages for clients under their own settings, on the tests' database."""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches
from django.utils import translation

TOLD = {"FIRM": "示例证券", "LICENCE": "演示000000", "COMPLAINTS": "400-000-0000"}
TAKEN = (
    "ROOT_URLCONF", "INSTALLED_APPS", "MIDDLEWARE", "TEMPLATES", "CSRF_FAILURE_VIEW", "CSRF_COOKIE_NAME",
    "LANGUAGE_COOKIE_NAME", "LANGUAGE_COOKIE_HTTPONLY", "LANGUAGE_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY",
    "ALLOWED_HOSTS", "FIRM", "LICENCE", "COMPLAINTS", "FIRM_PACKS", "CALENDAR", "HTTPS", "SECURE_REFERRER_POLICY",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
)  # fmt: skip


@pytest.fixture
def visitor(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[], Client]]:
    """Make a browser of somebody who knows the desk not at all."""
    monkeypatch.setenv("KEEPWELL_CLIENT_KEY", str(tmp_path / "client_pages_key"))
    for name, value in TOLD.items():
        monkeypatch.setenv(f"KEEPWELL_CLIENT_{name}", value)
    own = importlib.import_module("keepwell.desk.client_pages.settings")
    for name in TAKEN:
        setattr(settings, name, getattr(own, name))
    clear_url_caches()
    yield lambda: Client(headers={"host": "localhost"}, enforce_csrf_checks=False)
    clear_url_caches()
    translation.deactivate()  # Django's own middleware leaves the visitor's language behind
