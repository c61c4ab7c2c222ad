"""What stands on the ground floor because every room uses it: jobs, notices, requests for a file.

People are kept as plain id and name: this floor holds no key to anyone.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Work that takes longer than a page may: who asked, how far it is, who holds it, what it made.

    A worker holds a job by `worker` and `lease_until`; whatever it writes is written under that name, so that a
    worker that was thought dead and comes back changes nothing.
    """

    class State(models.TextChoices):
        """Waiting, running, or one of three ends."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=160, unique=True)
    payload = models.JSONField(default=dict)
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=40)
    stream = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=80, blank=True)
    n = models.BigIntegerField(default=0)
    of = models.BigIntegerField(default=0)
    worker = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_stop_asked = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    file_place = models.CharField(max_length=80, blank=True)
    trouble = models.CharField(max_length=400, blank=True)

    class Meta:
        default_permissions = ()
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["actor_id", "-id"]),
            models.Index(fields=["state", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether it has not come to an end."""
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def path(self) -> Path:
        """Where the file lies that the job made."""
        return folder() / self.file_place

    def open_file(self, name: str) -> IO[bytes]:
        """A new file, its owner's alone, that becomes the job's result when the job is done."""
        place = folder()
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file_name, self.file_place = name, f"{self.pk}-{self.worker or 'here'}"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        return os.fdopen(descriptor, "wb")


def folder() -> Path:
    """Where files of jobs lie; nothing serves them but the view that asks whose they are."""
    return Path(settings.MEDIA_ROOT) / "jobs"


class Notice(models.Model):
    """Something that concerns one person: its kind names the sentence, `facts` what the sentence names."""

    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=160, unique=True)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    # opened by itself; what was read with all the others is told by `NoticesSeen`
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["user_id", "-at", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class NoticesSeen(models.Model):
    """Up to when a person has read their notices."""

    user_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} up to {self.at}"


class Export(models.Model):
    """A request to take rows away as a file: of what, for what purpose, how many, who let it go."""

    class State(models.TextChoices):
        """Proposed until another person decides; small ones are allowed at once."""

        PROPOSED = "proposed", _("awaiting approval")
        ALLOWED = "allowed", _("allowed")
        RETURNED = "returned", _("returned")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(max_length=64)
    query = models.CharField(max_length=1000, blank=True)
    form = models.CharField(max_length=4)
    purpose = models.CharField(max_length=200)
    n_rows = models.PositiveIntegerField()
    run = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=40)
    branch_code = models.CharField(max_length=16, blank=True)
    stream = models.CharField(max_length=8)
    proposed_at = models.DateTimeField()
    asked_name = models.CharField(max_length=40, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    job_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "kind", "id"]),
            models.Index(fields=["decided_by_id", "-decided_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.state})"
