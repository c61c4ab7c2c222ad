"""R242: English pages mark their Chinese texts, and no line begins or ends with a dot."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.safestring import mark_safe

from keepwell.desk.people.models import User
from keepwell.desk.ui.marks import mark_chinese
from keepwell.desk.ui.templatetags.ui import DOT, dots, pill

ZH = 'lang="zh-CN"'


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("<b>张雅</b>", f"<b><span {ZH}>张雅</span></b>"),
        (f"<b {ZH}>张雅</b>", f"<b {ZH}>张雅</b>"),
        ("<td>by 张雅, 2 days</td>", f"<td><span>by <span {ZH}>张雅</span>, 2 days</span></td>"),
        ("<p>守安182天，049期 (SY1)</p>", f"<p><span><span {ZH}>守安182天，049期</span> (SY1)</span></p>"),
        ('<option value="a">张雅</option>', f'<option value="a" {ZH}>张雅</option>'),
        ("<textarea>寄对账单</textarea>", f"<textarea {ZH}>寄对账单</textarea>"),
        ("<title>张雅</title>", "<title>张雅</title>"),
        (
            '<script type="application/json">"张雅"</script>',
            '<script type="application/json">"张雅"</script>',
        ),
        ('<a aria-label="张雅">Open</a>', '<a aria-label="张雅">Open</a>'),
        ("<p>&lt;b&gt;张雅&lt;/b&gt;</p>", f"<p><span>&lt;b&gt;<span {ZH}>张雅</span>&lt;/b&gt;</span></p>"),
    ],
)
def test_r242_chinese_text_is_marked_where_it_stands(page: str, marked: str) -> None:
    """Runs of Chinese alone; what is marked, read as data or an attribute stays; nothing is unescaped."""
    assert mark_chinese(page) == marked


@pytest.mark.django_db
def test_r242_english_pages_are_marked_and_chinese_ones_are_not(log_in: Callable[..., Client]) -> None:
    browser = log_in("manager")
    assert f"<span {ZH}>" not in browser.get("/me/").content.decode()
    User.objects.filter(username="manager").update(language="en")
    page = browser.get("/me/").content.decode()
    assert f"<span {ZH}>{User.objects.get(username='manager').display_name}</span>" in page


def test_r242_dots_stand_between_facts_and_never_inside_a_tag() -> None:
    """What is escaped stays so; a pill's words are set apart alike."""
    assert dots("a · <b>") == f"a{DOT}&lt;b&gt;"
    assert dots(mark_safe('<i title="a · b">a · b</i>')) == f'<i title="a · b">a{DOT}b</i>'
    assert pill("a · b") == f'<span class="kw-pill kw-pill-plain">a{DOT}b</span>'
