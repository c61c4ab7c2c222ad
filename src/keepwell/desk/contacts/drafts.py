"""Forms begun but not saved: kept while typing, shown again at the next opening, dropped when saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from keepwell.desk.contacts.models import Draft
from keepwell.desk.people.models import User

LEFT_OUT = {"csrfmiddlewaretoken", "version"}
LONGEST = 500


def keep(user: User, client_id: str, form: str, typed: Mapping[str, str], at: dt.datetime) -> None:
    """Keep what was typed so far; an empty form is no draft."""
    fields = {name: str(value)[:LONGEST] for name, value in typed.items() if value and name not in LEFT_OUT}
    if fields:
        Draft.objects.update_or_create(
            user_id=user.pk, client_id=client_id, form=form, defaults={"fields": fields, "kept_at": at}
        )


def kept(user: User, client_id: str, form: str) -> Draft | None:
    """The draft of a form, if there is one."""
    return Draft.objects.filter(user_id=user.pk, client_id=client_id, form=form).first()


def drop(user: User, client_id: str, form: str) -> None:
    """Forget the draft: it was saved, or is not wanted."""
    Draft.objects.filter(user_id=user.pk, client_id=client_id, form=form).delete()
