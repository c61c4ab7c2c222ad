"""The user guide names only commands and files that exist, and has the same parts in both languages.

Every role has a chapter, and every page a role can open is a section of it: the manual cannot fall behind.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from keepwell.desk.people.models import User
from keepwell.desk.people.roles import ROLES
from keepwell.desk.ui.navigation import pages_for
from keepwell.engine.cli.arguments import COMMANDS
from tests.house.reading import ROOT, Source, breaches, sources
from tools.messages import read

GUIDE = ROOT / "docs/guide"
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
COMMAND = re.compile(r"`keepwell ([a-z]+)")
MANAGE = re.compile(r"keepwell\.desk\.site\.manage ([a-z_]+)")
HEADING = re.compile(r"^#+(?= )", re.MULTILINE)
QUOTED = {"en": re.compile(r"\*\*([^*]+)\*\*"), "zh": re.compile(r"「([^」]+)」")}
SECTION = re.compile(r"^### (.+)$", re.MULTILINE)
LANGUAGES = {"en": "en", "zh": "zh-hans"}
MOST_BYTES = 150 * 1024
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
        language: sorted(str(path.relative_to(GUIDE / language)) for path in (GUIDE / language).rglob("*.md"))
        for language in ("en", "zh")
    }
    assert pages["en"] == pages["zh"]
    for name in pages["en"]:
        english, chinese = ((GUIDE / language / name).read_text("utf-8") for language in ("en", "zh"))
        assert HEADING.findall(english) == HEADING.findall(chinese), name


def unmentioned(role: str, language: str, chapter: str) -> list[str]:
    """Pages the role can open that are no section of its chapter; the tour and the card are in no registry."""
    user = User(role=role, branch_code="B001")  # what a part at headquarters opens is among it
    with override(LANGUAGES[language]):
        labels = {
            str(
                next((place.label for place in page.places if place.role == role and place.label), page.label)
            )
            for page in pages_for(user)
        }
        labels.add({"en": "Five-minute tour", "zh": "五分钟导览"}[language])
    if user.may("clients.read"):
        labels.add({"en": "Client card", "zh": "客户卡"}[language])
    return sorted(labels - set(SECTION.findall(chapter)))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_chapter_tells_of_every_page_its_role_opens(role: str, language: str) -> None:
    chapter = (GUIDE / language / "roles" / f"{role}.md").read_text("utf-8")
    assert unmentioned(role, language, chapter) == []
    assert chapter.startswith(f"# {getattr(ROLES[role].role.text, language)}\n")


def shown(language: str) -> set[str]:
    """Every string the desk shows, in a language."""
    place, found = sorted(LANGUAGES).index(language), set()
    for one in read():
        pair = (one.id, one.string or "")
        said = pair[place]
        found.add(said if isinstance(said, str) else said[0])
    return found


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("role", sorted(ROLES))
def test_what_a_chapter_quotes_stands_on_the_desk(role: str, language: str) -> None:
    chapter = (GUIDE / language / "roles" / f"{role}.md").read_text("utf-8")
    assert set(QUOTED[language].findall(chapter)) - shown(language) == set()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_chapter_shows_its_role_s_home(language: str) -> None:
    pictures = {path.stem: path for path in (GUIDE / "pictures" / language).glob("*.png")}
    assert sorted(pictures) == sorted(ROLES)
    for role, path in pictures.items():
        assert path.stat().st_size <= MOST_BYTES, f"{path} has {path.stat().st_size} bytes"
        assert (
            f"../../pictures/{language}/{role}.png" in (GUIDE / language / "roles" / f"{role}.md").read_text()
        )


def test_a_page_without_a_section_is_found() -> None:
    chapter = (GUIDE / "zh/roles/manager.md").read_text("utf-8")
    assert unmentioned("manager", "zh", chapter.replace("### 我的名册", "### 名册")) == ["我的名册"]


@pytest.mark.parametrize(
    "planted", ["`keepwell fly`", "[there](nowhere.md)", "keepwell.desk.site.manage fly"]
)
def test_the_scan_can_fail(planted: str) -> None:
    assert list(absent(Source("docs/guide/en/planted.md", planted)))
