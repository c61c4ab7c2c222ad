"""What all benchmarks share: a command as a whole process, measured by the operating system; ratios and exponents."""

from __future__ import annotations

import math
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: CPU seconds of it and its children, wall seconds, peak memory of the largest process."""

    cpu_seconds: float
    wall_seconds: float
    peak_gib: float


def whole_process(command: Sequence[str], *, quiet: bool = False) -> Cost:
    """Run a command to its end and measure it. Raises ``CalledProcessError`` when it fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL if quiet else None)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024**2)


def keepwell(*arguments: str) -> list[str]:
    """The command line of this installation."""
    return [sys.executable, "-m", "keepwell.engine.cli", *arguments]


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Growth exponent: slope of log cost over log size between the smallest and the largest."""
    return math.log(costs[-1] / costs[0]) / math.log(sizes[-1] / sizes[0])


def median_ratio(mine: Sequence[float], peer: Sequence[float]) -> float:
    """Median of the ratios pair by pair, so that a drifting machine does not decide."""
    return statistics.median(a / b for a, b in zip(mine, peer, strict=True))


def own_cpu() -> float:
    """CPU seconds of this process so far, all threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def row(*cells: object) -> None:
    """Print one line of a Markdown table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)
