"""The help page of every command, as the command line itself prints it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from keepwell.engine.cli import arguments


def commands() -> str:
    """The command line's own page, then one of each subcommand."""
    with _width(100):
        parser = arguments.parser()
        lines = [
            "# Commands",
            "",
            "Made by `make docs` from the command line's own help; do not edit.",
            "",
            "The commands lie in `.venv/bin` after `make setup`. Each takes `--json` for programs.",
            "",
            *_page("keepwell", parser),
        ]
        for name, sub in _subcommands(parser).items():
            lines += _page(f"keepwell {name}", sub)
    return "\n".join(lines).rstrip() + "\n"


def _page(title: str, parser: argparse.ArgumentParser) -> list[str]:
    return [f"## {title}", "", "```text", parser.format_help().rstrip(), "```", ""]


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]  # noqa: SLF001 - argparse has no other way
    return dict(found[0].choices)


@contextmanager
def _width(n_columns: int) -> Iterator[None]:
    """Help breaks its lines at the terminal's width: the same one everywhere."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(n_columns)
    try:
        yield
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
