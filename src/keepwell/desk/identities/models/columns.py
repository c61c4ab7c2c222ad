"""Columns that several tables of this room have: a person who acted, and one of two clients."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from keepwell.desk.clients.models import Client


def person(name: Any, **options: Any) -> models.ForeignKey[Any, Any]:
    """Who did something; their login stays as long as what they did."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=name, **options
    )


def side(name: str) -> models.ForeignKey[Client, Client]:
    """The client of a row of the run, which may name one that the desk does not know yet."""
    return models.ForeignKey(
        Client, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", verbose_name=name
    )
