"""The stories as rows: kept as the made-up firm's file tells them, forgotten with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from keepwell.desk.tour.models import Story


@transaction.atomic
def keep(told: Iterable[Mapping[str, Any]]) -> int:
    """Keep exactly these stories, in their order; answers how many. Told twice, it changes nothing."""
    keys = []
    for position, one in enumerate(told, 1):
        facts = {
            "position": position,
            "on": dt.date.fromisoformat(one["on"]),
            "title_en": one["title"]["en"],
            "title_zh": one["title"]["zh"],
            "look_en": one["look"]["en"],
            "look_zh": one["look"]["zh"],
            "staff_code": one["staff"],
            "records": list(one["records"]),
            "also": [list(cast["records"]) for cast in one.get("also", ())],
        }
        Story.objects.update_or_create(key=one["key"], defaults=facts)
        keys.append(one["key"])
    Story.objects.exclude(pk__in=keys).delete()
    return len(keys)


def all_by_key() -> dict[str, Story]:
    """Every story by its key."""
    return {story.key: story for story in Story.objects.all()}
