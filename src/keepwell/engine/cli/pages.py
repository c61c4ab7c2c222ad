"""The page of every subcommand: what it does, examples to copy, what its exit codes mean."""

from __future__ import annotations

from dataclasses import dataclass

DONE, PROBLEMS, NOT_UNDERSTOOD, REFUSED, BUSY, DISK_FULL, UNKNOWN, STOPPED = 0, 1, 2, 3, 4, 5, 6, 130

CODES = {
    DONE: "done",
    PROBLEMS: "problems were found and told",
    NOT_UNDERSTOOD: "the command was not understood",
    REFUSED: "input refused: extracts, mapping, packs, dates, folders, memory",
    BUSY: "another run is in progress",
    DISK_FULL: "the disk is full",
    UNKNOWN: "no such run or client",
    STOPPED: "stopped by Ctrl-C; what was finished is kept",
}
ALWAYS = (DONE, NOT_UNDERSTOOD, REFUSED, STOPPED)


@dataclass(frozen=True, slots=True)
class Page:
    """What one subcommand says of itself; ``codes`` are the exit codes it may end with besides those of all."""

    told: str
    examples: tuple[str, ...]
    codes: tuple[int, ...] = ()

    @property
    def epilog(self) -> str:
        """Examples and exit codes, as they stand below the options."""
        codes = sorted({*ALWAYS, *self.codes})
        return "\n".join(["Examples:", *(f"  {one}" for one in self.examples), "", *listed(codes)])


def listed(codes: list[int]) -> list[str]:
    """Exit codes, one a line."""
    return ["Exit codes:", *(f"  {code:>3}  {CODES[code]}" for code in codes)]


FIRST_STEPS = "\n".join(
    [
        "The first day, in this order:",
        "  keepwell init --data firm                             answer the questions of a first start",
        "  keepwell check DIR --as-of 2026-11-20                 what is wrong with the files",
        "  keepwell run --extracts DIR --as-of 2026-11-20 --data firm",
        "  keepwell explain CLIENT --data firm                   why a client stands where it stands",
        "Without files of your own: keepwell simulate, then run on what it wrote.",
        "Each command has a page of its own: keepwell COMMAND --help.",
        "",
        *listed(list(CODES)),
    ]
)

INIT = Page(
    "Ask what a first start needs (data folder, firm, database, extracts, mapping, as-of date, calendar, own rules,\n"
    "owners, administrators, languages, retention), write DATA/firm.toml and end with a list of what is ready and\n"
    "what is missing. Called again it offers the answers given before. The desk's set-up reads firm.toml, and so do\n"
    "check and run: what they are not told on the command line (--mapping, --packs) they take from there.",
    (
        "keepwell init --data firm",
        "keepwell init --data firm --answers answers.toml --defaults --json",
    ),
    (PROBLEMS,),
)
SIMULATE = Page(
    "Write the extracts a firm would deliver for an invented firm, and apart from them the known truth.\n"
    "Nothing in it is a real person; the same seed gives the same bytes.",
    (
        "keepwell simulate --data demo --clients 1000 --months 24",
        "keepwell simulate --to demo/extracts --nights 2 --flaws",
    ),
    (DISK_FULL,),
)
CHECK = Page(
    "Read a delivery as a run would and tell, file by file, what would be accepted and what not, with line,\n"
    "column, value and remedy. What earlier deliveries brought to DATA counts as there. Keeps nothing.",
    (
        "keepwell check DIR --as-of 2026-11-20",
        "keepwell check DIR --as-of 2026-11-20 --language zh --export mend.csv",
        "keepwell check DIR --as-of 2026-11-20 --mapping counter.toml --json",
    ),
    (PROBLEMS, DISK_FULL),
)
RUN = Page(
    "Take in what was delivered, decide stage by stage and publish the run in one step. Then tell what was read,\n"
    "which files were refused and which match nothing. The same input makes no second run. A killed run goes on\n"
    "where it stopped.",
    (
        "keepwell run --extracts var/extracts --as-of 2026-11-20",
        "keepwell run --extracts DIR --as-of 2026-11-20 --data firm --mapping counter.toml --memory 8GB",
    ),
    (BUSY, DISK_FULL),
)
RUNS = Page(
    "List the published runs, newest first, or show one: what went in, what came out, seconds and memory by stage.\n"
    "With --json the whole manifest and telemetry.",
    ("keepwell runs --data firm", "keepwell runs --data firm --run 000002"),
    (UNKNOWN,),
)
EXPLAIN = Page(
    "Print every decision about a client with its rule, its facts, the policy version and the run.",
    (
        "keepwell explain 000000000001 --data firm --language zh",
        "keepwell explain C000000000001 --data firm --run 000002 --json",
        "keepwell explain 000000000001 --feature outflow_90d_amount --data firm",
    ),
    (UNKNOWN,),
)
VERIFY = Page(
    "Decide a published run anew from the sources, policy and parent its manifest names, and compare hashes.\n"
    "Exit code 1 when a file is damaged or a table comes out differently.",
    ("keepwell verify --data firm", "keepwell verify 000002 --data firm --json"),
    (PROBLEMS, DISK_FULL, UNKNOWN),
)
HOST = Page(
    "Hold the current run in memory and answer what people try out at the desk: other limits, weights or budgets,\n"
    "managers who leave or join. Asks and answers are files in DATA/asks, nothing listens on a port. One host a data\n"
    "folder; the desk says so where none runs. `make run` starts one beside the desk.",
    ("keepwell host --data firm", "keepwell host --data firm --once"),
)
