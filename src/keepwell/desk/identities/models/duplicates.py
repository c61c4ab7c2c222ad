"""Who asked whether somebody is on file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from keepwell.desk.identities.models.columns import person


class DuplicateCheck(models.Model):
    """Somebody asked whether a person is on file; of the number only a keyed hash is kept."""

    class Answer(models.TextChoices):
        """What was answered."""

        FOUND = "found", _("On file")
        NONE = "none", _("Not on file")
        DOUBTFUL = "doubtful", _("Check digit does not fit")

    digest = models.CharField(_("hash of the number"), max_length=32)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices)
    branch_code = models.CharField(_("asked from branch"), max_length=16, blank=True)
    by = person(_("by"))
    at = models.DateTimeField(_("at"))
    run = models.CharField(_("run"), max_length=32)
    verified_by = person(_("verified by"), null=True)
    verified_at = models.DateTimeField(_("verified at"), null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("duplicate check")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=("branch_code", "-id"),
                name="check_to_verify",
                condition=models.Q(answer="doubtful", verified_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:6]}: {self.answer}"
