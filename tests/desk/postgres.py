"""A PostgreSQL server of our own: made with initdb in a temporary folder, on loopback, ended by its own process id.

Used by the tests and, with settings of its own, by the benchmarks.
"""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

NAME = "keepwell"
QUICK: Mapping[str, str] = {"fsync": "off"}  # a test's rows need not outlive the power supply
PR_SET_PDEATHSIG = 1


def programs() -> Path:
    """The newest installed PostgreSQL's folder of programs; raises `FileNotFoundError` with the remedy."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise FileNotFoundError("no initdb below /usr/lib/postgresql: install the Debian package postgresql")
    return found[-1].parent


def owner() -> str | None:
    """Who the server runs as: PostgreSQL refuses root; `None` means ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(settings: Mapping[str, str] = QUICK) -> Iterator[str]:
    """Start a server, yield the address of an empty database on it, stop it and remove its folder."""
    folder = Path(tempfile.mkdtemp(prefix="keepwell-postgres-"))
    user, password = owner(), secrets.token_hex(16)
    try:
        if user:
            shutil.chown(folder, user)
        _make(folder, user, password)
        port = free_port()
        process = _start(folder, user, port, settings)
        try:
            _wait(process, folder, port)
            yield f"postgresql://{NAME}:{password}@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)  # waits for no session
            process.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(folder: Path, user: str | None, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    if user:
        shutil.chown(secret, user)
    command = [programs() / "initdb", "-D", folder / "data", "-U", NAME, "--pwfile", secret, "-E", "UTF8"]
    command += ["--locale=C.UTF-8", "--auth=scram-sha-256", "--no-sync"]
    made = subprocess.run(command, user=user, cwd=folder, check=False, capture_output=True, text=True)
    if made.returncode:
        raise RuntimeError(f"initdb ended with exit code {made.returncode}: {made.stderr[-2000:]}")


def _end_with_parent() -> None:
    """In the child: stop, ending every session, when whoever asked for the server is killed (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _start(
    folder: Path, user: str | None, port: int, settings: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    told = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, **settings}
    command = [str(programs() / "postgres"), "-D", str(folder / "data")]
    command += [part for key, value in told.items() for part in ("-c", f"{key}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            user=user,
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  started before any thread
        )


def _wait(process: "subprocess.Popen[bytes]", folder: Path, port: int) -> None:
    ready = [programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    until = time.monotonic() + 30
    while subprocess.run(ready, check=False).returncode:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the server did not start: {(folder / 'log').read_text(encoding='utf-8')}")
