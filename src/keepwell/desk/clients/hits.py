"""The rows of a search's answer: no template, and of each row only what is its own is made and escaped.

Searching is what people wait for most.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from keepwell.desk.clients.models import ClientLine
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats
from keepwell.desk.ui.templatetags.formats import unknown

# What is single is the page's, what is doubled the row's.
NAME = '<tr data-row><th scope="row"><a href="{{}}"{}>{{}}</a></th>'
PHONE = '<td class="kw-nowrap kw-cell-bare" data-label="{}">{{}}</td>'
CLASS = '<td class="kw-nowrap kw-cell-bare" data-label="{}">{{}}</td>'
KIND = '<td data-label="{}">{{}}</td>'
ASSETS = '<td class="num" data-label="{}">{{}}</td>'
MANAGER = '<td class="kw-nowrap" data-label="{}"{{}}>{{}}</td>'
BRANCH = '<td class="kw-cell-full" data-label="{}"{}>{{}}</td></tr>'
DOT = '<span class="kw-dot" aria-hidden="true">·</span>'
AMOUNT = '<data value="{}" title="{}">{}</data>'


def rows(lines: Sequence[ClientLine], *, user: User, service: bool, chinese: str) -> SafeString:
    """A table row each: name, phone, class (or kind, for who sees no service), assets, manager, branch.

    ``chinese`` is the attribute that marks Chinese words on a page of another language, or nothing.
    """
    row = _served(chinese) if service else _unserved(chinese)
    nobody, undelivered = str(unknown("", gettext("nobody"))), str(unknown("", gettext("Not delivered")))
    language = get_language() or "zh-hans"
    made: list[str] = []
    for line in lines:
        name = line.client_name if user.sees_names else formats.mask_name(line.client_name)
        amount = undelivered if line.assets_amount is None else _amount(line, language)
        said = [line.get_absolute_url(), escape(name), _told(line.phone_masked)]
        said += [_class(line) if service else escape(line.get_client_kind_display()), amount]
        if service:
            said += [chinese, escape(line.manager_name)] if line.manager_name else ["", nobody]
        made.append(row.format(*said, escape(line.branch_name)))
    return mark_safe("".join(made))  # noqa: S308  each part is escaped above


def _served(chinese: str) -> str:
    labels = (gettext("Phone"), gettext("Class"), gettext("Assets"), gettext("Manager"), gettext("Branch"))
    return format_html(NAME + PHONE + CLASS + ASSETS + MANAGER + BRANCH, chinese, *labels, chinese)


def _unserved(chinese: str) -> str:
    labels = (gettext("Phone"), gettext("Kind"), gettext("Assets"), gettext("Branch"))
    return format_html(NAME + PHONE + KIND + ASSETS + BRANCH, chinese, *labels, chinese)


def _told(value: str | None) -> str:
    return escape(value) if value else str(unknown(value))


def _amount(line: ClientLine, language: str) -> str:
    exact = formats.exact(line.assets_amount, language)
    shown = formats.amount(line.assets_amount, language, is_list=True)
    return AMOUNT.format(line.assets_amount, escape(exact), escape(shown))


def _class(line: ClientLine) -> str:
    if not line.grade:
        return escape(line.get_population_display())
    return f"{escape(line.get_grade_display())}{DOT}{escape(line.get_service_type_display())}"
