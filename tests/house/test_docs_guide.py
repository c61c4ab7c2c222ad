"""The user guide names only commands and files that exist, and has the same parts in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from keepwell.engine.cli.arguments import COMMANDS
from tests.house.reading import ROOT, Source, breaches, sources

GUIDE = ROOT / "docs/guide"
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
COMMAND = re.compile(r"`keepwell ([a-z]+)")
MANAGE = re.compile(r"keepwell\.desk\.site\.manage ([a-z_]+)")
HEADING = re.compile(r"^#+(?= )", re.MULTILINE)
OF_DJANGO = {"migrate", "collectstatic"}


def absent(page: Source) -> Iterator[str]:
    """Commands and links of a page that lead nowhere."""
    own = {path.stem for path in (ROOT / "src/keepwell/desk").glob("*/management/commands/*.py")} | OF_DJANGO
    yield from (f"{page.path}: keepwell {one}" for one in COMMAND.findall(page.text) if one not in COMMANDS)
    yield from (f"{page.path}: manage {one}" for one in MANAGE.findall(page.text) if one not in own)
    here = ROOT / Path(page.path).parent
    yield from (f"{page.path}: {one}" for one in LINK.findall(page.text) if not (here / one).exists())


def test_the_guide_names_only_what_there_is() -> None:
    pages = sources("docs/guide", ending=".md")
    assert len(pages) > 10
    assert breaches(absent, pages) == []


def test_both_languages_have_the_same_pages_and_parts() -> None:
    pages = {
        language: sorted(path.name for path in (GUIDE / language).glob("*.md")) for language in ("en", "zh")
    }
    assert pages["en"] == pages["zh"]
    for name in pages["en"]:
        english, chinese = ((GUIDE / language / name).read_text("utf-8") for language in ("en", "zh"))
        assert HEADING.findall(english) == HEADING.findall(chinese), name


@pytest.mark.parametrize(
    "planted", ["`keepwell fly`", "[there](nowhere.md)", "keepwell.desk.site.manage fly"]
)
def test_the_scan_can_fail(planted: str) -> None:
    assert list(absent(Source("docs/guide/en/planted.md", planted)))
