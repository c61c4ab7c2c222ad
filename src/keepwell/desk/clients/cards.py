"""What the pages of this room show, made of decided rows: nothing is computed here but how it is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from keepwell.contract import grading, identity
from keepwell.contract.codes import ComplaintKind
from keepwell.contract.sources.products import ProductRating
from keepwell.desk.clients import curves, figures, matching, queries, rules, waiting, warnings
from keepwell.desk.clients.models import Client, ClientLine, Product
from keepwell.desk.clients.sentences import class_of, code_text, reason_of, second_reason
from keepwell.desk.generations.models import Generation
from keepwell.desk.people.models import User
from keepwell.desk.records import events

GROUPINGS = ("tier", "segment", "rhythm")


def staff_of(line: ClientLine) -> dict[str, str]:
    """Names of all staff that stand on the client's rows."""
    proposal = getattr(line.client, "proposal", None)
    codes = [line.manager_code]
    if proposal is not None:
        codes += [proposal.manager_code, proposal.current_code, proposal.best_code]
    return queries.staff_names(codes)


def band(line: ClientLine, user: User, part: str, as_of: dt.date) -> dict[str, Any]:
    """Name, pills, facts in one line, figures and tabs: the same above every part of the card."""
    client: Client = line.client
    service = bool(rules.may_see_service(user))
    tabs = [
        (_tab_label(name), reverse(f"clients:{name if at else 'card'}", args=[line.client_id]), name == part)
        for at, name in enumerate(rules.tabs(user))
    ]
    return {
        "line": line,
        "profile": client.profile,
        "class_of": class_of(getattr(client, "grade", None)) if service and line.grade else "",
        "is_warned": line.is_warned,
        "facts": _facts(client.profile, as_of),
        "figures": figures.of_client(line, as_of) if service else [],
        "tabs": tabs,
        "service": service,
        "overrides": waiting.standing(line, user) if service else [],
        "may_propose": rules.may_propose(user, line) if user.may(rules.PROPOSE) else None,
    }


def _tab_label(name: str) -> str:
    return {
        "overview": _("At a glance"),
        "holdings": _("Holdings and flows"),
        "accounts": _("Accounts and identity"),
        "service": _("Service so far"),
    }[name]


def _facts(profile: Any, as_of: dt.date) -> list[str]:
    """One line under the name: sex, age, city, how long, how many numbers and accounts, phone."""
    age = None
    if profile.birth_on:
        birthday = (profile.birth_on.month, profile.birth_on.day)
        age = as_of.year - profile.birth_on.year - ((as_of.month, as_of.day) < birthday)
    table = identity.Client
    said = [
        code_text(table, "client_kind", profile.client_kind) if profile.client_kind != "person" else "",
        code_text(table, "sex", profile.sex) if profile.sex else "",
        _("age %(years)d") % {"years": age} if age is not None and profile.client_kind == "person" else "",
        profile.city or "",
        _("client since %(year)d") % {"year": profile.opened_on.year},
        _("customer numbers: %(records)d, accounts: %(accounts)d")
        % {"records": profile.n_records, "accounts": profile.n_accounts},
        profile.phone_masked or "",
    ]
    return [part for part in said if part]


def overview(line: ClientLine, generation: Generation) -> dict[str, Any]:
    """Why the client has its class and state, the curve, what comes next."""
    staff = staff_of(line)
    return {
        "reasons": reasons(line, staff),
        "curve": curves.of(events.months(generation.run_id, line.client_id)),
        "warnings": warnings.of_client(line, generation.as_of_on),
        "moments": [
            moment(row, staff, generation.as_of_on) for row in queries.moments(line, generation.as_of_on)
        ],
        "proposal": proposal(line, staff),
    }


def reasons(line: ClientLine, staff: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Class, state and other groupings, each with the engine's sentence for it; none for who is not classed."""
    grade, known = getattr(line.client, "grade", None), getattr(line.client, "features", None)
    if grade is None:
        return []
    labels = {
        "grade": ("grade_reason", _("Grade")),
        "service_type": ("service_type_reason", _("Service type")),
        "activity_state": ("activity_reason", _("Activity state")),
    }
    told = [
        {
            "label": label,
            "value": code_text(grading.ClientGrade, value, getattr(grade, value)),
            "sentence": reason_of(grade, column, staff or {}, known),
            "link": reverse("clients:explain", args=[line.client_id, value]),
        }
        for value, (column, label) in labels.items()
    ]
    groups = [code_text(grading.ClientGrade, name, getattr(grade, name)) for name in GROUPINGS]
    others = {
        "label": _("Other groupings"),
        "value": " · ".join(groups),
        "sentence": reason_of(grade, "grouping_reason", staff or {}, known),
        "link": reverse("clients:explain", args=[line.client_id, "groupings"]),
    }
    return [*told, others]


def moment(row: Any, staff: Mapping[str, str], as_of: dt.date) -> dict[str, Any]:
    """An occasion with its reason as a sentence."""
    table = type(row).contract_table
    return {
        "row": row,
        "rule": code_text(table, "rule", row.rule),
        "kind": code_text(table, "moment_kind", row.moment_kind),
        "owner": code_text(table, "owner_role", row.owner_role),
        "channel": code_text(table, "channel", row.channel),
        "calendar": code_text(table, "calendar_kind", row.calendar_kind),
        "also": code_text(table, "also_rule", row.also_rule),
        "sentence": " ".join(
            filter(None, [reason_of(row, "moment_reason", staff), second_reason(row, staff)])
        ),
        "is_late": bool(row.due_on and row.due_on < as_of),
    }


def proposal(line: ClientLine, staff: Mapping[str, str]) -> dict[str, Any] | None:
    """Who the engine proposes and why, beside who looks after the client today; `None` when nothing was proposed."""
    row = getattr(line.client, "proposal", None)
    if row is None:
        return None
    return {
        "row": row,
        "name": staff.get(row.manager_code or "", row.manager_code),
        "current": staff.get(line.manager_code or "", line.manager_code),
        "is_change": row.manager_code != line.manager_code,
        "is_outdated": (row.current_code or None) != (line.manager_code or None),
        "sentence": reason_of(row, "allocation_reason", staff),
        "link": reverse("clients:explain", args=[line.client_id, "manager"]),
    }


def holdings(line: ClientLine, generation: Generation) -> dict[str, Any]:
    """Holdings of the last day delivered, and the newest trades, flows and log-ins."""
    run, codes = generation.run_id, [account.account_code for account in queries.accounts(line)]
    held = events.of_accounts(run, "holding", codes, newest=500)
    last = max((row["held_on"] for row in held), default=None)
    held = sorted((row for row in held if row["held_on"] == last), key=lambda row: -row["market_amount"])
    trades = events.of_accounts(run, "trade", codes)
    products = {row["product_code"] for row in (*held, *trades)}
    names = Product.objects.filter(pk__in=products).values_list("pk", "product_name", "product_kind")
    return {
        "held": held,
        "held_on": last,
        "products": {code: (name, _kind(kind)) for code, name, kind in names},
        "levels": (levels := _levels(generation, held)),
        "bound": (bound := matching.of_client(line, generation)),
        "above": _above(bound, levels),
        "rule": bound.rule([level for level, _told, _on in levels.values()]) if bound else "",
        "known": getattr(line.client, "features", None),
        "trades": trades,
        "flows": events.of_accounts(run, "cash_flow", codes),
        "logins": events.of_accounts(run, "login", codes, newest=10),
    }


def largest(line: ClientLine, generation: Generation, most: int) -> dict[str, Any]:
    """The largest holdings of the last day delivered, and how many more there are."""
    codes = [account.account_code for account in queries.accounts(line)]
    held = events.of_accounts(generation.run_id, "holding", codes, newest=500)
    last = max((row["held_on"] for row in held), default=None)
    held = sorted((row for row in held if row["held_on"] == last), key=lambda row: -row["market_amount"])
    top = held[0]["market_amount"] if held else 0
    names = Product.objects.filter(pk__in={row["product_code"] for row in held[:most]})
    levels = _levels(generation, held)
    bound = matching.of_client(line, generation)
    return {
        "levels": levels,
        "bound": bound,
        "above": _above(bound, levels),
        "rule": bound.rule([level for level, _told, _on in levels.values()]) if bound else "",
        "held": [(row, row["market_amount"] / top if top else 0) for row in held[:most]],
        "n_more": max(0, len(held) - most),
        "held_on": last,
        "products": {
            code: (name, _kind(kind))
            for code, name, kind in names.values_list("pk", "product_name", "product_kind")
        },
    }


def _levels(generation: Generation, held: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, str, dt.date]]:
    """The level of each product held as of the cut: short, in words, and since when; unrated ones are missing."""
    found = events.levels(generation.run_id, {row["product_code"] for row in held}, generation.as_of_on)
    return {
        code: (level, code_text(ProductRating, "product_level", level), on)
        for code, (level, on) in found.items()
    }


def _above(bound: matching.Bound | None, levels: Mapping[str, tuple[str, str, dt.date]]) -> set[str]:
    """The products that lie above what matches the client."""
    return {code for code, (level, *_more) in levels.items() if bound is not None and bound.exceeds(level)}


def _kind(value: str) -> str:
    return code_text(Product.contract_table, "product_kind", value)


def accounts(line: ClientLine, _generation: Generation) -> dict[str, Any]:
    """Accounts over branches, the records behind the client, and the evidence."""
    records, held = queries.records(line), queries.accounts(line)
    return {
        "accounts": held,
        "n_open": sum(row.closed_on is None for row in held),
        "records": [(row, reason_of(row, "link_reason", {})) for row in records],
        "branches": queries.branch_names(
            {line.home_branch_code, *(row.branch_code for row in (*records, *held))}
        ),
    }


def service(line: ClientLine, generation: Generation) -> dict[str, Any]:
    """Occasions, complaints and the proposal; the contacts so far are a panel of the room that keeps them."""
    staff = staff_of(line)
    codes = [row.record_code for row in queries.records(line)]
    return {
        "moments": [
            moment(row, staff, generation.as_of_on) for row in queries.moments(line, generation.as_of_on)
        ],
        "voices": voices(generation, codes),
        "proposal": proposal(line, staff),
    }


def voices(generation: Generation, record_codes: list[str]) -> list[Any]:
    """Complaints, enquiries and suggestions as delivered, newest first.

    Reports of wrongdoing are left out: whoever is reported must not read it on the client's card.
    """
    rows = events.of_records(generation.run_id, "complaint", record_codes)
    return [row for row in rows if row["complaint_kind"] != ComplaintKind.REPORT]


PARTS: dict[str, Callable[[ClientLine, Generation], dict[str, Any]]] = {
    "overview": overview,
    "holdings": holdings,
    "accounts": accounts,
    "service": service,
}
