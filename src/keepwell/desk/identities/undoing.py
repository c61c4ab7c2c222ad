"""「撤销」 beside what was just recorded: a form in the toast, which needs no other page."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

HIDDEN = '<input type="hidden" name="{}" value="{}">'


def undoable(request: HttpRequest, said: str, address: str, given: Mapping[str, str]) -> SafeString:
    """What was recorded, with a button that posts `given` to the address which takes it back."""
    fields = {"csrfmiddlewaretoken": get_token(request), **given}
    return format_html(
        '{} <form method="post" action="{}" class="kw-undo">{}<button class="kw-plain" data-undo>{}</button></form>',
        said,
        address,
        format_html_join("", HIDDEN, fields.items()),
        _("Undo"),
    )
