"""`make run`: the made-up firm, its last two nights, the desk; stopped as one.

Every step is left out when its result is already in the data folder, so a second call only starts
the desk. Standard library only: it watches processes and holds no rule.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NIGHTS = ("2026-11-19", "2026-11-20")  # the last nights of the made-up firm: two, so that something changed
STOP_SECONDS = 10
FIRST_PAGE_SECONDS = 60
PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """Someone asked us to stop (Ctrl-C, or a signal)."""


def fail(message: str) -> NoReturn:
    """Print one line for a person and end with exit code 1."""
    print(f"keepwell: {message}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def on_signal(number: int, _frame: FrameType | None) -> None:
    """Turn a signal into an exception, so that one place stops the children."""
    raise Stopped(signal.Signals(number).name)


def end_with_parent() -> None:
    """In the child: end when this supervisor is killed without a chance to say so (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a child and everything it started: SIGTERM to its group, SIGKILL after ten seconds."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
        except ProcessLookupError:
            return
        try:
            child.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def start(command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own; a missing program ends with a clear error."""
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509  this supervisor has one thread
        )
    except FileNotFoundError:
        fail(f"{command[0]} is not there: run `make setup` again")


def step(title: str, command: Sequence[str | Path]) -> None:
    """Run one step to its end; a step that fails ends the whole call with its exit code named."""
    print(f"── {title}", flush=True)
    child = start(command)
    try:
        code = child.wait()
    finally:
        stop(child)
    if code:
        shown = " ".join(str(part) for part in command)
        fail(f"{title}: exit code {code} from: {shown}")


def manage(*arguments: str) -> list[str | Path]:
    """Answer the command line of one of the desk's management commands."""
    return [sys.executable, "-m", "keepwell.desk.site.manage", *arguments]


def as_of(data: Path) -> str:
    """The day of the current run; empty when there is none."""
    current = data / "runs/current"
    return day_of(data / "runs" / current.read_text(encoding="utf-8").strip()) if current.exists() else ""


def day_of(run: Path) -> str:
    """The day of a run."""
    return str(json.loads((run / "manifest.json").read_text(encoding="utf-8"))["as_of"])


def nights_before(data: Path, run: str) -> list[str]:
    """The made-up firm's runs before the current one: on a new desk its people lived those nights too."""
    runs = sorted(place.parent for place in (data / "runs").glob("*/manifest.json"))
    return [one.name for one in runs if one.name < run and day_of(one) in NIGHTS]


def is_made_up(data: Path) -> bool:
    """Whether the firm is the made-up one: only it has a known truth."""
    return (data / "truth").exists()


def make_run(data: Path) -> str:
    """See that each night of the made-up firm has its run, unless there are runs of other files; the current run.

    Between two nights its people are at the desk, and what they do goes to the next run.
    """
    current, extracts = data / "runs/current", data / "extracts"
    if not current.exists() and not (extracts / NIGHTS[-1] / "delivery.toml").exists():  # written last
        step(
            "made-up firm",
            [BIN / "keepwell", "simulate", "--to", extracts, "--nights", str(len(NIGHTS)), "--flaws"],
        )
    for night in NIGHTS:
        if (extracts / night / "delivery.toml").exists() and as_of(data) < night:
            if current.exists() and is_made_up(data):
                live_evening(data)
            step(
                f"nightly run of {night}",
                [BIN / "keepwell", "run", "--extracts", extracts / night, "--as-of", night],
            )
    if not current.exists():
        fail(f"the run ended but {current} is not there")
    return current.read_text(encoding="utf-8").strip()


def live_evening(data: Path) -> None:
    """The desk of the night before: its people talk, settle and decide, and the next run is given all of it.

    Each step does nothing the second time, so that a call which was stopped in between is taken up.
    """
    step("desk: database", manage("migrate", "--verbosity", "0"))
    step("desk: intake of the night before", manage("load_run"))
    make_people(data / "desk/demo-logins.txt", "evening")
    step("desk: what they did goes to the next run", manage("write_returns"))


def desk_state(run: str) -> str:
    """Hash what the desk's set-up depends on: run, database, migrations, static files, translations."""
    desk = ROOT / "src/keepwell/desk"
    patterns = ("**/migrations/*.py", "**/static/**/*", "**/*.mo")
    files = sorted(path for pattern in patterns for path in desk.glob(pattern) if path.is_file())
    seen = [f"{path.relative_to(desk)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    parts = [run, os.environ.get("KEEPWELL_DATABASE_URL", ""), *seen]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def make_desk(data: Path, run: str) -> None:
    """Migrate, take the current run in, make demo logins; nothing when the desk is already at that run.

    A new desk of the made-up firm takes the night before in first: whoever left since is missed there.
    """
    ready = data / "desk/ready"
    state = desk_state(run)
    if ready.exists() and ready.read_text(encoding="utf-8") == state:
        # nothing when the run is current; a desk that lays generations out otherwise by now takes it in anew
        step("desk: intake of the run", manage("load_run"))
        return
    step("desk: database", manage("migrate", "--verbosity", "0"))
    step("desk: static files", manage("collectstatic", "--noinput", "--clear", "--verbosity", "0"))
    if is_made_up(data) and not ready.exists():
        for before in nights_before(data, run):
            step("desk: intake of the night before", manage("load_run", before))
    step("desk: intake of the run", manage("load_run"))
    if is_made_up(data):
        make_people(data / "desk/demo-logins.txt")
    ready.parent.mkdir(parents=True, exist_ok=True)
    ready.write_text(state, encoding="utf-8")


def make_people(logins: Path, *part: str) -> None:
    """Make people to log in as, and let them do what they did before anybody looks on: a part of it, or all."""
    print("── desk: demo logins", flush=True)
    done = subprocess.run(manage("demo_logins"), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        fail(f"demo logins: exit code {done.returncode}\n{done.stderr.strip()}")
    logins.parent.mkdir(parents=True, exist_ok=True)
    logins.write_text(done.stdout, encoding="utf-8")
    logins.chmod(0o600)
    step("desk: what the made-up firm's people did", manage("demo_acts", *part))


def refuse_busy_port(port: int) -> None:
    """End with a clear error when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            fail(f"port {port} is not free ({error.strerror}); try: make run PORT={port + 1}")


def first_page(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the log-in page answers; a server that ends before ends the call."""
    for _ in range(FIRST_PAGE_SECONDS * 10):
        try:
            if server.wait(timeout=0.1) is not None:
                fail(f"the desk ended with exit code {server.returncode}")
        except subprocess.TimeoutExpired:
            pass
        page = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            page.request("GET", "/")
            status = page.getresponse().status
        except (ConnectionError, TimeoutError):
            continue
        finally:
            page.close()
        if status >= 500:
            fail(f"the first page answers {status}")
        return
    fail(f"no page after {FIRST_PAGE_SECONDS} seconds")


def gunicorn(port: int) -> list[str | Path]:
    """Answer the desk's command line: threads, so that a slow page holds up nobody."""
    workers = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    address = ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    return [BIN / "gunicorn", "keepwell.desk.site.wsgi:application", *workers, *address]


def pages_told(port: int) -> dict[str, str]:
    """What the made-up firm's pages for clients show, and where the desk finds them."""
    told = {"FIRM": "守望证券（模拟）", "LICENCE": "模拟公司，无许可证", "COMPLAINTS": "400-000-0000（模拟）"}
    named = {f"KEEPWELL_CLIENT_{name}": value for name, value in told.items()}
    return {**named, "KEEPWELL_CLIENT_PAGES": f"http://127.0.0.1:{port}"}


def pages_for_clients(port: int) -> list[str | Path]:
    """Answer the command line of the pages for clients: a process that knows nobody of the desk."""
    address = ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--threads", "4"]
    return [BIN / "gunicorn", "keepwell.desk.client_pages.wsgi:application", *address]


def serve(data: Path, port: int) -> None:
    """Start the desk and what stands beside it, and hold them until one ends or someone stops them.

    Beside it: the audit's sealer, the worker of jobs, the host of what-ifs and, for the made-up firm, the pages for
    clients.
    """
    # on PostgreSQL the pages have a role of their own, which a person makes first
    told = {"KEEPWELL_CLIENT_PAGES", "KEEPWELL_DATABASE_URL"} & set(os.environ)
    beside = is_made_up(data) and not told
    if beside:
        refuse_busy_port(port + 1)
        os.environ.update(pages_told(port + 1))
    with ExitStack() as stops:
        server = start(gunicorn(port))
        stops.callback(stop, server)
        first_page(server, port)  # these three can wait: what they start takes processors from the first page
        sealer = start(manage("seal_audit", "--loop"))
        stops.callback(stop, sealer)
        worker = start(manage("run_jobs", "--loop"))
        stops.callback(stop, worker)
        host = start([BIN / "keepwell", "host", "--data", data])
        stops.callback(stop, host)
        children = {"the desk": server, "the audit's sealer": sealer, "the worker of jobs": worker}
        children["the host of what-ifs"] = host
        if beside:
            pages = start(pages_for_clients(port + 1))
            stops.callback(stop, pages)
            children["the pages for clients"] = pages
        print(f"\nKeepwell 守客: http://127.0.0.1:{port}/   (Ctrl-C stops it)", flush=True)
        if beside:
            print(
                f"Pages for clients: http://127.0.0.1:{port + 1}/   (links are sent from a card)",
                flush=True,
            )
        logins = data / "desk/demo-logins.txt"
        if logins.exists():
            print(logins.read_text(encoding="utf-8"), flush=True)
        watch(children)


def watch(children: Mapping[str, subprocess.Popen[bytes]]) -> NoReturn:
    """Wait until one of the children ends, and say which; they only end by themselves when something is wrong."""
    ended, _status = os.waitpid(-1, 0)
    name = next((name for name, child in children.items() if child.pid == ended), f"process {ended}")
    fail(f"{name} ended by itself")


def arguments() -> argparse.Namespace:
    """Read --port and --data."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=Path("var"), help="extracts, runs and database")
    return parser.parse_args()


def main() -> int:
    """Do what is missing, then serve; 0 after Ctrl-C, 1 after an error."""
    options = arguments()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    data = (ROOT / options.data).resolve()
    os.environ["KEEPWELL_DATA"] = str(data)
    refuse_busy_port(options.port)
    try:
        make_desk(data, make_run(data))
        serve(data, options.port)
    except Stopped as reason:
        print(f"\nkeepwell: stopped ({reason})", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
