"""What can be asked: the arguments of every subcommand, each with a page one can learn from."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
from collections.abc import Callable
from pathlib import Path

from keepwell.engine.cli import pages

Add = Callable[[argparse.ArgumentParser], None]
MEMORY = re.compile(r"[0-9]+(\.[0-9]+)? ?([KMGT]i?B)", re.IGNORECASE)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="keepwell",
        description="Keepwell (守客): from a firm's files to decisions about its existing clients.",
        epilog=pages.FIRST_STEPS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, help_text, page, add) in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=help_text,
            description=page.told,
            epilog=page.epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.set_defaults(module=module)
        add(sub)
        sub.add_argument(
            "--data", type=Path, default=Path(os.environ.get("KEEPWELL_DATA", "var")), help=_DATA
        )
        sub.add_argument("--json", action="store_true", help="answer as JSON, for programs")
    return top


def business_date(text: str) -> dt.date:
    """A date as 2026-11-20."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-11-20") from None


def whole(low: int) -> Callable[[str], int]:
    """A whole number from ``low`` on."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,15}", text) or int(text) < low:
            raise argparse.ArgumentTypeError(f"{text!r}: a whole number from {low} on is allowed")
        return int(text)

    return read


def above_zero(text: str) -> float:
    """A number above zero."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", text) or float(text) <= 0:
        raise argparse.ArgumentTypeError(f"{text!r}: a number above zero is allowed")
    return float(text)


def memory(text: str) -> str:
    """A size as 8GB."""
    if not MEMORY.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it as 8GB or 512MB")
    return text


_DATA = "the folder for sources, runs and the desk's database (default: $KEEPWELL_DATA, else var)"
_MAPPING = (
    "how the files are written: keepwell, berka, far_trans or a TOML file "
    "(default: as init was told, else as the delivery says)"
)
_PACKS = "a folder with the firm's own policy packs (default: as init was told)"
_THREADS = "threads to use (default 2); the result does not depend on it"
_LANGUAGE = "language of the sentences (default: that of the terminal)"
_IDENTITY = "how many persons have several customer records: as usual, or over a third as a hard test"
_BIAS = "what today's assignment of clients leans to: seniority, acquaintance, place in the list, all or none"


def _power(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--threads", type=whole(1), default=2, help=_THREADS)
    sub.add_argument(
        "--memory",
        type=memory,
        help='memory for the database engine, such as "8GB"; beyond it, it spills to disk',
    )


def _run(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--extracts", type=Path, required=True, help="the folder with the firm's files")
    sub.add_argument(
        "--as-of", type=business_date, required=True, help="the last day the data covers, as 2026-11-20"
    )
    sub.add_argument("--mapping", help=_MAPPING)
    sub.add_argument("--packs", type=Path, help=_PACKS)
    sub.add_argument(
        "--known-on", type=business_date, help="the day the delivery became known (default: the as-of date)"
    )
    sub.add_argument(
        "--returns",
        type=Path,
        help="the folder the desk's command write_returns filled (default: DATA/returns, if it is there)",
    )
    sub.add_argument(
        "--rebuild",
        action="store_true",
        help="decide everything anew instead of only what changed since the current run; the result is the same",
    )
    _power(sub)


def _check(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("extracts", type=Path, help="the folder with the firm's files")
    sub.add_argument("--as-of", type=business_date, help="the last day the data covers (default: today)")
    sub.add_argument("--mapping", help=_MAPPING)
    sub.add_argument("--packs", type=Path, help=_PACKS)
    sub.add_argument(
        "--export", type=Path, help="write every row that would not be accepted to this CSV file"
    )
    sub.add_argument("--language", choices=("zh", "en"), default=_language(), help=_LANGUAGE)
    _power(sub)


def _simulate(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--to", type=Path, help="where the extracts go (default: DATA/extracts)")
    sub.add_argument(
        "--clients", type=whole(100), default=20_000, help="clients, companies and products included"
    )
    sub.add_argument("--months", type=whole(1), default=36, help="months of events before the last day")
    sub.add_argument("--until", type=business_date, default=dt.date(2026, 11, 20), help="the last day")
    sub.add_argument("--seed", type=whole(0), default=14, help="the same seed gives the same bytes")
    sub.add_argument(
        "--bias", choices=("all", "none", "senior", "friends", "list"), default="all", help=_BIAS
    )
    sub.add_argument(
        "--live-per-book", type=above_zero, help="live clients a book, instead of the size's own"
    )
    sub.add_argument("--identity", choices=("usual", "hard"), default="usual", help=_IDENTITY)
    sub.add_argument(
        "--regime-break",
        type=whole(0),
        metavar="M",
        help="from month M on (the first is 0) clients leave for other reasons than before: models must notice",
    )
    sub.add_argument(
        "--nights",
        type=whole(1),
        default=1,
        help="deliver the last days one by one, each in a folder of its own by date (default 1: one delivery)",
    )
    sub.add_argument(
        "--flaws",
        action="store_true",
        help="lay a few faulty rows beside the last delivery, known in the truth",
    )
    sub.add_argument(
        "--threads",
        type=whole(1),
        default=2,
        help="threads to use (default 2); the bytes do not depend on it",
    )


def _explain(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("client", help="a client's number, one of its customer numbers or accounts")
    sub.add_argument("--feature", help="one figure down to the rows behind it, as outflow_90d_amount")
    sub.add_argument("--run", help="which run (default: the current one)")
    sub.add_argument("--language", choices=("zh", "en"), default=_language(), help=_LANGUAGE)


def _language() -> str:
    said = os.environ.get("LC_ALL") or os.environ.get("LANG") or "zh"
    return "zh" if said.startswith("zh") else "en"


def _runs(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--run", help="show one run in full")


def _verify(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("run", nargs="?", help="which run (default: the current one)")
    _power(sub)


def _host(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--once", action="store_true", help="answer what waits now and end")


def _init(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--answers", type=Path, help="a TOML file with the answers, instead of being asked")
    sub.add_argument(
        "--defaults", action="store_true", help="take the default of every question that has one"
    )


COMMANDS: dict[str, tuple[str, str, pages.Page, Add]] = {
    "init": ("first_start", "ask the questions of a first start", pages.INIT, _init),
    "simulate": ("firm", "make the made-up firm's extracts", pages.SIMULATE, _simulate),
    "check": ("delivery", "say what is wrong with a delivery before anything runs", pages.CHECK, _check),
    "run": ("nightly", "one run: from extracts to decisions", pages.RUN, _run),
    "runs": ("look", "list the runs, or show one", pages.RUNS, _runs),
    "explain": ("explain", "how each decision about a client was made", pages.EXPLAIN, _explain),
    "verify": ("proof", "make a run again and compare it to the byte", pages.VERIFY, _verify),
    "host": ("hosting", "answer the desk's what-ifs, until stopped", pages.HOST, _host),
}
