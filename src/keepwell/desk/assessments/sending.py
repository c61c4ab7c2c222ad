"""What is shown once a link was made: the link, its picture for a phone, the text of an e-mail in both languages."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from keepwell.desk.forms.models import Form

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Letter:
    """A text to be copied into an e-mail."""

    language: str
    subject: str
    body: str


def link_of(code: str) -> str:
    """The address that leads to the form."""
    return f"{settings.CLIENT_PAGES}/f/{code}/"


def picture_of(link: str) -> str:
    """The link as a QR picture within a page: an address of data, which the page's rules allow for pictures."""
    return str(segno.make(link, error="m").svg_data_uri(scale=4, border=3, dark="#000", light="#fff"))


def letters(form: Form, link: str) -> list[Letter]:
    """The e-mail, Chinese first."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            told = {
                "name": form.client_name,
                "link": link,
                "until": timezone.localtime(form.expires_at).strftime("%Y-%m-%d %H:%M"),
                "staff": form.asked_by_name,
                "proof": form.get_proof_kind_display(),
            }
            subject = _("Your risk assessment")
            parts = (
                _("Dear %(name)s,"),
                _("please answer the risk assessment yourself: %(link)s"),
                _(
                    "The link holds until %(until)s, for you alone and for one time. The page asks for the "
                    "%(proof)s. Nobody of the firm may answer for you."
                ),
                "%(staff)s",
            )
            found.append(Letter(language, subject, "\n\n".join(parts) % told))
    return found
