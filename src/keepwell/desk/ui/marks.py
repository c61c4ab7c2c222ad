"""English pages say of every Chinese text that it is Chinese, so that a reader of screens speaks it as such."""

from __future__ import annotations

import re

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
RUN = re.compile(rf"{HAN}(?:[\u3000-\u303f\uff00-\uffef\u2018-\u201d·\d ]*{HAN})*")
TEXT = re.compile(rf"(<[^<>]*>)([^<>]*{HAN}[^<>]*)(?=<)")
KEPT = (
    "<script",
    "<style",
    "<title",
)  # a reader of screens does not read their text, and a mark would stand in it
ALONE = ("<option", "<textarea")  # hold text alone: they bear the mark themselves
MARK = ' lang="zh-CN"'


def mark_chinese(page: str) -> str:
    """The page or part of one, with each Chinese text in it marked that no `lang` of its own element marks."""
    return TEXT.sub(_marked, page)


def _marked(found: re.Match[str]) -> str:
    tag, said = found.groups()
    if tag.startswith(KEPT) or 'lang="zh' in tag:
        return found[0]
    if tag.startswith(ALONE):
        return f"{tag[:-1]}{MARK}>{said}"
    told = RUN.sub(rf"<span{MARK}>\g<0></span>", said)
    # One element for what stands together: in a row of boxes a sentence would fall into three.
    return f"{tag}{told}" if RUN.fullmatch(said.strip()) else f"{tag}<span>{told}</span>"
