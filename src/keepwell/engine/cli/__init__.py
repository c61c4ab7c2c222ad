"""The command line: ``keepwell init | simulate | check | run | runs | explain | verify | host``.

What the exit codes mean stands in ``pages.CODES`` and on the page of every command.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Sequence

from keepwell.engine.cli import arguments
from keepwell.engine.cli.pages import (
    BUSY,
    DISK_FULL,
    DONE,
    NOT_UNDERSTOOD,
    PROBLEMS,
    REFUSED,
    STOPPED,
    UNKNOWN,
)

__all__ = ["BUSY", "DISK_FULL", "DONE", "NOT_UNDERSTOOD", "PROBLEMS", "REFUSED", "STOPPED", "UNKNOWN", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and answer its exit code; only the room that is asked for is loaded."""
    os.umask(0o077)  # clients' identities lie in what is written: for the owner's eyes alone
    asked = arguments.parser().parse_args(argv)
    command = importlib.import_module(f"keepwell.engine.cli.{asked.module}")
    try:
        return int(command.execute(asked))
    except BrokenPipeError:
        # the reader (head, less) has seen enough; a second error at exit would say so again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("\nstopped; what was finished is kept, the next call goes on.", file=sys.stderr)
        return STOPPED
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        print(f"keepwell {asked.command}: {_said(error)}", file=sys.stderr)
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
    if isinstance(error, OSError):
        return _of_the_machine(error)
    return next((code for kind, code in kinds if isinstance(error, kind)), None)


def _of_the_machine(error: OSError) -> int | None:
    """A full disk, or a file or folder that cannot be used; one without a name is a fault of ours."""
    if error.errno == errno.ENOSPC:
        return DISK_FULL
    return REFUSED if error.filename is not None else None


def _said(error: Exception) -> str:
    """What is printed of an error; a delivery's faults in both languages, for whoever delivers reads them too."""
    from keepwell.engine.cli import output
    from keepwell.engine.ingest.errors import DeliveryRefused, NoDataOn

    if isinstance(error, DeliveryRefused):
        return output.refusals(error)
    if isinstance(error, NoDataOn):
        return f"{error.said.en}\n  {error.said.zh}"
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}. Name another file or folder, or give rights to this one."
    return str(error)
