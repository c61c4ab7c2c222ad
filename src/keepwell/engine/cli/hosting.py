"""``keepwell host``: answer the desk's what-ifs until told to stop."""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import signal
import threading

from keepwell.engine.cli import output
from keepwell.engine.host.serving import serve


def execute(asked: argparse.Namespace) -> int:
    """Answer asks until SIGTERM or Ctrl-C; with --once those that wait now."""
    logging.basicConfig(format="keepwell host: %(message)s")
    stopped = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        n = serve(asked.data, lambda: dt.datetime.now(tz=dt.UTC), stopped, once=asked.once)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked.json:
        output.as_json({"answered": n})
    else:
        print(f"{n} asks answered.")
    return 0
