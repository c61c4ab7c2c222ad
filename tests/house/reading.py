"""How the house tests read the tree: parsed sources, planted or real."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = {"migrations", "__pycache__", "vendor", "node_modules"}
N = TypeVar("N", bound=ast.AST)


@dataclass(frozen=True)
class Source:
    """One file of the tree, or a planted one; `path` is relative to the repository."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return ast.parse(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """Folder names and file stem, without the suffix."""
        return Path(self.path).with_suffix("").parts

    @cached_property
    def walked(self) -> tuple[ast.AST, ...]:
        """Every node, walked once for all laws."""
        return tuple(ast.walk(self.tree))

    def nodes(self, kind: type[N]) -> Iterator[N]:
        """Every node of a kind."""
        return (node for node in self.walked if isinstance(node, kind))

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        return (node for node in self.walked if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def at(self, node: ast.AST, what: str) -> str:
        """Say where a breach stands."""
        return f"{self.path}:{getattr(node, 'lineno', 1)} {what}"


Law = Callable[[Source], Iterable[str]]


@lru_cache
def sources(*under: str, ending: str = ".py") -> tuple[Source, ...]:
    """Read every file below the folders (or the files themselves), in path order."""
    found = [path for part in under for path in _files(ROOT / part, ending)]
    return tuple(
        Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in sorted(found)
    )


def _files(start: Path, ending: str) -> list[Path]:
    if start.is_file():
        return [start]
    return [path for path in start.rglob(f"*{ending}") if not LEFT_OUT & set(path.parts)]


def breaches(law: Law, files: Iterable[Source]) -> list[str]:
    """Every breach of a law in the files."""
    return [breach for file in files for breach in law(file)]


def dotted(node: ast.AST) -> str:
    """Spell a name or attribute chain (`a.b.c`); parts that are calls read as `()`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "()"


def imported(source: Source) -> Iterator[tuple[ast.stmt, str]]:
    """Every imported name of a module, absolute, with its statement."""
    for node in source.nodes(ast.Import):
        yield from ((node, alias.name) for alias in node.names)
    for drawn in source.nodes(ast.ImportFrom):
        yield from ((drawn, f"{drawn.module}.{alias.name}") for alias in drawn.names)
