"""Output for people on the terminal: progress bars, plain tables; JSON for programs."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from keepwell.engine.ingest.errors import DeliveryRefused
from keepwell.engine.run.stages import Reporter

UNSEEN = ("Cc", "Cf", "Zl", "Zp")


def as_json(value: Any) -> None:
    """Print a value as JSON; dates and decimals as text."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str, sort_keys=True))


def width(text: str) -> int:
    """Columns a text takes on a terminal: 汉字 take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def visible(text: str) -> str:
    """A text in one line as a terminal may show it: signs that would move its cursor or colour it stand as codes."""
    return "".join(_sign(letter) for letter in text)


def _sign(letter: str) -> str:
    if letter == "\n":
        return " "
    return f"\\x{ord(letter):02x}" if unicodedata.category(letter) in UNSEEN else letter


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]], numeric: Sequence[int] = ()) -> None:
    """Print rows under heads; the columns in ``numeric`` stand at the right."""
    cells = [[visible(str(cell)) if cell is not None else "—" for cell in row] for row in rows]
    widths = [max(width(row[place]) for row in (list(heads), *cells)) for place in range(len(heads))]
    for row in (list(heads), *cells):
        parts = []
        for place, cell in enumerate(row):
            gap = " " * (widths[place] - width(cell))
            parts.append(gap + cell if place in numeric else cell + gap)
        print("  ".join(parts).rstrip())


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Reporter]:
    """A reporter of progress: bars on a terminal, a line a stage elsewhere, nothing when quiet."""
    if quiet:
        yield lambda _stage, _place, _n_stages, _done, _of: None
    elif sys.stderr.isatty():
        with _bars() as report:
            yield report
    else:
        yield _lines()


@contextmanager
def _bars() -> Iterator[Reporter]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def report(stage: str, place: int, n_stages: int, done: int, of: int) -> None:
            name = stage.split(":", maxsplit=1)[0]
            label = f"[{place}/{n_stages}] {stage}" if n_stages else stage
            if name not in tasks:
                tasks[name] = bars.add_task(label, total=of or None)
            bars.update(tasks[name], description=label, completed=done, total=of or None)

        yield report


def _lines() -> Reporter:
    said: set[tuple[str, bool]] = set()

    def report(stage: str, place: int, n_stages: int, done: int, of: int) -> None:
        name = stage.split(":", maxsplit=1)[0]
        ended = of > 0 and done >= of
        if (name, ended) in said or (not ended and done):
            return
        said.add((name, ended))
        if not ended:
            print(f"[{place}/{n_stages}] {name} …", file=sys.stderr, flush=True)

    return report


def refusals(error: DeliveryRefused) -> str:
    """A refused delivery, fault by fault, in both languages: whoever delivers the files reads it too."""
    lines = ["the delivery is refused / 该次交付被拒收"]
    for fault in error.faults:
        lines += [f"  - {visible(fault.en)}", f"    {visible(fault.zh)}"]
    return "\n".join(lines)
