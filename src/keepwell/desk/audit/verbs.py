"""What the log's verbs are called; a room's verb without a name is shown as it is written."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_texts: dict[str, str | Promise] = {
    "people.log_in": _("Logged in"),
    "people.log_out": _("Logged out"),
    "people.fail_login": _("Failed to log in"),
    "people.create_user": _("Made a login"),
    "people.change_password": _("Changed the password"),
    "people.save_settings": _("Saved own settings"),
    "clients.read_card": _("Read a client card"),
    "audit.log": _("Opened the audit log"),
    "ui.gallery": _("Opened the gallery"),
}


def register(texts: dict[str, str | Promise]) -> None:
    """Name a room's verbs (call it in `AppConfig.ready`)."""
    _texts.update(texts)


def verb_text(verb: str) -> str:
    """The verb in the reader's language."""
    return str(_texts.get(verb, verb))
