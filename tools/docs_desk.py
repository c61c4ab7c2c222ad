"""What each screen of the desk shows, read from its source: from a URL over its view to the tables of the contract."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from keepwell.contract import TABLES

ROOT = Path(__file__).resolve().parents[1]
DESK = "keepwell.desk"
CONTRACT = "keepwell.contract"
LEFT_OUT = {"migrations", "management", "__pycache__"}
CLASSES = {table.__name__: name for name, table in TABLES.items()}
DECIDED = re.compile(r"\bdecided_([a-z_]+)")


@dataclass(frozen=True, order=True)
class Screen:
    """A page or part of a page: its URL name, its address, and the tables it shows."""

    name: str
    address: str
    tables: tuple[str, ...] = ()

    @property
    def room(self) -> str:
        """The desk room it belongs to."""
        return self.name.split(":")[0]


@dataclass
class Module:
    """One module of the desk: what each name of its own refers to, and what its imports mean."""

    name: str
    means: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, ast.AST] = field(default_factory=dict)


@lru_cache
def screens() -> tuple[Screen, ...]:
    """Every URL of the desk with the contract tables behind it, by name."""
    modules = {module.name: module for module in _modules()}
    found = []
    for prefix, urls in _includes():
        for route, name, view in _routes(urls):
            found.append(Screen(name, f"/{prefix}{route}", _shown(modules, view)))
    return tuple(sorted(found))


def rooms_reading(table: str) -> list[str]:
    """Desk rooms with a screen that shows a table."""
    return sorted({screen.room for screen in screens() if table in screen.tables})


def _modules() -> Iterator[Module]:
    for path in sorted((ROOT / "src/keepwell/desk").rglob("*.py")):
        if not LEFT_OUT & set(path.parts):
            parts = path.relative_to(ROOT / "src").with_suffix("").parts
            yield _module(
                ".".join(part for part in parts if part != "__init__"), ast.parse(path.read_text("utf-8"))
            )


def _module(name: str, tree: ast.Module) -> Module:
    module = Module(name)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                module.means[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            module.nodes[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            module.nodes.update({one.id: node for one in targets if isinstance(one, ast.Name)})
    return module


def _includes() -> Iterator[tuple[str, str]]:
    """Prefix and module of each room's addresses, from the desk's own."""
    tree = ast.parse((ROOT / "src/keepwell/desk/site/urls.py").read_text("utf-8"))
    for call in _calls(tree, "path"):
        included = [_text(one.args[0]) for one in _calls(call, "include")]
        yield from ((_text(call.args[0]), module) for module in included)


def _routes(urls: str) -> Iterator[tuple[str, str, str]]:
    """Route, full name and dotted view of each address of a room; a view is named by the module it comes from."""
    tree = ast.parse((ROOT / "src" / Path(*urls.split("."))).with_suffix(".py").read_text("utf-8"))
    room, means = urls.split(".")[-2], _module(urls, tree).means
    for call in _calls(tree, "path"):
        name = next((_text(one.value) for one in call.keywords if one.arg == "name"), "")
        view = call.args[1]
        if name and isinstance(view, ast.Attribute) and isinstance(view.value, ast.Name):
            yield _text(call.args[0]), f"{room}:{name}", f"{means[view.value.id]}.{view.attr}"


def _calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _shown(modules: dict[str, Module], view: str) -> tuple[str, ...]:
    """Tables that a view reaches over everything it calls."""
    seen, waiting, tables = {view}, [view], set()
    while waiting:
        module, _, name = waiting.pop().rpartition(".")
        node = modules[module].nodes.get(name) if module in modules else None
        if node is None:
            continue
        tables |= set(_named_tables(modules[module], node))
        new = set(_named(modules[module], node)) - seen
        seen |= new
        waiting += sorted(new)
    return tuple(sorted(tables))


def _named(module: Module, node: ast.AST) -> Iterator[str]:
    """Dotted names of the desk that a definition mentions."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield module.means.get(part.id, f"{module.name}.{part.id}")
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            yield f"{module.means.get(part.value.id, '')}.{part.attr}"


def _named_tables(module: Module, node: ast.AST) -> Iterator[str]:
    """Contract tables a definition names: as a class, in SQL, by TABLES[...], or asked of the records."""
    for name in _named(module, node):
        if name.startswith(CONTRACT) and name.rsplit(".", 1)[-1] in CLASSES:
            yield CLASSES[name.rsplit(".", 1)[-1]]
    yield from _followed(node)
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield from (name for name in DECIDED.findall(part.value) if name in TABLES)
        elif (
            isinstance(part, ast.Subscript) and isinstance(part.value, ast.Name) and part.value.id == "TABLES"
        ):
            yield from _known([part.slice])
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            root = part.func.value
            if isinstance(root, ast.Name) and module.means.get(root.id, "").startswith(f"{DESK}.records"):
                yield from _known(part.args)


def _known(nodes: list[ast.expr]) -> Iterator[str]:
    yield from (_text(node) for node in nodes if _text(node) in TABLES)


@lru_cache
def _related() -> dict[str, str]:
    """Name by which the client anchor leads to a decided row -> its table."""
    tree = ast.parse((ROOT / "src/keepwell/desk/clients/models.py").read_text("utf-8"))
    found = {}
    for node in tree.body:
        tables = [word.value for word in getattr(node, "keywords", []) if word.arg == "table"]
        names = [_text(call.args[0]) for one in ("_one", "_many") for call in _calls(node, one)]
        if names and tables and isinstance(tables[0], ast.Attribute) and tables[0].attr in CLASSES:
            found[names[0]] = CLASSES[tables[0].attr]
    return found


def _followed(node: ast.AST) -> Iterator[str]:
    """Tables reached from an anchor: ``line.client.proposal`` or ``getattr(line.client, "proposal", None)``."""
    for part in ast.walk(node):
        owner, name = None, ""
        if isinstance(part, ast.Attribute):
            owner, name = part.value, part.attr
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "getattr":
            owner, name = part.args[0], _text(part.args[1])
        if isinstance(owner, ast.Attribute) and owner.attr == "client" and name in _related():
            yield _related()[name]
