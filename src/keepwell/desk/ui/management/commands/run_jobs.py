"""`manage run_jobs`: do the jobs that wait; with --loop keep on, and take back those whose worker was killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connections
from django.utils import timezone
from django.utils.translation import gettext

from keepwell.desk.ui import jobs_running
from keepwell.desk.ui.models import Job

PAUSE = 0.5
RENEW_EVERY = 5.0
LONGEST = 1800.0  # seconds a job may take; what takes longer hangs
STOPPED = threading.Event()


class Command(BaseCommand):
    """One job at a time, each in a process of its own: what it leaks or breaks ends with it."""

    help = "Do the jobs that wait; --loop keeps on until SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        """--loop."""
        parser.add_argument("--loop", action="store_true", help="keep on until SIGTERM")

    def handle(self, *_args: Any, loop: bool, **_options: Any) -> None:
        """Do what waits; a database that is away for a while is tried again in a loop."""
        if loop:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: STOPPED.set())
        while True:
            try:
                jobs_running.sweep(timezone.now())
                job = jobs_running.claim(jobs_running.new_worker(), timezone.now())
                if job:
                    self.hold(job)
                    continue
            except OperationalError as error:
                if not loop:
                    raise
                self.stderr.write(f"run_jobs: {error}; trying again")
                connections.close_all()
            if not loop or STOPPED.wait(PAUSE):
                return

    def hold(self, job: Job) -> None:
        """Let a child do the job, renew its lease while the child lives, and say what became of it."""
        connections.close_all()
        child = multiprocessing.get_context("fork").Process(target=_child, args=(job, os.getpid()))
        child.start()
        begun = time.monotonic()
        while child.is_alive():
            child.join(RENEW_EVERY)
            too_long = time.monotonic() - begun > LONGEST
            if child.is_alive() and (STOPPED.is_set() or too_long or not self.renewed(job)):
                child.kill()
                child.join()
        now = timezone.now()
        if child.exitcode and child.exitcode < 0:
            jobs_running.give_back(job, now)
        elif child.exitcode:
            self.stderr.write(f"run_jobs: {job} ended with an error, told above")
            jobs_running.fail(
                job, gettext("It ended with an error; the administrators' log tells more."), now
            )

    def renewed(self, job: Job) -> bool:
        """Whether the job is still ours; a database that is away for a moment does not end it."""
        try:
            return jobs_running.renew(job, timezone.now())
        except OperationalError as error:
            self.stderr.write(f"run_jobs: {error}; the lease of {job} was not renewed")
            connections.close_all()
            return True


def _child(job: Job, parent: int) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    jobs_running.work(job, still_wanted=lambda: os.getppid() == parent)
