"""What the log's verbs are called; a room's verb without a name is shown as it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keepwell.contract.reasons.refusal_titles import title_of_code
from keepwell.desk.columns import in_reader_language
from keepwell.desk.ui import navigation

_texts: dict[str, str | Promise] = {
    "people.log_in": _("Logged in"),
    "people.log_out": _("Logged out"),
    "people.fail_login": _("Failed to log in"),
    "people.create_user": _("Made a login"),
    "people.change_password": _("Changed the password"),
    "people.save_settings": _("Saved own settings"),
    "clients.read_card": _("Read a client card"),
    "audit.log": _("Opened the audit log"),
    "audit.read_log": _("Searched the audit log"),
    "audit.draw_sample": _("Drew entries at random"),
    "audit.verify_chain": _("Checked the chain"),
    "audit.export_log": _("Took the audit log away"),
    "asks.ask": _("Asked what would be if"),
    "ui.start_job": _("Started a background job"),
    "ui.stop_job": _("Stopped a background job"),
    "ui.finish_job": _("Background job done"),
    "ui.fail_job": _("Background job failed"),
    "ui.fetch_job": _("Fetched a file"),
    "ui.gallery": _("Opened the gallery"),
}


def register(texts: Mapping[str, str | Promise]) -> None:
    """Name a room's verbs (call it in `AppConfig.ready`)."""
    _texts.update(texts)


SUBJECTS: dict[str, str | Promise] = {
    "client": _("client"),
    "user": _("login"),
    "staff": _("staff"),
    "branch": _("branch"),
    "job": _("job"),
    "ask": _("what-if"),
    "export": _("export"),
    "log": _("log"),
    "file": _("file"),
    "run": _("run"),
    "returns": _("returns"),
    "contact": _("contact"),
    "document": _("document"),
    "view": _("view"),
}


def subject_text(kind: str) -> str:
    """What kind of thing an entry is about, in the reader's language."""
    return str(SUBJECTS.get(kind, kind))


def verb_text(verb: str) -> str:
    """The verb in the reader's language; a refused address by the page it is, one without a page by its name."""
    if verb in _texts:
        return str(_texts[verb])
    page = navigation.label_of(verb.replace(".", ":"))
    return (
        gettext("Open “%(page)s”") % {"page": page} if page else gettext("Address %(name)s") % {"name": verb}
    )


def alike(verb: str) -> list[str]:
    """The verb and those that read the same: a refused address and the act it leads to are one thing to a reader."""
    told, known = verb_text(verb), {*_texts, *(url.replace(":", ".") for url in navigation.addresses())}
    return sorted({verb, *(one for one in known if verb_text(one) == told)})


def choices(found: Iterable[str]) -> list[tuple[str, str]]:
    """Verbs to choose from, those that read the same once, in the order of their words."""
    by_words = {verb_text(verb): verb for verb in sorted(found, reverse=True)}
    return sorted(((verb, words) for words, verb in by_words.items()), key=lambda one: one[1])


def reason_text(reason: str) -> str:
    """Why something was refused, in a few words; a code of a later version as it stands."""
    told = title_of_code(reason)
    return in_reader_language(told) if told else reason
