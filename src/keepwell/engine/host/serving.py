"""The loop of the host: take the oldest ask, answer it, show that one lives; nothing that is asked ends it.

Each ask is answered by a child, so that one that takes too long can be ended; kernels are loaded before, in the parent.
"""

from __future__ import annotations

import datetime as dt
import logging
import multiprocessing
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from keepwell.contract.asking import AskKind, AskState
from keepwell.engine.host.behind import NoSuchFeature, traced
from keepwell.engine.host.folder import Asked, Asks, Unreadable, key_of, read
from keepwell.engine.host.trying import Held, Trial, Unanswerable, hold, tried, warm_up
from keepwell.engine.store.errors import NoSuchClient, StoreError
from keepwell.engine.store.folder import DataFolder

Clock = Callable[[], dt.datetime]
PAUSE = 0.1
LIVE_EVERY, SWEEP_EVERY = 20, 6000
"""In pauses: two seconds, ten minutes."""
LIVE_SECONDS = 1.0
FORKS = multiprocessing.get_context("fork")  # a child knows the run that its parent holds, without reading it
log = logging.getLogger(__name__)


def serve(data: Path, clock: Clock, stopped: threading.Event, *, once: bool = False) -> int:
    """Answer asks until stopped, or with ``once`` what waits now; how many were answered.

    The current run is read before the first ask, and a new one when it is there and nothing waits.
    """
    asks, held, n = Asks(data), None, 0
    with asks.held():
        for turn in range(1 << 62):
            if turn % SWEEP_EVERY == 0:
                asks.sweep(clock())
            if turn % LIVE_EVERY == 0:
                held = _newest(data, asks, held)
            waiting = asks.waiting()
            for path in waiting:
                held, answered = _one(data, asks, path, held, clock)
                n += answered
            if waiting:
                asks.live(held.run if held else "")
            if once or stopped.wait(PAUSE):
                break
    return n


def _newest(data: Path, asks: Asks, held: Held | None) -> Held | None:
    """The current run, read when it is another one than the last; whatever is wrong with it is told when asked."""
    run = DataFolder(data).current()
    if run is not None and (held is None or held.run < run):
        asks.live("", key="reading")
        try:
            held = hold(data, run)
            warm_up(held)
        except (StoreError, OSError, ValueError):
            log.exception("run %s cannot be read", run)
    asks.live(held.run if held else "")
    return held


def _one(data: Path, asks: Asks, path: Path, held: Held | None, clock: Clock) -> tuple[Held | None, bool]:
    try:
        asked = read(path)
    except FileNotFoundError:  # withdrawn meanwhile
        return held, False
    except Unreadable as fault:
        log.warning("%s", fault)
        asks.answer(key_of(path), AskState.FAILED, {})
        return held, True
    if asked.is_late(clock()):
        asks.answer(asked.key, AskState.TIMED_OUT, {})
        return held, True
    asks.live(held.run if held else "", key=asked.key)
    try:
        if asked.kind is AskKind.ALLOCATION and (held is None or held.run != asked.run):
            held = hold(data, asked.run)
        trial = _in_time(asks, asked, held, clock)
    except (StoreError, OSError, ValueError):
        log.exception("ask %s about run %s", asked.key, asked.run)
        trial = Trial(AskState.FAILED)
    asks.answer(asked.key, trial.state, trial.body)
    return held, True


def _in_time(asks: Asks, asked: Asked, held: Held | None, clock: Clock) -> Trial:
    """The answer of a child that knows the run already; one for which nobody waits any longer is ended."""
    hears, tells = FORKS.Pipe(duplex=False)
    child = FORKS.Process(target=_tell, args=(tells, asks.data, asked, held), daemon=True)
    child.start()
    tells.close()
    try:
        while not hears.poll(LIVE_SECONDS):
            asks.live(held.run if held else "", key=asked.key)
            if asked.is_late(clock()):
                return Trial(AskState.TIMED_OUT)
        told: Trial = hears.recv()
    except EOFError:  # the child ended without a word
        log.warning("ask %s about run %s ended by itself", asked.key, asked.run)
        return Trial(AskState.FAILED)
    else:
        return told
    finally:
        child.kill()
        child.join()
        hears.close()


def _tell(tells: Connection, data: Path, asked: Asked, held: Held | None) -> None:
    """In the child: an answer, whatever happens."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    try:
        trial = _answer(data, asked, held)
    except (Unanswerable, NoSuchFeature, NoSuchClient) as fault:
        trial = Trial(AskState.FAILED, {"fault": str(fault)})
    except Exception:
        log.exception("ask %s about run %s", asked.key, asked.run)
        trial = Trial(AskState.FAILED)
    tells.send(trial)
    tells.close()


def _answer(data: Path, asked: Asked, held: Held | None) -> Trial:
    """What is answered, by what is asked. Raises ``Unanswerable``, ``NoSuchFeature`` and ``StoreError``."""
    if asked.kind is AskKind.FEATURE:
        return Trial(AskState.ANSWERED, traced(data, asked.run, asked.body))
    if held is None:
        raise Unanswerable(f"run {asked.run} cannot be read")
    return tried(held, asked.body)
