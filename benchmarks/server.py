"""A PostgreSQL server for a benchmark: own folder, loopback, ended by its own process id; commits reach the disk."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "keepwell"
SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
}


def _programs() -> Path:
    found = subprocess.run(["pg_config", "--bindir"], check=True, capture_output=True, text=True)
    return Path(found.stdout.strip())


def _owner() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server and yield the address of its empty database ``keepwell``; stopped and removed at the end."""
    folder, user, password = Path(tempfile.mkdtemp(prefix="keepwell-bench-")), _owner(), secrets.token_hex(16)
    try:
        secret = folder / "password"
        secret.write_text(password, encoding="utf-8")
        for path in (folder, secret):
            if user:
                shutil.chown(path, user)
        command = [
            _programs() / "initdb",
            "-D",
            folder / "data",
            "-U",
            NAME,
            "--pwfile",
            secret,
            "-E",
            "UTF8",
        ]
        command += ["--locale=C.UTF-8", "--auth=scram-sha-256"]
        subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        process = _start(folder, user, port)
        try:
            _wait(process, folder, port)
            yield f"postgresql://{NAME}:{password}@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            process.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, user: str | None, port: int) -> subprocess.Popen[bytes]:
    told = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, **SETTINGS}
    command = [str(_programs() / "postgres"), "-D", str(folder / "data")]
    command += [part for key, value in told.items() for part in ("-c", f"{key}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, user=user, cwd=folder, stdout=log, stderr=subprocess.STDOUT)


def _wait(process: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    ready = [_programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    until = time.monotonic() + 30
    while subprocess.run(ready, check=False).returncode:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the server did not start: {(folder / 'log').read_text(encoding='utf-8')}")
        time.sleep(0.1)
