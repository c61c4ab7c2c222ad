"""Runs a notebook's cells as they stand and keeps what each says: ``python -m tests.real.notebook FILE`` writes it.

A cell's output is the text of its last line, if that is an expression. Nothing else of a notebook is used, so that no
notebook server is needed to know that an example still holds.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any


def cells(path: Path) -> list[dict[str, Any]]:
    """The cells that hold code, in order."""
    book = json.loads(path.read_text("utf-8"))
    return [cell for cell in book["cells"] if cell["cell_type"] == "code"]


def said(cell: dict[str, Any]) -> str:
    """What is written below a cell; empty for nothing."""
    return "".join(line for output in cell["outputs"] for line in output["data"]["text/plain"])


def executed(path: Path) -> list[str]:
    """What every cell says when all are run from above, in one namespace."""
    names: dict[str, Any] = {"__name__": "__notebook__"}
    return [_run("".join(cell["source"]), names) for cell in cells(path)]


def _run(source: str, names: dict[str, Any]) -> str:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the notebook's own cells are what is tested
    if last is None:
        return ""
    return str(eval(compile(ast.Expression(last.value), "cell", "eval"), names))  # noqa: S307 - the same


def main(path: Path) -> None:
    """Run the notebook and write below each cell what it says."""
    book = json.loads(path.read_text("utf-8"))
    found = iter(executed(path))
    for n, cell in enumerate((one for one in book["cells"] if one["cell_type"] == "code"), 1):
        text = next(found)
        data = {"text/plain": text.splitlines(keepends=True)}
        output = {"output_type": "execute_result", "execution_count": n, "metadata": {}, "data": data}
        cell["execution_count"], cell["outputs"] = n, [output] if text else []
    path.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
