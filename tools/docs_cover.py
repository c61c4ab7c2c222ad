"""Which tests prove which requirement, and on which screens: only a test that names a requirement counts."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from keepwell.contract import Text
from tools.docs_desk import ROOT, Screen, screens
from tools.docs_tables import row, rule

NAMED = re.compile(r"(?<![A-Za-z0-9])([RX]\d{2,3})(?![0-9])", re.IGNORECASE)
REQUIREMENTS = ROOT / "docs/requirements.toml"


@dataclass(frozen=True)
class Chapter:
    """Requirements that belong together, by number."""

    code: str
    title: Text
    requirements: dict[str, Text]


@dataclass(frozen=True)
class Proof:
    """A test that names requirements, or whose file does, with the screens it opens."""

    path: str
    name: str
    requirements: frozenset[str]
    of_file: frozenset[str]
    screens: tuple[str, ...]


def chapters() -> list[Chapter]:
    """The requirements as docs/requirements.toml lists them."""
    listed: dict[str, Any] = tomllib.loads(REQUIREMENTS.read_text(encoding="utf-8"))
    return [
        Chapter(
            one["code"],
            Text(**one["title"]),
            {key: Text(**text) for key, text in one["requirements"].items()},
        )
        for one in listed["chapter"]
    ]


def named_in(text: str) -> frozenset[str]:
    """Numbers of requirements a name or a docstring names."""
    return frozenset(one.upper() for one in NAMED.findall(text.replace("_", " ")))


@lru_cache
def proofs() -> tuple[Proof, ...]:
    """Every test that names a requirement in its name or docstring; a file's docstring speaks for the rest of it."""
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        found += list(_proofs(path))
    return tuple(found)


def _proofs(path: Path) -> Iterator[Proof]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    of_all = named_in(ast.get_docstring(tree) or "")
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            own = named_in(node.name) | named_in(ast.get_docstring(node) or "")
            if own or of_all:
                place = path.relative_to(ROOT).as_posix()
                yield Proof(place, node.name, own, frozenset() if own else of_all, _opened(node))


def _opened(node: ast.AST) -> tuple[str, ...]:
    """Screens a test names by URL name or by address."""
    texts = {
        one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
    return tuple(screen.name for screen in screens() if any(_is_of(text, screen) for text in texts))


def _is_of(text: str, screen: Screen) -> bool:
    if text == screen.name:
        return True
    pattern = re.sub(r"<[^>]+>", "[^/]+", re.escape(screen.address).replace(r"\<", "<").replace(r"\>", ">"))
    return text.startswith("/") and re.fullmatch(pattern, text.split("?")[0]) is not None


def requirements() -> str:
    """Requirement by requirement: the tests that name it and the screens they open; open where there is none."""
    covers: dict[str, list[Proof]] = {}
    for proof in proofs():
        for one in sorted(proof.requirements | proof.of_file):
            covers.setdefault(one, []).append(proof)
    listed = [one for chapter in chapters() for one in chapter.requirements]
    n_covered = sum(one in covers for one in listed)
    lines = [
        "# Requirements and their proof · 需求与证明",
        "",
        (
            "Made by `make docs` from `docs/requirements.toml` and the tests; do not edit. Only a test that names a "
            "requirement in its name or docstring counts. 由 `make docs` 生成；只有写明需求编号的测试才算数。"
        ),
        "",
        (
            f"{n_covered} of {len(listed)} requirements have a test; {len(listed) - n_covered} are open. "
            f"{len(listed)} 项需求中 {n_covered} 项已有测试，{len(listed) - n_covered} 项待办。"
        ),
        "",
    ]
    for chapter in chapters():
        lines += [f"## {chapter.code}. {chapter.title.en} · {chapter.title.zh}", ""]
        lines += [row("No.", "Requirement", "需求", "Tests 测试", "Screens 页面"), rule(5)]
        lines += [_line(key, text, covers.get(key, [])) for key, text in chapter.requirements.items()]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _line(key: str, text: Text, found: list[Proof]) -> str:
    if not found:
        return row(key, text.en, text.zh, "open 待办", "")
    files: dict[str, list[str]] = {}
    for proof in found:
        files.setdefault(proof.path, []).extend([proof.name] if key in proof.requirements else [])
    tests = "<br>".join(
        f"[{path}](../{path}): {', '.join(names) or 'the file'}" for path, names in files.items()
    )
    opened = sorted({name for proof in found for name in proof.screens})
    return row(key, text.en, text.zh, tests, ", ".join(f"`{name}`" for name in opened))
