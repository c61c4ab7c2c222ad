"""Small expressions that several rooms need, written once and the same on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis.expr import datatypes as types

WIDE = types.Decimal(38, 6)


def ratio(above: Any, below: Any, scale: int = 6) -> Any:
    """``above / below`` as decimal(18, scale), null where ``below`` is null or not positive.

    The quotient is taken in double of exact numbers and rounded before anybody sees it: no float is summed,
    compared or ranked. What the column cannot hold (a turnover of a thousand million times the assets) stays
    at the largest value it can.
    """
    quotient = (above.cast("float64") / below.cast("float64")).round(scale)
    limit = float(10 ** (15 - scale))
    bounded = ibis.least(ibis.greatest(quotient, -limit), limit)  # engines leave nulls out: none comes here
    return ibis.cases(((below > 0) & above.notnull(), bounded.cast(types.Decimal(18, scale))))


def total(column: Any, where: Any = None) -> Any:
    """Exact sum of a decimal column, zero when there is no row."""
    return column.sum(where=where).fill_null(0)


def latest(column: Any, on: Any, where: Any = None) -> Any:
    """The value of the row with the greatest ``on``, which must be unique in each group; null without a row."""
    return column.last(order_by=on, where=where, include_null=True)


def days_between(later: Any, earlier: Any) -> Any:
    """Whole days from ``earlier`` to ``later`` (dates)."""
    return later.delta(earlier, unit="day")


def days_after(on: Any, n: Any) -> Any:
    """The date ``n`` days (an integer or a whole-number expression) after ``on``.

    Engines answer a date plus an interval with an instant, which Ibis takes for a date: it would drop the bare cast.
    """
    span = ibis.interval(days=n) if isinstance(n, int) else n.as_interval("D")
    return (on + span).cast("timestamp").cast("date")


def months_after(on: Any, n: int) -> Any:
    """The same day of the month ``n`` months after ``on``, the month's last day where that day does not exist."""
    return (on + ibis.interval(months=n)).cast("timestamp").cast("date")


def within(column: Any, as_of: dt.date, days: int) -> Any:
    """Whether a date lies in the ``days`` days that end with ``as_of``, both included once."""
    first = as_of - dt.timedelta(days=days - 1)
    return (column >= ibis.date(first.isoformat())) & (column <= ibis.date(as_of.isoformat()))


def routed(acts: Any, client_record: Any) -> Any:
    """Acts from the desk under the client who now has the customer number they concerned; others are left out.

    After a merge or a split an act lands where its customer number went, whoever the client was when it was done.
    """
    owners = client_record.select("record_code", "client_id")
    return acts.drop("client_id").join(owners, "record_code")


def assessed(questionnaire: Any, returned_assessment: Any) -> Any:
    """Assessments a firm delivers and those of the pages for clients; one that both tell counts as delivered."""
    told = returned_assessment.anti_join(questionnaire, ["record_code", "answered_at"])
    return questionnaire.union(told.select(*questionnaire.columns))


def answered(questionnaire_answer: Any, returned_answer: Any) -> Any:
    """Answers of both; the desk's numbers of assessments are no firm's."""
    return questionnaire_answer.union(returned_answer.select(*questionnaire_answer.columns))


def day(value: dt.date) -> Any:
    """A date constant."""
    return ibis.date(value.isoformat())
