"""Intake of a run while eight people read client cards: does anybody notice?

``python benchmarks/intake.py [--clients 20000] [--databases sqlite,postgresql]`` takes a run in as the next generation
while readers in processes of their own read cards and write audit rows; for the bar, ``--clients 1000000 --base DATA``.
The peer is one transaction of upserts of the same rows into one set of tables, under the same readers.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psycopg
from desks import Desk, manage
from grown import again, firm, sample_of_clients
from measure import ROOT, row
from server import postgres

HERE = Path(__file__).parent
IN_THE_SERVER = "keepwell-intake"
TICK = os.sysconf("SC_CLK_TCK")
BAR = 2.0


@dataclass
class Reads:
    """Seconds of the reads in some windows of time, CPU seconds of their processes, and how many failed."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    failed: int = 0

    def at(self, share: float) -> float:
        """A percentile in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

    @property
    def told(self) -> str:
        """Median, 99th percentile, worst, number."""
        reads = f"{self.at(0.5):.1f} / {self.at(0.99):.1f} / {self.at(1):.1f} ms of {len(self.seconds):,}"
        return f"{reads}, CPU {1000 * median(self.cpu):.1f}"


@dataclass
class Spent:
    """What the intakes took: seconds, the server's part, peak memory of the process."""

    wall: float = 0.0
    cpu: float = 0.0
    server_cpu: float = 0.0
    peak_gib: float = 0.0
    times: int = 0


def main() -> None:
    """Measure each database: generation, then peer."""
    asked = _arguments()
    row(
        "database",
        "way",
        "clients",
        "idle p50/p99/max",
        "under intake p50/p99/max",
        "p99 ratio",
        "failed",
        "intake",
    )
    row(*["---"] * 8)
    with tempfile.TemporaryDirectory(prefix="keepwell-bench-") as scratch:
        root = asked.keep or Path(scratch)
        for number, vendor in enumerate(asked.databases.split(",")):
            with ExitStack() as stack:
                url = stack.enter_context(postgres()) if vendor == "postgresql" else ""
                _measure(root, vendor, url, asked, number)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=20_000)
    parser.add_argument(
        "--peer-clients", type=int, default=None, help="0 leaves the peer out (default: the same)"
    )
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--think", type=float, default=0.3, help="mean seconds between one reader's reads")
    parser.add_argument("--idle", type=float, default=15, help="seconds of reading before an intake")
    parser.add_argument("--intakes", type=int, default=3)
    parser.add_argument("--base", type=Path, help="data folder of a run to multiply, instead of making one")
    parser.add_argument("--keep", type=Path, help="keep everything in this folder")
    return parser.parse_args()


def _measure(root: Path, vendor: str, url: str, asked: argparse.Namespace, number: int) -> None:
    peer_clients = asked.clients if asked.peer_clients is None else asked.peer_clients
    for way, clients in (("generation", asked.clients), ("peer: one-transaction upsert", peer_clients)):
        if not clients:
            continue
        data = root / str(clients)
        run, made = firm(data, clients, asked.base)
        if not number:
            print(f"<!-- {made} -->")
        desk = Desk(data, _database(url, f"d{len(way)}") if url else "")
        for old in (
            () if url else (data / name for name in ("desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm"))
        ):
            old.unlink(missing_ok=True)
        (data / "runs" / "current").write_text(f"{run.name}\n", encoding="utf-8")
        desk.open(pages=True)
        if way != "generation":
            desk.call(sys.executable, HERE / "peer_upsert.py", run, "--fill")
        idle, under, spent = _under_readers(desk, run, asked, peer=way != "generation")
        _print(vendor, way, clients, idle, under, spent)


def _database(url: str, name: str) -> str:
    """A further database on the server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{url.rpartition('/')[0]}/{name}"


def _under_readers(
    desk: Desk, run: Path, asked: argparse.Namespace, *, peer: bool
) -> tuple[Reads, Reads, Spent]:
    spent = Spent()
    idle: list[tuple[float, float]] = []
    busy: list[tuple[float, float]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        _readers(desk, run, asked, Path(folder), peer=peer) as files,
    ):
        for number in range(2, 2 + asked.intakes):
            begun = time.monotonic()
            time.sleep(asked.idle)
            command = manage("load_run", again(run, number).name)
            if peer:
                command = [sys.executable, str(HERE / "peer_upsert.py"), str(run)]
            idle.append((begun, time.monotonic()))
            begun = time.monotonic()
            _spend(desk, command, spent)
            busy.append((begun, time.monotonic()))
        reads = [line.split() for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return _within(reads, idle), _within(reads, busy), spent


def _within(reads: list[list[str]], windows: list[tuple[float, float]]) -> Reads:
    """Reads that began in one of the windows."""
    found = Reads()
    for begun, took, cpu, ok in (map(float, one) for one in reads if len(one) == 4):
        if any(start <= begun < end for start, end in windows):
            found.seconds.append(took)
            found.cpu.append(cpu)
            found.failed += not ok
    return found


@contextmanager
def _readers(
    desk: Desk, run: Path, asked: argparse.Namespace, folder: Path, *, peer: bool
) -> Iterator[list[Path]]:
    """Start the readers and wait until each is warm; ended at the end, and none may have failed by itself."""
    clients = folder / "clients"
    clients.write_text("\n".join(sample_of_clients(run, 20_000)), encoding="utf-8")
    files = [folder / f"reads-{number}" for number in range(asked.readers)]
    processes = []
    for number, file in enumerate(files):
        command = [
            sys.executable,
            str(HERE / "card_reader.py"),
            "--user",
            "bench_firm",
            "--seed",
            str(number),
        ]
        command += ["--clients", str(clients), "--to", str(file), "--think", str(asked.think)]
        command += ["--peer"] if peer else []
        processes.append(subprocess.Popen(command, env=desk.environment, cwd=ROOT, stdin=subprocess.PIPE))
    try:
        while not all(file.exists() and file.read_bytes().count(b"\n") >= 20 for file in files):
            if any(process.poll() is not None for process in processes):
                raise RuntimeError("a reader ended by itself")
            time.sleep(0.2)
        yield files
    finally:
        for process in processes:
            process.communicate()
    if any(process.returncode for process in processes):
        raise RuntimeError("a reader ended with an error")


def _spend(desk: Desk, command: list[str], spent: Spent) -> None:
    """Run the intake as a process of its own and add what it took, its connection's part in the server too."""
    begun, told = time.monotonic(), {**desk.environment, "PGAPPNAME": IN_THE_SERVER}
    process = subprocess.Popen(command, env=told, cwd=ROOT, stdout=subprocess.DEVNULL)
    watch = threading.Thread(target=_watch_server, args=(desk.url, process, spent)) if desk.url else None
    if watch:
        watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if watch:
        watch.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    spent.wall += time.monotonic() - begun
    spent.cpu += usage.ru_utime + usage.ru_stime
    spent.peak_gib = max(spent.peak_gib, usage.ru_maxrss / 1024**2)
    spent.times += 1


def _watch_server(url: str, process: subprocess.Popen[bytes], spent: Spent) -> None:
    """CPU of the server's processes that serve the intake, seen every fifth of a second until it ends."""
    seen: dict[int, float] = {}
    question = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
    with psycopg.connect(url, autocommit=True) as connection:
        while process.returncode is None:
            for (pid,) in connection.execute(question, [IN_THE_SERVER]).fetchall():
                seen[pid] = max(seen.get(pid, 0.0), _cpu_of(pid))
            time.sleep(0.2)
    spent.server_cpu += sum(seen.values())


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def _print(vendor: str, way: str, clients: int, idle: Reads, under: Reads, spent: Spent) -> None:
    ratio = under.at(0.99) / idle.at(0.99)
    server = f" + server {spent.server_cpu / spent.times:.1f}" if spent.server_cpu else ""
    took = f"{spent.wall / spent.times:.1f} s, {spent.cpu / spent.times:.1f}{server} CPU s, {spent.peak_gib:.2f} GiB"
    verdict = "" if way != "generation" else (" (bar met)" if ratio <= BAR else f" (bar {BAR} missed)")
    failed = f"{under.failed} of {len(under.seconds):,}, idle {idle.failed}"
    row(vendor, way, f"{clients:,}", idle.told, under.told, f"{ratio:.2f}{verdict}", failed, took)


if __name__ == "__main__":
    main()
