"""The stories of the made-up firm, from the file that lies beside its extracts, to the room that tells them."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings

from keepwell.desk.tour.models import Story
from keepwell.desk.tour.stories import keep


def load_stories(*, is_made_up: bool) -> int:
    """Keep the made-up firm's stories, none of a real firm or one too small for them; answers how many."""
    path = Path(settings.DATA) / "truth" / "stories.json"
    told = json.loads(path.read_text(encoding="utf-8"))["stories"] if is_made_up and path.exists() else []
    return keep(told)


def of_whom() -> list[str]:
    """The customer numbers that the stories are told of."""
    return sorted({code for story in Story.objects.all() for cast in story.casts for code in cast})
