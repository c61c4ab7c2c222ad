"""Conflicts of clients at home elsewhere who have a customer number here: only what lies here is shown (R004)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from keepwell.contract.golden import Fact
from keepwell.desk.clients.models import Place
from keepwell.desk.identities.facts.queries import ORDER
from keepwell.desk.identities.models import GoldenField, IdentityConflict, LimitedAccount, Verification
from keepwell.desk.people.models import User
from keepwell.desk.people.roles import Scope
from keepwell.desk.ui.paging import Keyset, keyset


def conflicts(user: User) -> QuerySet[IdentityConflict]:
    """Conflicts in which a value or an account of this branch stands, of clients at home elsewhere, not settled.

    Whose value stands here has a customer number here, and not being at home is a guest (`clients.scope.guests_of`):
    asked so, a page is read in the order of the list, and no guest without a conflict is looked at.
    """
    rows = IdentityConflict.objects.select_related("client__line")
    if user.scope is not Scope.BRANCH or not user.branch_code:
        return rows.none()
    of_client = {"client_id": OuterRef("client_id"), "branch_code": user.branch_code}
    said_here = GoldenField.objects.filter(golden_field=OuterRef("golden_field"), **of_client)
    account_here = LimitedAccount.objects.filter(**of_client)
    at_home = Place.objects.filter(client_id=OuterRef("client_id"), home_branch_code=user.branch_code)
    settled = Verification.objects.filter(
        state=Verification.State.IN_FORCE, conflict_key=OuterRef("conflict_key")
    )
    stands_here = Exists(said_here) | Q(golden_field=None) & Exists(account_here)
    return rows.filter(stands_here, ~Exists(at_home), ~Exists(settled))


def listed(user: User, cursor: str) -> Keyset[IdentityConflict]:
    """A page of them, in the order of the work list."""
    return keyset(conflicts(user), ORDER, cursor)


def one(user: User, conflict_key: str) -> IdentityConflict | None:
    """One of them."""
    return conflicts(user).filter(conflict_key=conflict_key).first()


def own_values(user: User, conflict: IdentityConflict) -> list[GoldenField]:
    """What the records of this branch say of the fact."""
    rows = GoldenField.objects.filter(client_id=conflict.client_id, branch_code=user.branch_code)
    return list(rows.filter(golden_field=conflict.golden_field or "").order_by("record_code"))


def own_accounts(user: User, conflict: IdentityConflict) -> list[LimitedAccount]:
    """The accounts of this branch among those that are too many."""
    rows = LimitedAccount.objects.filter(client_id=conflict.client_id, branch_code=user.branch_code)
    return list(rows.order_by("market", "account_kind", "nth"))


def has_more(user: User, conflict: IdentityConflict, n_values: int) -> bool:
    """Whether another branch has something else: a value that differs, or an account more."""
    if conflict.golden_field:
        return bool(conflict.n_values > n_values)
    rows = LimitedAccount.objects.filter(client_id=conflict.client_id)
    return rows.exclude(branch_code=user.branch_code).exists()


def names(user: User, client_ids: list[str]) -> dict[str, str]:
    """The names by which this branch knows clients whose records differ in it."""
    rows = GoldenField.objects.filter(
        client_id__in=client_ids, branch_code=user.branch_code, golden_field=str(Fact.CLIENT_NAME)
    )
    return dict(rows.order_by("-record_code").values_list("client_id", "shown_value"))
