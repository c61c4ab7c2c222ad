"""A desk for a benchmark: its data folder and database made ready, a run taken in, one login a role."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from measure import ROOT

SETTINGS = "keepwell.desk.site.settings"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a desk's files and rows are; ``url`` is empty for SQLite in the folder."""

    data: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        told = {
            "KEEPWELL_DATA": str(self.data),
            "KEEPWELL_DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
        }
        return {**os.environ, **told, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'benchmarks'}"}

    def call(self, *command: str | Path) -> str:
        """Run a command of this desk to its end; answers what it printed."""
        done = subprocess.run(
            [str(part) for part in command],
            env=self.environment,
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{command}: exit code {done.returncode}\n{done.stderr[-4000:]}")
        return done.stdout

    def manage(self, *arguments: str) -> str:
        """Run one of the desk's management commands."""
        return self.call(*manage(*arguments))

    def open(self, *, pages: bool = False) -> None:
        """Migrate, take the current run in, make logins; with ``pages``, the static files too."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("load_run")
        self.call(sys.executable, ROOT / "benchmarks" / "logins.py")
        if pages:
            self.manage("collectstatic", "--noinput", "--clear", "--verbosity", "0")


def manage(*arguments: str) -> list[str]:
    """The command line of a management command."""
    return [sys.executable, "-m", "keepwell.desk.site.manage", *arguments]
