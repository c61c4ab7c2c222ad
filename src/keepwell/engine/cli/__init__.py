"""The command line: ``keepwell init | simulate | check | run | runs | explain | verify``.

Exit codes: 0 done · 1 problems were found and told · 2 the command was not understood · 3 input refused
(extracts, mapping, packs, dates) · 4 another run is in progress · 5 the disk is full · 6 no such run or client.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from keepwell.engine.cli import arguments

DONE, PROBLEMS, NOT_UNDERSTOOD, REFUSED, BUSY, DISK_FULL, UNKNOWN = 0, 1, 2, 3, 4, 5, 6


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and answer its exit code; only the room that is asked for is loaded."""
    os.umask(0o077)  # clients' identities lie in what is written: for the owner's eyes alone
    parser = arguments.parser(__doc__ or "")
    asked = parser.parse_args(argv)
    command = importlib.import_module(f"keepwell.engine.cli.{asked.module}")
    try:
        return int(command.execute(asked))
    except BrokenPipeError:
        # the reader (head, less) has seen enough; a second error at exit would say so again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("\nstopped; what was finished is kept, the next call goes on.", file=sys.stderr)
        return 130
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        print(f"keepwell {asked.command}: {error}", file=sys.stderr)
        return code


def exit_code(error: Exception) -> int | None:
    """The exit code of an error that is ours to tell; ``None`` for a fault that deserves its traceback."""
    from keepwell.engine.ingest.errors import IngestError
    from keepwell.engine.store.errors import DiskFull, NoSuchClient, NoSuchRun, RunInProgress, StoreError
    from keepwell.policy.errors import PolicyError

    kinds: tuple[tuple[type[Exception], int], ...] = (
        (RunInProgress, BUSY),
        (DiskFull, DISK_FULL),
        (NoSuchRun, UNKNOWN),
        (NoSuchClient, UNKNOWN),
        (StoreError, REFUSED),
        (IngestError, REFUSED),
        (PolicyError, REFUSED),
        (argparse.ArgumentTypeError, NOT_UNDERSTOOD),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), None)
