"""R242: what a compliance reader sees under 怎么算的 is what `keepwell explain` prints of the same client and run."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from keepwell.contract.codes import ProductKind
from keepwell.engine import cli
from tests.desk.run_suitability import AGED, EXPIRED, LOWEST, SILENT

ROW = re.compile(
    r'<th scope="row">([^<]*)<br><span class="kw-small kw-mono">([^<]*)</span>(?:<br><a [^>]*>[^<]*</a>)?</th>'
    r'<td class="num">(.*?)</td>'
)
REASON = re.compile(r'<p class="kw-explained"><strong>(.*?)</strong></p>', re.DOTALL)
CLIENTS = ["c000001", *(f"c{number:06d}" for number in (LOWEST, EXPIRED, SILENT, AGED))]
UNIT = re.compile(r"\s*(元|天|次|CNY|days?|times?)\s*")


def printed(data: Path, client_id: str, language: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(["explain", client_id, "--data", str(data), "--language", language]) == cli.DONE
    return capsys.readouterr().out


def figure(text: str) -> str:
    """A value without its unit, an unknown one as nothing."""
    bare = UNIT.sub("", html.unescape(text)).replace("—", "").replace("−", "-").strip()
    return re.sub(r"(\.\d*?)0+(%?)$", lambda found: found[1].rstrip(".") + found[2], bare)


def in_words(text: str) -> str:
    """What is printed, the kinds wished in the page's words instead of their codes."""
    listed = re.compile(r"(?<=意向品种：)([a-z_ ]+)$", re.MULTILINE)
    return listed.sub(lambda found: "、".join(ProductKind.of(one).text.zh for one in found[1].split()), text)


def worded(text: str) -> str:
    """A sentence without its numbers: the page rounds amounts to 万, which the inputs below tell in full."""
    return re.sub(r"[\d.,]+ ?[万亿]?", "#", text)


@pytest.mark.parametrize(
    ("client_id", "name"),
    [(one, "risk_level") for one in CLIENTS]
    + [(CLIENTS[0], name) for name in ("grade", "service_type", "assets", "contribution")],
)
def test_r242_each_figure_of_the_desk_stands_in_the_printed_explanation(
    at_work: Callable[[str], Client],
    written_run: Path,
    capsys: pytest.CaptureFixture[str],
    client_id: str,
    name: str,
) -> None:
    """Compliance reads the page, the command is typed: label by label the same value, and the same sentences."""
    page = at_work("compliance").get(f"/clients/{client_id}/explain/{name}/").content.decode()
    lines = in_words(printed(written_run.parents[1], client_id, "zh", capsys))
    told = {tuple(part.strip().split("：", 1)) for part in re.split(r"[\n;]", lines) if "：" in part}
    by_label: dict[str, set[str]] = {}
    for label, value in told:
        by_label.setdefault(label, set()).add(figure(value))
    rows = ROW.findall(page)
    assert rows, "the page tells its inputs"
    for label, place, value in rows:
        if place.startswith("suitability_flag"):
            assert html.unescape(value) in lines
        elif figure(value) and "未交付" not in value:
            assert figure(value) in by_label[label], (place, value, by_label.get(label))
    for sentence in REASON.findall(page):
        for one in filter(None, re.split(r"(?<=。)\s*", html.unescape(sentence))):
            assert worded(one) in worded(lines), one


def test_r242_compliance_reads_and_has_no_override(at_work: Callable[[str], Client]) -> None:
    page = at_work("compliance").get("/clients/c000001/").content.decode()
    assert "改判…" not in page
    assert "explain/risk_level/" in page
