"""The rows of a search's answer. Each is one format string and no template: searching is what people wait for most."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from keepwell.desk.clients.models import ClientLine
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.ui.templatetags.formats import list_amount, unknown

DOT = mark_safe('<span class="kw-dot" aria-hidden="true">·</span>')
NAME = '<tr data-row><th scope="row"><a href="{}"{}>{}</a></th>'
PHONE = '<td class="kw-nowrap kw-cell-bare" data-label="{}">{}</td>'
CLASS = '<td class="kw-nowrap kw-cell-bare" data-label="{}">{}{}{}</td>'
KIND = '<td data-label="{}">{}</td>'
ASSETS = '<td class="num" data-label="{}">{}</td>'
MANAGER = '<td class="kw-nowrap" data-label="{}"{}>{}</td>'
BRANCH = '<td class="kw-cell-full" data-label="{}"{}>{}</td></tr>'
SERVED = NAME + PHONE + CLASS + ASSETS + MANAGER + BRANCH
UNSERVED = NAME + PHONE + KIND + ASSETS + BRANCH


def rows(lines: Sequence[ClientLine], *, user: User, service: bool, chinese: str) -> SafeString:
    """A table row each: name, phone, class (or kind, for who sees no service), assets, manager, branch.

    ``chinese`` is the attribute that marks Chinese words on a page of another language, or nothing.
    """
    made = (_served if service else _unserved)(lines, user.sees_names, chinese)
    return mark_safe("".join(made))  # noqa: S308  each part is escaped by format_html


def _served(lines: Sequence[ClientLine], sees_names: bool, chinese: str) -> list[str]:
    phone, of_class, assets = gettext("Phone"), gettext("Class"), gettext("Assets")
    manager, branch = gettext("Manager"), gettext("Branch")
    nobody, not_delivered = gettext("nobody"), gettext("Not delivered")
    return [
        format_html(
            SERVED,
            *(line.get_absolute_url(), chinese, _name(line, sees_names)),
            *(phone, unknown(line.phone_masked)),
            *(of_class, *_class(line)),
            *(assets, list_amount(line.assets_amount, not_delivered)),
            *(manager, chinese if line.manager_name else "", unknown(line.manager_name, nobody)),
            *(branch, chinese, line.branch_name),
        )
        for line in lines
    ]


def _unserved(lines: Sequence[ClientLine], sees_names: bool, chinese: str) -> list[str]:
    phone, kind, assets, branch = gettext("Phone"), gettext("Kind"), gettext("Assets"), gettext("Branch")
    not_delivered = gettext("Not delivered")
    return [
        format_html(
            UNSERVED,
            *(line.get_absolute_url(), chinese, _name(line, sees_names)),
            *(phone, unknown(line.phone_masked)),
            *(kind, line.get_client_kind_display()),
            *(assets, list_amount(line.assets_amount, not_delivered)),
            *(branch, chinese, line.branch_name),
        )
        for line in lines
    ]


def _name(line: ClientLine, sees_names: bool) -> str:
    return line.client_name if sees_names else formats.mask_name(line.client_name)


def _class(line: ClientLine) -> tuple[str, str, str]:
    if not line.grade:
        return line.get_population_display(), "", ""
    return line.get_grade_display(), DOT, line.get_service_type_display()
