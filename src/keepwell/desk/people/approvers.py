"""Who may sign a proposal besides its proposer, and asking them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from keepwell.desk.people import queries
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui import notices

notices.register("people.asked", _("Waits for your approval: %(title)s (%(by)s)"), "assigned")
notices.register("people.approved", _("Approved by %(by)s: %(title)s"), "decided")
notices.register("people.returned", _("Returned by %(by)s: %(title)s. %(reason)s"), "decided")

Title = str | Callable[[], str]  # called where it is said otherwise in each language


def others(permission: str, *, but: User | None, branch_code: str = "", of_firm: bool = False) -> list[User]:
    """Who else may: holders of the permission who see the firm, or the branch named; by user name.

    `of_firm` asks those alone who see the whole firm; without it and a branch, everybody who holds the permission.
    """
    found = [user for user in queries.active() if user.may(permission) and (but is None or user.pk != but.pk)]
    stream = but.audit_stream if but else "firm"
    return [user for user in found if user.audit_stream == stream and _sees(user, branch_code, of_firm)]


def _sees(user: User, branch_code: str, of_firm: bool) -> bool:
    if user.scope is Scope.FIRM:
        return True
    within = user.branch_code == branch_code and user.scope in {Scope.BRANCH, Scope.TEAM}
    return not of_firm and (not branch_code or within)


def ask(
    *,
    permission: str,
    title: Title,
    key: str,
    by: User,
    at: dt.datetime,
    branch_code: str = "",
    of_firm: bool = False,
) -> str:
    """Tell everybody who may decide; answer the first one's name, empty when there is nobody.

    `title` names a client masked, if at all; `key` is the proposal's (`clients.override:17`).
    """
    asked = others(permission, but=by, branch_code=branch_code, of_firm=of_firm)
    facts = {"title": _in_languages(title), "by": by.display_name}
    for user in asked:
        notices.tell(
            to=user.pk, kind="people.asked", key=key, at=at, facts=facts, url=reverse("people:approvals")
        )
    return asked[0].display_name if asked else ""


def answer(
    *,
    to: int,
    title: Title,
    key: str,
    is_approved: bool,
    reason: str,
    by: User,
    at: dt.datetime,
    url: str = "",
) -> None:
    """Tell the proposer what became of the proposal."""
    kind = "people.approved" if is_approved else "people.returned"
    facts = {"title": _in_languages(title), "by": by.display_name, "reason": reason}
    notices.tell(to=to, kind=kind, key=key, at=at, facts=facts, url=url)


def _in_languages(title: Title) -> str | dict[str, str]:
    """The title for whoever reads the notice, which need not be in the language of who proposed or decided."""
    if isinstance(title, str):
        return title
    told = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            told[code] = title()
    return told
