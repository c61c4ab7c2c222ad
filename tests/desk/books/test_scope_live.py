"""R199: a book's figures follow the clients as they are looked after today, reassigned by day and covered ones too."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from keepwell.desk.books import queries, standing
from keepwell.desk.books.models import BranchStatistic
from keepwell.desk.clients.assignments import assign
from keepwell.desk.clients.scope import visible_to
from keepwell.desk.people.models import Cover

NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)


def existing(user: Any) -> tuple[int, Decimal]:
    cells = [cell for cell in queries.cells(user) if cell.population == "existing"]
    return sum(cell.n_clients for cell in cells), sum(
        (cell.assets_amount or Decimal(0) for cell in cells), Decimal(0)
    )


def test_r199_live_figures_are_the_runs_own_while_nobody_was_reassigned(
    firm_run: Any, worker: Callable[[str], Any]
) -> None:
    manager = worker("manager")
    names = ("population", "grade", "service_type", "activity_state", "n_clients", "assets_amount")
    rows = BranchStatistic.objects.filter(manager_code="S02").values_list(*names).order_by(*names[:4])
    assert [
        (
            cell.population,
            cell.grade,
            cell.service_type,
            cell.activity_state,
            cell.n_clients,
            cell.assets_amount,
        )
        for cell in queries.cells(manager)
    ] == list(rows)


def test_r199_a_reassigned_client_leaves_one_book_and_enters_another(
    firm_run: Any, worker: Callable[[str], Any]
) -> None:
    manager, adviser, head = worker("manager"), worker("adviser"), worker("branch_head")
    before, held = existing(manager), existing(adviser)
    amount = visible_to(manager).get(client_id="c000000").assets_amount
    assign(
        client_id="c000000", staff_code="S03", starts_on=dt.date(2026, 11, 23), grounds="act", by=head, at=NOW,
        run=firm_run.run_id,
    )  # fmt: skip
    assert existing(manager) == (before[0] - 1, before[1] - amount)
    assert existing(adviser) == (held[0] + 1, held[1] + amount)
    told = standing.by_manager(standing.of(head))
    assert told["S03"].n == existing(adviser)[0]
    assert "-" in told


def test_r199_a_covered_book_counts_while_the_cover_holds(
    firm_run: Any, worker: Callable[[str], Any]
) -> None:
    manager, adviser = worker("manager"), worker("adviser")
    own, covered, day = existing(manager), existing(adviser), timezone.localdate()
    Cover.objects.create(
        covered_code="S03",
        covering=manager,
        from_on=day,
        until_on=day,
        reason="休假",
        set_by=manager,
        set_at=NOW,
    )
    assert existing(manager) == (own[0] + covered[0], own[1] + covered[1])
