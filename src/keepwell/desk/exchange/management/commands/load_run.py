"""`load_run [RUN]`: take a run in, the engine's current one unless it is named."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from keepwell.desk.exchange import folders, intake, told
from keepwell.desk.generations.queries import current

GIVES_WAY = 10  # of 19: people at work come first, an intake takes what they leave


class Command(BaseCommand):
    """Take a run in as the desk's current generation; nothing happens when it already is."""

    help = "Take a run in as what people see (default: the engine's current run)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The run's number, optional."""
        parser.add_argument("run", nargs="?", help="run number, such as 000001")

    def run_from_argv(self, argv: list[str]) -> None:
        """As a process of its own the intake gives way to the desk's."""
        os.nice(GIVES_WAY)
        super().run_from_argv(argv)

    def handle(self, *_args: object, **options: object) -> None:
        """Print one line: the run, its clients, the seconds."""
        wanted = options["run"]
        run = folders.one(str(wanted)) if wanted else folders.current()
        if run is None:
            raise CommandError(
                f"no run {wanted or ''} in {folders.runs_folder()}: make one with keepwell run"
            )
        before, begun = current(), time.monotonic()
        try:
            generation = intake.take_in(run=run, by=None, at=timezone.now())
        except folders.IntakeError as error:
            raise CommandError(str(error)) from error
        told.load_stories(is_made_up=generation.is_made_up)
        if generation.is_made_up:  # a real firm's first plan is approved by its people
            call_command("approve_first_plan", stay=told.of_whom(), stdout=self.stdout)
        if before and before.taken_in_at == generation.taken_in_at:
            self.stdout.write(f"run {generation.run_id} is current already")
        else:
            seconds = time.monotonic() - begun
            self.stdout.write(
                f"run {generation.run_id}: {generation.n_clients} clients taken in, {seconds:.1f} s"
            )
        if generation.returns_cut:
            cut = timezone.localtime(generation.returns_cut)
            self.stdout.write(f"it knows what people did up to {cut:%Y-%m-%d %H:%M:%S}")
