"""Settings of the process of the pages for clients; it shares no key, session or address with the desk.

KEEPWELL_CLIENT_DATABASE_URL  postgresql://… of the role that `manage client_pages_role` made
KEEPWELL_DATA                 without it: the folder of the desk's SQLite file (then only the process parts the two)
KEEPWELL_CLIENT_KEY           file of this process's own key (default `client_pages_key` in KEEPWELL_DATA)
KEEPWELL_CLIENT_HOSTS         host names it answers to, with commas (default: loopback only)
KEEPWELL_CLIENT_FIRM, _LICENCE, _COMPLAINTS   what each page shows; it does not start without them
KEEPWELL_CLIENT_PACKS         folder of the firm's own packs, if it has any; _CALENDAR as the runs' (default `cn`)
KEEPWELL_HTTPS                `1` behind TLS
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from keepwell.desk.client_pages.keys import read_or_make


def _told(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: every page for clients shows it")
    return value


FIRM = _told("KEEPWELL_CLIENT_FIRM")
LICENCE = _told("KEEPWELL_CLIENT_LICENCE")
COMPLAINTS = _told("KEEPWELL_CLIENT_COMPLAINTS")
DATA = Path(os.environ.get("KEEPWELL_DATA", "var")).resolve()
HTTPS = os.environ.get("KEEPWELL_HTTPS") == "1"
SECRET_KEY = read_or_make(Path(os.environ.get("KEEPWELL_CLIENT_KEY", DATA / "client_pages_key")))
_packs = os.environ.get("KEEPWELL_CLIENT_PACKS", "")
FIRM_PACKS = Path(_packs) if _packs else None
CALENDAR = os.environ.get("KEEPWELL_CLIENT_CALENDAR", "cn")

_url = urlsplit(os.environ.get("KEEPWELL_CLIENT_DATABASE_URL", ""))
if _url.scheme not in {"", "postgresql", "postgres"}:
    raise ImproperlyConfigured(
        f"KEEPWELL_CLIENT_DATABASE_URL begins with {_url.scheme!r}; allowed: postgresql://"
    )
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.path.lstrip("/"),
        "USER": unquote(_url.username or ""),
        "PASSWORD": unquote(_url.password or ""),
        "HOST": _url.hostname or "",
        "PORT": str(_url.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    if _url.scheme
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "desk.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = False
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    *filter(None, os.environ.get("KEEPWELL_CLIENT_HOSTS", "").split(",")),
]
ROOT_URLCONF = "keepwell.desk.client_pages.urls"
WSGI_APPLICATION = "keepwell.desk.client_pages.wsgi.application"
INSTALLED_APPS = ["django.contrib.staticfiles", "keepwell.desk.forms", "keepwell.desk.client_pages"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "keepwell.desk.client_pages.middleware.closed",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "keepwell.desk.client_pages.firm.shown",
            ],
        },
    },
]
CSRF_FAILURE_VIEW = "keepwell.desk.client_pages.views.stale"
CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "kw_form_token", "kw_form_language"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE, DATA_UPLOAD_MAX_NUMBER_FIELDS, DATA_UPLOAD_MAX_NUMBER_FILES = 16_384, 40, 0

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},  # a code is no text for a log
}
