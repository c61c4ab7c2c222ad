"""500 audited acts a second by 8 writers, the sealer beside them: how long does one act take?

Each writer is a process that begins its acts on a fixed schedule (open loop: an act that begins late counts from when
it should have begun), in a transaction of its own as an action of a room does. On PostgreSQL once more with a
transaction planted that holds its entry open for 30 seconds. The peer is one bare row of text, written and committed in
the same way.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from measure import ROOT, row
from server import postgres

RATE, WRITERS, BAR_MS = 500, 8, 50.0
sys.path.insert(0, str(ROOT / "src"))


def prepare(data: Path, address: str) -> None:
    """Django on a fresh database."""
    os.environ.update(
        KEEPWELL_DATA=str(data),
        KEEPWELL_DATABASE_URL=address,
        DJANGO_SETTINGS_MODULE="keepwell.desk.site.settings",
    )
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_peer (told text)")


def act(number: int, *, audited: bool) -> None:
    """One act as a room does it: reading a card, whose trace is all that it writes; or a bare row for the peer."""
    from django.db import connection, transaction
    from django.utils import timezone

    from keepwell.desk.audit.actions import record

    now = timezone.now()
    with transaction.atomic():
        if audited:
            told = {
                "subject_kind": "client",
                "subject_id": f"c{number:030d}",
                "payload": {"part": "overview"},
            }
            record(by=None, at=now, verb="bench.act", run="000001", **told)
        else:
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO bench_peer (told) VALUES (%s)", [f"c{number:030d} {now}"])


def write(number: int, seconds: float, ready: Any, audited: bool, told: Any) -> None:
    """One writer: its acts on schedule; sends the milliseconds each took."""
    for at in range(20):  # connect, and compile what is compiled once
        act(-20 * number - at - 1, audited=audited)
    ready.wait()
    begin = time.monotonic()
    every = WRITERS / RATE
    took = []
    for at in range(int(seconds / every)):
        due = begin + number * every / WRITERS + at * every
        time.sleep(max(0.0, due - time.monotonic()))
        act(number * 1_000_000 + at, audited=audited)
        took.append((time.monotonic() - due) * 1000)
    told.send(took)


def seal(told: Any) -> None:
    """The sealer's loop, each second, until it is told to end."""
    from keepwell.desk.audit.management.commands.seal_audit import seal_all

    while not told.poll(1.0):
        seal_all(recent_only=True)


def hold_open(seconds: float, told: Any) -> None:
    """A transaction that writes its entry and stays open."""
    from django.db import transaction
    from django.utils import timezone

    from keepwell.desk.audit.actions import record

    with transaction.atomic():
        record(by=None, at=timezone.now(), verb="bench.long")
        told.send(True)
        time.sleep(seconds)


@contextmanager
def beside(target: Any, *arguments: Any) -> Iterator[Any]:
    """A process beside the writers; it is given the other end of a pipe."""
    mine, its = context().Pipe()
    process = context().Process(target=target, args=(*arguments, its))
    process.start()
    try:
        yield mine
    finally:
        mine.send("end")
        process.join()


def context() -> Any:
    """Processes are forked: each opens a connection of its own."""
    return multiprocessing.get_context("fork")


def measured(seconds: float, *, audited: bool) -> list[float]:
    """All writers' times in milliseconds, sorted."""
    from django.db import connections

    connections.close_all()
    ready = context().Barrier(WRITERS)
    started = []
    for number in range(WRITERS):
        mine, its = context().Pipe()
        process = context().Process(target=write, args=(number, seconds, ready, audited, its))
        process.start()
        started.append((process, mine))
    took = sorted(one for _process, mine in started for one in mine.recv())
    for process, _mine in started:
        process.join()
    return took


def report(database: str, what: str, took: list[float], seconds: float) -> float:
    """One line of the table; answers the 99th percentile."""
    p99 = statistics.quantiles(took, n=100)[98]
    rate = f"{len(took) / seconds:.0f}/s"
    row(database, what, len(took), rate, *(f"{one:.1f}" for one in (statistics.median(took), p99, took[-1])))
    return p99


def unsealed() -> int:
    """Entries without a seal after a last full look."""
    from django.conf import settings

    from keepwell.desk.audit.keys import read_or_make
    from keepwell.desk.audit.management.commands.seal_audit import seal_all
    from keepwell.desk.audit.queries import verify

    seal_all(recent_only=False)
    found = verify("firm", read_or_make(settings.AUDIT_KEY_FILE))
    if found.findings:
        sys.exit(f"the chain is not whole: {found.findings[:3]}")
    return found.unsealed


def run(database: str, address: str, seconds: float) -> bool:
    """Peer, audited, and on PostgreSQL audited beside a long transaction; whether the bar holds."""
    from django.db import connections

    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), address)
        report(database, "peer: without audit", measured(seconds, audited=False), seconds)
        connections.close_all()
        with beside(seal):
            worst = report(database, "audited", measured(seconds, audited=True), seconds)
            if address:
                connections.close_all()
                with beside(hold_open, 30.0) as held:
                    held.recv()
                    took = measured(min(seconds, 25.0), audited=True)
                    worst = max(worst, report(database, "audited, 30 s open", took, min(seconds, 25.0)))
        left = unsealed()
        print(
            f"\n{database}: {left} unsealed after the last look, chain whole; load {os.getloadavg()[0]:.1f}\n",
            flush=True,
        )
        return worst <= BAR_MS and left == 0


def main() -> None:
    """A database a process: Django is set up once in each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--databases", default="sqlite,postgresql")
    options = parser.parse_args()
    row("database", "acts", "n", "rate", "p50 ms", "p99 ms", "worst ms")
    row(*["---"] * 7)
    good = []
    for database in options.databases.split(","):
        mine, its = context().Pipe()
        process = context().Process(target=_of_database, args=(database, options.seconds, its))
        process.start()
        good.append(bool(mine.recv()))
        process.join()
    if not all(good):
        sys.exit(f"the bar of {BAR_MS:.0f} ms at the 99th percentile does not hold")


def _of_database(database: str, seconds: float, told: Any) -> None:
    if database == "sqlite":
        told.send(run(database, "", seconds))
        return
    with postgres() as address:
        told.send(run(database, address, seconds))


if __name__ == "__main__":
    main()
