"""What can be asked: the arguments of every subcommand, each with a page one can learn from."""

from __future__ import annotations

import argparse
import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

Add = Callable[[argparse.ArgumentParser], None]


def parser(epilog: str) -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="keepwell",
        description="Keepwell (守客): from a firm's files to decisions about its existing clients.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, help_text, page, add) in COMMANDS.items():
        sub = commands.add_parser(
            name, help=help_text, description=page, formatter_class=argparse.RawDescriptionHelpFormatter
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


_DATA = "the folder for sources, runs and the desk's database (default: $KEEPWELL_DATA, else var)"


_BIAS = "what today's assignment of clients leans to: seniority, acquaintance, place in the list, all or none"


def _power(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--threads", type=int, default=2, help="threads to use (default 2); the result does not depend on it"
    )
    sub.add_argument(
        "--memory", help='memory for the database engine, such as "8GB"; beyond it, it spills to disk'
    )


def _run(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--extracts", type=Path, required=True, help="the folder with the firm's files")
    sub.add_argument(
        "--as-of", type=business_date, required=True, help="the last day the data covers, as 2026-11-20"
    )
    sub.add_argument("--mapping", help="how the files are written: keepwell, berka, far_trans or a TOML file")
    sub.add_argument("--packs", type=Path, help="a folder with the firm's own policy packs")
    sub.add_argument(
        "--known-on", type=business_date, help="the day the delivery became known (default: the as-of date)"
    )
    sub.add_argument(
        "--returns",
        type=Path,
        help="the folder the desk's command write_returns filled (default: DATA/returns, if it is there)",
    )
    _power(sub)


def _check(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("extracts", type=Path, help="the folder with the firm's files")
    sub.add_argument("--as-of", type=business_date, help="the last day the data covers (default: today)")
    sub.add_argument("--mapping", help="how the files are written: keepwell, berka, far_trans or a TOML file")
    sub.add_argument("--packs", type=Path, help="a folder with the firm's own policy packs")
    sub.add_argument(
        "--export", type=Path, help="write every row that would not be accepted to this CSV file"
    )
    _power(sub)


def _simulate(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--to", type=Path, help="where the extracts go (default: DATA/extracts)")
    sub.add_argument("--clients", type=int, default=20_000, help="clients, companies and products included")
    sub.add_argument("--months", type=int, default=36, help="months of events before the last day")
    sub.add_argument("--until", type=business_date, default=dt.date(2026, 11, 20), help="the last day")
    sub.add_argument("--seed", type=int, default=14, help="the same seed gives the same bytes")
    sub.add_argument(
        "--bias", choices=("all", "none", "senior", "friends", "list"), default="all", help=_BIAS
    )
    sub.add_argument("--live-per-book", type=float, help="live clients a book, instead of the size's own")
    sub.add_argument(
        "--regime-break",
        type=int,
        metavar="M",
        help="from month M on (the first is 0) clients leave for other reasons than before: models must notice",
    )
    sub.add_argument(
        "--nights",
        type=int,
        default=1,
        help="deliver the last days one by one, each in a folder of its own by date (default 1: one delivery)",
    )
    sub.add_argument(
        "--flaws",
        action="store_true",
        help="lay a few faulty rows beside the last delivery, known in the truth",
    )
    sub.add_argument(
        "--threads", type=int, default=2, help="threads to use (default 2); the bytes do not depend on it"
    )


def _explain(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("client", help="a client's number, one of its customer numbers or accounts")
    sub.add_argument("--run", help="which run (default: the current one)")
    sub.add_argument(
        "--language", choices=("zh", "en"), default=_language(), help="language of the sentences"
    )


def _language() -> str:
    return "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "zh")).startswith("zh") else "en"


def _runs(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--run", help="show one run in full")


def _verify(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("run", nargs="?", help="which run (default: the current one)")
    _power(sub)


def _init(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--answers", type=Path, help="a TOML file with the answers, instead of being asked")
    sub.add_argument(
        "--defaults", action="store_true", help="take the default of every question that has one"
    )


COMMANDS: dict[str, tuple[str, str, str, Add]] = {
    "init": (
        "first_start",
        "ask the questions of a first start",
        (
            "Ask what a first start needs (firm, data folder, database, mapping, calendar, owners, administrators,\n"
            "languages, retention), write DATA/firm.toml and end with a list of what is ready and what is missing."
        ),
        _init,
    ),
    "simulate": (
        "firm",
        "make the made-up firm's extracts",
        (
            "Write the extracts a firm would deliver for an invented firm, and apart from them the known truth.\n"
            "Nothing in it is a real person; the same seed gives the same bytes."
        ),
        _simulate,
    ),
    "check": (
        "delivery",
        "say what is wrong with a delivery before anything runs",
        (
            "Read a delivery as a run would and tell, file by file, what would be accepted and what not, with line,\n"
            "column, value and remedy. Writes nothing. Exit code 1 when something is wrong."
        ),
        _check,
    ),
    "run": (
        "nightly",
        "one run: from extracts to decisions",
        (
            "Take in what was delivered, decide stage by stage and publish the run in one step. The same input makes\n"
            "no second run. A killed run goes on where it stopped. Example:\n\n"
            "  keepwell run --extracts var/extracts --as-of 2026-11-20"
        ),
        _run,
    ),
    "runs": (
        "look",
        "list the runs, or show one",
        "List the published runs, newest first, or show one in full.",
        _runs,
    ),
    "explain": (
        "explain",
        "how each decision about a client was made",
        "Print every decision about a client with its rule, its facts, the policy version and the run.",
        _explain,
    ),
    "verify": (
        "proof",
        "make a run again and compare it to the byte",
        (
            "Decide a published run anew from the sources, policy and parent its manifest names, and compare hashes.\n"
            "Exit code 1 when a file is damaged or a table comes out differently."
        ),
        _verify,
    ),
}
