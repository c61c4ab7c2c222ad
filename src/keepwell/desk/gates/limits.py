"""An institution's own limits as they are shown: kinds, quota and room, who may act up to what amount until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keepwell.contract.codes import ProductKind
from keepwell.contract.reasons.sentence import sentence
from keepwell.contract.reasons.suitability import MandateReason
from keepwell.contract.suitability import ClientMandate
from keepwell.desk.clients.models import ClientLine
from keepwell.desk.clients.queries import records
from keepwell.desk.clients.sentences import code_text, language
from keepwell.desk.gates import queries
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats


def limits(line: ClientLine, generation: Generation, user: User) -> dict[str, Any] | None:
    """An institution's own limits: what it permits with quota and room, what it does not, who may act and until when.

    `None` for whoever has none.
    """
    rows = queries.limits(generation.run_id, line.client_id)
    if not rows:
        return None
    tag = language()
    between = "、" if tag.startswith("zh") else ", "
    codes = [row.record_code for row in records(line)]
    on = desk_day(generation)
    people = queries.handlers(generation.run_id, codes)
    return {
        "permitted": [
            {"row": row, "kind": _kind(row), "said": _said(row), "tone": ROOM[str(row["mandate_reason"])]}
            | _acting(people, row, on)
            for row in rows
            if row["is_permitted"]
        ],
        "others": between.join(_kind(row) for row in rows if not row["is_permitted"]),
        "handlers": [_handler(row, user, on) for row in people],
    }


ROOM = {"has_room": "good", "spent": "bad", "no_handler": "bad", "not_permitted": "plain"}


def _kind(row: queries.Row) -> str:
    return code_text(ClientMandate, "product_kind", row["product_kind"])


def _said(row: queries.Row) -> str:
    return sentence(MandateReason.of(row["mandate_reason"]), row, language(), _shown)


def _shown(name: str, value: Any, tag: str) -> str:
    """A fact of a limit: amounts as people write them; an amount nobody set is none."""
    if value is None:
        return _("without a quota") if name.endswith("_amount") else formats.UNKNOWN
    return formats.amount(value, tag) if name.endswith("_amount") else str(value)


def _handler(row: queries.Row, user: User, on: dt.date) -> dict[str, Any]:
    """Who may act: name as the reader may see it, for which kind, and whether the authority holds that day."""
    name = row["handler_name"] or row["handler_code"]
    has_begun, has_ended = row["starts_on"] <= on, row["ends_on"] is not None and row["ends_on"] < on
    return {
        "row": row,
        "name": name if user.sees_names else formats.mask_name(name),
        "kind": _kind(row) if row["product_kind"] else "",
        "holds": has_begun and not has_ended,
        "has_ended": has_ended,
        "order_amount": row.get("order_amount"),  # a run of an earlier version does not know it
    }


def _acting(people: Iterable[queries.Row], row: queries.Row, on: dt.date) -> dict[str, Any]:
    """How many may order the kind today, and how much at once: all of it where one of them has no limit."""
    if row["n_handlers"] is None:
        return {"n_acting": None, "order_amount": None}
    able = queries.acting(people, ProductKind.of(row["product_kind"]), on)
    return {"n_acting": len(able), "order_amount": queries.order_amount(able)}


def orderers(
    line: ClientLine, generation: Generation, user: User, kind: ProductKind, amount: Decimal | None
) -> list[dict[str, Any]]:
    """Who may order so much of a kind for the institution today, each with their limit and last day."""
    codes = [row.record_code for row in records(line)]
    on = desk_day(generation)
    able = queries.acting(queries.handlers(generation.run_id, codes), kind, on)
    told = [_handler(row, user, on) for row in able]
    return [
        one for one in told if amount is None or one["order_amount"] is None or amount <= one["order_amount"]
    ]
