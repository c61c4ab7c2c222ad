"""One reader of the intake benchmark: reads client cards one after the other until told to stop.

Each read is the card's own view behind the middleware that pins the generation: the pointer, the client in the
reader's scope with all that is decided, the audit row in its own transaction, reasons, months, occasions, proposal,
the page. The connection is closed or kept as at the end of a request. Writes ``begun seconds cpu ok`` a line; ends when
its standard input ends.
"""

from __future__ import annotations

import argparse
import random
import select
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.db import DatabaseError, close_old_connections
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve


def main() -> None:
    """Read cards at the pace asked for."""
    asked = _arguments()
    django.setup()
    from keepwell.desk.people.models import User

    user = User.objects.get(username=asked.user)
    clients = asked.clients.read_text(encoding="utf-8").split()
    chance = random.Random(asked.seed)  # noqa: S311  whose card is next is no secret
    time.sleep(asked.think * chance.random())
    with asked.to.open("w", encoding="utf-8") as out:
        while not select.select([sys.stdin], [], [], 0)[0]:
            begun, cpu = time.monotonic(), time.process_time()
            ok = read(user, chance.choice(clients), peer=asked.peer)
            took, cpu = time.monotonic() - begun, time.process_time() - cpu
            out.write(f"{begun} {took} {cpu} {int(ok)}\n")
            out.flush()
            time.sleep(max(0.0, chance.expovariate(1 / asked.think) if asked.think else 0.0))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--user", required=True)
    parser.add_argument("--clients", type=Path, required=True, help="file with client numbers")
    parser.add_argument("--to", type=Path, required=True, help="file for the times")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--think", type=float, required=True, help="mean seconds between reads")
    parser.add_argument("--peer", action="store_true", help="read the one table set, not the generation")
    return parser.parse_args()


def read(user: object, client_id: str, *, peer: bool) -> bool:
    """Ask for one card as its owner's browser does, behind the pointer's middleware; whether it came whole."""
    from keepwell.desk.generations.middleware import pin_generation
    from keepwell.desk.generations.queries import current

    request: Any = RequestFactory().get(f"/clients/{client_id}/", headers={"host": "localhost"})
    card = resolve(request.path).func
    request.user, request.htmx, request.session = user, False, {}
    try:
        if peer:
            request.generation = current()
            answer = card(request, client_id)
        else:
            answer = pin_generation(lambda pinned: card(pinned, client_id))(request)
    except (DatabaseError, OSError, Http404) as error:
        print(f"client {client_id}: {type(error).__name__} {error}", file=sys.stderr)
        return False
    finally:
        close_old_connections()
    return answer.status_code == 200 and client_id.encode() in answer.content


if __name__ == "__main__":
    main()
