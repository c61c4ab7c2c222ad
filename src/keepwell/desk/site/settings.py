"""The desk's settings: eight environment variables and firm.toml, everything else is fixed.

KEEPWELL_DATA          folder of runs, database and keys (default `var`)
KEEPWELL_DATABASE_URL  postgresql://user:password@host:port/name (default: SQLite in the data folder)
KEEPWELL_HOSTS         further host names that may be asked for, with commas (default: loopback only)
KEEPWELL_HTTPS         `1` behind TLS: cookies and redirects then insist on it
KEEPWELL_CLIENT_PAGES  address of the pages for clients, a process of its own (client_pages/settings.py)
KEEPWELL_CLIENT_FIRM, _LICENCE, _COMPLAINTS   as those pages show them: what letters name that staff open
"""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from keepwell.desk.audit.keys import read_or_make
from keepwell.desk.site import storage
from keepwell.desk.site.answers import read_answers

DATA = Path(os.environ.get("KEEPWELL_DATA", "var")).resolve()
HTTPS = os.environ.get("KEEPWELL_HTTPS") == "1"
SECRET_KEY = read_or_make(DATA / "secret_key")
AUDIT_KEY_FILE = DATA / "audit_key"
AUDIT_HEADS = DATA / "audit"
ANSWERS = read_answers(DATA)
DATABASES = {"default": storage.database(os.environ.get("KEEPWELL_DATABASE_URL", ANSWERS.database), DATA)}
FIRM_ADMINISTRATORS = ANSWERS.administrators
FIRM_OWNERS, FIRM_YEARS_KEPT = ANSWERS.owners, ANSWERS.years_kept
FIRM_PACKS = None if ANSWERS.packs == "-" else DATA / ANSWERS.packs
CLIENT_FIRM, CLIENT_LICENCE, CLIENT_COMPLAINTS = (
    os.environ.get(f"KEEPWELL_CLIENT_{name}", "").strip() for name in ("FIRM", "LICENCE", "COMPLAINTS")
)
CLIENT_PAGES = os.environ.get("KEEPWELL_CLIENT_PAGES", "").rstrip("/")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = False
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, os.environ.get("KEEPWELL_HOSTS", "").split(",")),
]
ROOT_URLCONF = "keepwell.desk.site.urls"
WSGI_APPLICATION = "keepwell.desk.site.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "template_partials",
    "keepwell.desk.ui",
    "keepwell.desk.asks",
    "keepwell.desk.audit",
    "keepwell.desk.people",
    "keepwell.desk.generations",
    "keepwell.desk.forms",
    "keepwell.desk.clients",
    "keepwell.desk.gates",
    "keepwell.desk.work",
    "keepwell.desk.assessments",
    "keepwell.desk.books",
    "keepwell.desk.classes",
    "keepwell.desk.contacts",
    "keepwell.desk.identities",
    "keepwell.desk.tour",
    "keepwell.desk.exchange",
]

MIDDLEWARE = [
    "keepwell.desk.ui.middleware.read_to_the_end",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "keepwell.desk.ui.middleware.content_security_policy",
    "keepwell.desk.ui.middleware.plain_requests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "keepwell.desk.people.middleware.preferences",
    "keepwell.desk.ui.middleware.marked_chinese",
    "keepwell.desk.ui.middleware.plain_forms",
    "keepwell.desk.assessments.locking.locked_device",
    "keepwell.desk.generations.middleware.pin_generation",
    "keepwell.desk.ui.middleware.base_currency",
    "keepwell.desk.people.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "keepwell.desk.audit.middleware.RecordRefusals",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "keepwell.desk.ui.context.frame",
            ],
        },
    },
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
]
LOGIN_URL = "people:login"
LOGIN_REDIRECT_URL = "people:home"
LOGOUT_REDIRECT_URL = "people:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "keepwell.desk.people.queries.counted_as"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "keepwell.desk.people.views.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

SESSION_COOKIE_AGE = 10 * 3600  # one working day
SESSION_COOKIE_HTTPONLY = SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "keepwell.desk.ui.views.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = ANSWERS.language
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA / "desk" / "files"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}, "django.request": {"level": "ERROR"}},
}
