"""People for a desk under measurement: one who sees the firm, and a branch head, a leader and a manager with a book."""

from __future__ import annotations

import django

from keepwell.contract.codes import Role

PEOPLE = {
    "bench_firm": Role.HQ_BROKERAGE,
    "bench_head": Role.BRANCH_HEAD,
    "bench_leader": Role.TEAM_LEADER,
    "bench_manager": Role.MANAGER,
}


def main() -> None:
    """Make the logins that are missing, bound to the branch, team and book with the most clients among the first."""
    django.setup()
    from django.db.models import Count
    from django.utils import timezone

    from keepwell.desk.clients.models import ClientLine, Staff
    from keepwell.desk.generations.queries import read_current
    from keepwell.desk.people.actions import create_user
    from keepwell.desk.people.models import User

    read_current()
    holders = list(Staff.objects.filter(has_book=True).exclude(team_code=None).order_by("pk")[:40])
    books = ClientLine.objects.filter(manager_code__in=[one.pk for one in holders]).values_list(
        "manager_code"
    )
    code = books.annotate(n=Count("*")).order_by("-n", "manager_code")[0][0]
    manager = next(one for one in holders if one.pk == code)
    for name, role in PEOPLE.items():
        if not User.objects.filter(username=name).exists():
            bound = {
                "branch_code": manager.branch_code,
                "team_code": manager.team_code,
                "staff_code": manager.pk,
            }
            create_user(
                username=name, display_name=name, role=str(role), password=name * 2, by=None, at=timezone.now(),
                must_change_password=False, **bound,
            )  # fmt: skip


if __name__ == "__main__":
    main()
