"""Components: `{% load ui %}`. Panels and tables are blocks, the rest are inclusion tags."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from keepwell.contract.verdict import Verdict
from keepwell.desk.ui.charts import Chart
from keepwell.desk.ui.templatetags.formats import text

register = template.Library()
TONES = ("plain", "accent", "warning", "good", "bad")
DOT = '<span class="kw-dot" aria-hidden="true">·</span>'
TAG_OR_DOT = re.compile(r"(<[^>]*>)|\s+·\s+")


@register.filter
def dots(value: object) -> SafeString:
    """Facts set apart by dots: each dot goes where its line breaks, so that no line begins or ends with one."""
    escaped = conditional_escape(str(value))  # what is safe stays safe: its text is itself
    told = TAG_OR_DOT.sub(lambda found: found[1] or DOT, escaped)
    return mark_safe(told)  # noqa: S308  escaped above, and the dot is our own


@register.simple_block_tag
def panel(  # one argument per place a panel has
    content: str,
    title: object = "",
    meaning: object = "",
    link: str = "",
    link_text: object = "",
    flush: bool = False,
    drawer: bool = False,
) -> str:
    """`{% panel title=_("Assets") meaning=_("12 months") %}…{% endpanel %}`: `flush` for tables and lists.

    At the right stands its meaning, or the link (`怎么算的`), or both; with `drawer` the link opens beside the page.
    """
    context = {
        "content": content,
        "title": title,
        "meaning": meaning,
        "link": link,
        "link_text": link_text,
        "flush": flush,
        "drawer": drawer,
    }
    return render_to_string("ui/parts/panel.html", context)


@register.simple_block_tag
def warning(content: str, title: object = "") -> str:
    """Facts with numbers, then what to do: an amber bar."""
    head = format_html("<strong>{}</strong> ", title) if title else ""
    return format_html('<div class="kw-warning">{}{}</div>', head, content)


@register.simple_block_tag
def subheading(content: str) -> str:
    """The line below a page's heading; a page that has nothing to say there has no line."""
    return format_html('<p class="kw-subheading">{}</p>', dots(content)) if content.strip() else ""


@register.simple_block_tag
def table(content: str, caption: object = "", show_caption: bool = False) -> str:
    """`{% table caption=_("Runs") %}<thead>…</thead><tbody>…</tbody>{% endtable %}`.

    Numeric cells carry `class="num"`, header cells `scope`; wide tables scroll inside a focusable region. For
    phones give each cell `data-label="…"` and rows become cards.
    """
    hidden = "" if show_caption else "visually-hidden"
    return format_html(
        '<div class="kw-scroll" role="region" tabindex="0" aria-label="{}"><table class="kw-table">'
        '<caption class="{}">{}</caption>{}</table></div>',
        caption,
        hidden,
        caption,
        content,
    )


@register.inclusion_tag("ui/parts/figures.html")
def figures(items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A band of figures: each `{"label", "value", "note", "tone"?, "link"?}`; values are already formatted."""
    return {"items": items}


@register.simple_tag
def pill(label: object, tone: str = "plain") -> str:
    """A pill names a kind: tones plain, accent, warning, good, bad."""
    if tone not in TONES:
        raise ValueError(f"pill tone {tone!r}; allowed: {', '.join(TONES)}")
    return format_html('<span class="kw-pill kw-pill-{}">{}</span>', tone, dots(label))


@register.inclusion_tag("ui/parts/bar_list.html")
def bar_list(items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Bars with words: each `{"label", "share" 0..1, "shown", "mark"? 0..1, "link"?}`."""
    rows = [
        {
            **item,
            "width": f"{min(max(float(item['share']), 0), 1) * 100:.2f}",
            "at": None if item.get("mark") is None else f"{min(max(float(item['mark']), 0), 1) * 100:.2f}",
        }
        for item in items
    ]
    return {"items": rows}


@register.simple_tag
def bar(share: float | None, mark: float | None = None) -> str:
    """One bar for a table cell; the number stands beside it in words, so it is hidden from readers."""
    if share is None:
        return ""
    line = ""
    if mark is not None:
        at = f"{min(max(float(mark), 0), 1) * 100:.2f}"
        line = format_html('<line class="kw-bar-mark" x1="{}%" x2="{}%" y1="0" y2="100%"/>', at, at)
    width = f"{min(max(float(share), 0), 1) * 100:.2f}"
    return format_html(
        '<svg class="kw-bar" aria-hidden="true" focusable="false">'
        '<rect class="kw-bar-rest" width="100%" y="4" height="6" rx="3"/>'
        '<rect class="kw-bar-fill" width="{}%" y="4" height="6" rx="3"/>{}</svg>',
        width,
        line,
    )


@register.inclusion_tag("ui/parts/empty.html")
def empty(sentence: object, link: str = "", link_text: object = "") -> dict[str, Any]:
    """An empty state: the sentence of flows.md and what to do next."""
    return {"sentence": sentence, "link": link, "link_text": link_text}


@register.inclusion_tag("ui/parts/progress.html")
def progress(
    label: object, done: int = 0, total: int = 0, stage: object = "", url: str = "", note: object = ""
) -> dict[str, Any]:
    """Long work: stage, n of N. With `url` the inside is fetched anew every 2 s until it answers 286."""
    share = round(done / total * 100) if total else None
    return {
        "label": label,
        "done": done,
        "total": total,
        "stage": stage,
        "url": url,
        "note": note,
        "share": share,
    }


@register.simple_tag
def chart(figure: Chart, name: str) -> str:
    """A chart made by `ui.charts`; `name` is its id on the page. Draws with its own static script.

    Its data stand in an attribute: a script block would be dropped where the chart comes as a part of a page.
    """
    data = json.dumps({"kind": figure.kind, "unit": figure.unit, **figure.data}, ensure_ascii=False)
    return render_to_string("ui/parts/chart.html", {"figure": figure, "name": name, "data": data})


@register.inclusion_tag("ui/parts/more.html")
def next_page(cursor: str, query: str = "", is_first: bool = True) -> dict[str, Any]:
    """The keyset pager: `query` is the filter part of the address, urlencoded, without `after`."""
    return {"cursor": cursor, "query": query, "is_first": is_first}


@register.inclusion_tag("ui/parts/act.html")
def act(
    label: object, verdict: Verdict, name: str, subject: object = "", primary: bool = False
) -> dict[str, Any]:
    """A submit button that may be refused: it stays, `aria-disabled`, with the verdict's sentence as tooltip.

    `name` is unique on the page; `subject` completes the accessible name (「联系 陈志远」).
    """
    sentence = "" if verdict else text(verdict)
    return {"label": label, "sentence": sentence, "name": name, "subject": subject, "primary": primary}
