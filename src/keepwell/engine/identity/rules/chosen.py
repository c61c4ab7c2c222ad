"""Which value of each fact counts, by the signed preferences, and how every other value stands to it (R006)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis

from keepwell.contract.golden import Finding, Standing
from keepwell.contract.identity import GoldenField
from keepwell.contract.reasons.identity import GoldenReason
from keepwell.engine import frames
from keepwell.engine.identity.rules import held
from keepwell.policy.golden import Preference
from keepwell.policy.packs import Packs

GROUP = ("client_id", "golden_field")
MARK = 16


def golden_field(
    client_record: Any,
    customer_record: Any,
    record_identity: Any,
    questionnaire: Any,
    returned_assessment: Any,
    returned_verification: Any,
    packs: Packs,
    as_of: dt.date,
    token_key: str,
) -> Any:
    """A row for each record and fact of a client with several records; where all agree, of the chosen one alone.

    The first in rank is chosen; the reason is the first preference in which it beats the best other value.
    """
    tests = frames.assessed(questionnaire, returned_assessment)
    said = held.held(client_record, customer_record, record_identity, tests, packs, as_of)
    weighed = _weighed(_verified(said, returned_verification), packs.identity.golden)
    places = [column for column in weighed.columns if column.startswith("weight_")]
    order = [*(weighed[name].desc() for name in places), weighed.record_code]
    ranked = weighed.mutate(place=ibis.row_number().over(group_by=GROUP, order_by=order))
    chosen = ibis.cases((ranked.place == 0, ranked.value))
    ranked = ranked.mutate(chosen_value=chosen.max().over(group_by=GROUP))
    best = ranked.filter(ranked.place == 0).select(*GROUP, *(ranked[name] for name in places))
    others = ranked.filter(ranked.value != ranked.chosen_value)
    rival = others.group_by(*GROUP).agg(
        **{f"rival_{name}": others[name].first(order_by=others.place) for name in places}
    )
    sizes = ranked.group_by(*GROUP).agg(n=ranked.record_code.count())
    told = best.join(sizes, GROUP).left_join(rival, GROUP)
    reasons = told.select(*GROUP, golden_reason=_reason(told, places, packs.identity.golden))
    mark = (ibis.literal(f"{token_key}:golden:") + ranked.golden_field + ":" + ranked.value).hexdigest(
        "sha256"
    )
    rows = ranked.mutate(standing=_standing(ranked), value_mark=mark.left(MARK)).join(reasons, GROUP)
    is_said_before = (rows.golden_reason == str(GoldenReason.AGREED)) & (rows.place > 0)
    return rows.filter(~is_said_before).select(*GoldenField.names())


def _standing(ranked: Any) -> Any:
    """How a value stands to the one that counts."""
    return ibis.cases(
        (ranked.place == 0, str(Standing.CHOSEN)),
        (ranked.value == ranked.chosen_value, str(Standing.AGREES)),
        else_=str(Standing.DIFFERS),
    )


def _verified(said: Any, returned_verification: Any) -> Any:
    """Whether somebody verified the value with the client, and the record's data has not changed since."""
    right = returned_verification.filter(returned_verification.finding == str(Finding.ONE_IS_RIGHT))
    words = right.group_by("record_code", "golden_field").agg(verified_on=right.verified_on.max())
    joined = said.left_join(words, ["record_code", "golden_field"]).drop(
        "record_code_right", "golden_field_right"
    )
    is_verified = (joined.verified_on >= joined.known_on).fill_null(False)
    return joined.mutate(is_verified=is_verified).drop("verified_on")


def _weighed(said: Any, golden: tuple[Preference, ...]) -> Any:
    """The rows with what decides, the weightiest first; whole numbers, the greater the better."""
    n_same = said.record_code.count().over(group_by=[*GROUP, "value"])
    weights = {
        GoldenReason.VERIFIED: said.is_verified.cast("int64"),
        GoldenReason.VALID: said.is_in_force.cast("int64"),
        GoldenReason.FREQUENT: n_same,
        GoldenReason.OPEN: said.is_open.cast("int64"),
        GoldenReason.LATEST: said.n_seconds,
    }
    deepest = max(len(one.prefers) for one in golden)
    columns = {}
    for nth in range(deepest):
        ways = [(_is_of(said, one), weights[one.prefers[nth]]) for one in golden if len(one.prefers) > nth]
        columns[f"weight_{nth}"] = ibis.cases(*ways, else_=ibis.literal(0))
    return said.mutate(**columns)


def _is_of(rows: Any, preference: Preference) -> Any:
    return rows.golden_field.isin([str(fact) for fact in preference.fields])


def _reason(told: Any, places: list[str], golden: tuple[Preference, ...]) -> Any:
    """Why the first in rank counts; without a rival it is the only value, or all agree."""
    ways = [
        (told[f"rival_{places[0]}"].isnull() & (told.n == 1), str(GoldenReason.ONLY)),
        (told[f"rival_{places[0]}"].isnull(), str(GoldenReason.AGREED)),
    ]
    for nth, name in enumerate(places):
        named = ibis.cases(
            *((_is_of(told, one), str(one.prefers[nth])) for one in golden if len(one.prefers) > nth),
            else_=str(GoldenReason.FIRST),
        )
        ways.append((told[name] != told[f"rival_{name}"], named))
    return ibis.cases(*ways, else_=str(GoldenReason.FIRST))
