"""What changed for a client since the run before (R104)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import CarriedChange

OF_CLIENT = (CarriedChange.POPULATION, CarriedChange.HOME_BRANCH, CarriedChange.MANAGER)
OF_CLASS = (CarriedChange.GRADE, CarriedChange.SERVICE_TYPE, CarriedChange.ACTIVITY)


def client_change(client: Any, client_grade: Any, parent_client: Any, parent_client_grade: Any) -> Any:
    """One row a client and value that differs; nothing when there is no run before.

    A client the run before did not know is one change, not seven. Values are the codes as they are stored.
    """
    now, before = _facts(client, client_grade), _facts(parent_client, parent_client_grade)
    earlier = before.rename({f"before_{name}": name for name in before.columns})
    both = now.join(earlier, now.client_id == earlier.before_client_id)
    parts = [_differs(both, changed) for changed in (*OF_CLIENT, *OF_CLASS)]
    return ibis.union(_new(client, parent_client), *parts)


def _facts(clients: Any, classes: Any) -> Any:
    chosen = clients.select("client_id", *(str(name) for name in OF_CLIENT))
    classed = classes.select("client_id", *(str(name) for name in OF_CLASS))
    return chosen.left_join(classed, "client_id").drop("client_id_right")


def _differs(both: Any, changed: CarriedChange) -> Any:
    after, before = both[str(changed)], both[f"before_{changed}"]
    differing = both.filter(~after.identical_to(before))
    return differing.select(
        "client_id",
        changed=ibis.literal(str(changed)),
        before=differing[f"before_{changed}"],
        after=differing[str(changed)],
    )


def _new(client: Any, parent_client: Any) -> Any:
    """Clients of tonight that the run before did not have, if there was one."""
    known = parent_client.aggregate(n_known=parent_client.client_id.count())
    fresh = client.anti_join(parent_client, "client_id").cross_join(known)
    fresh = fresh.filter(fresh.n_known > 0)
    return fresh.select(
        "client_id",
        changed=ibis.literal(str(CarriedChange.NEW_CLIENT)),
        before=ibis.null("string"),
        after=fresh.population.cast("string"),
    )
