"""Who may see which part of a client's card."""

from __future__ import annotations

from keepwell.contract.verdict import Verdict
from keepwell.desk.people.models import User

SERVICE = "clients.read_service"


def may_see_service(user: User) -> Verdict:
    """Class, state, moments and proposals: not for AML officers, who see identity, accounts, holdings and flows."""
    return user.may(SERVICE)


def tabs(user: User) -> tuple[str, ...]:
    """The card's parts a user sees, the first being the one it opens with."""
    return (
        ("overview", "holdings", "accounts", "service") if may_see_service(user) else ("accounts", "holdings")
    )
