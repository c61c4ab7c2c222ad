"""Where the records of one client disagree: nothing is overwritten, a person finds out what is true (R008, R213)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.golden import Fact
from keepwell.contract.identity import IdentityConflict
from keepwell.contract.reasons.identity import ConflictReason
from keepwell.engine import frames
from keepwell.policy.clients import Identity
from keepwell.policy.golden import ConflictRule
from keepwell.policy.packs import Packs

KEY_LENGTH = 12
PLAIN = {
    Fact.CLIENT_KIND: ConflictReason.TWO_KINDS,
    Fact.CLIENT_NAME: ConflictReason.TWO_NAMES,
    Fact.BIRTH_ON: ConflictReason.TWO_BIRTHS,
    Fact.SEX: ConflictReason.TWO_SEXES,
    Fact.NATIONALITY: ConflictReason.TWO_NATIONALITIES,
    Fact.OCCUPATION: ConflictReason.TWO_OCCUPATIONS,
    Fact.INCOME_BAND: ConflictReason.TWO_INCOMES,
    Fact.PHONE: ConflictReason.TWO_PHONES,
    Fact.EMAIL: ConflictReason.TWO_EMAILS,
    Fact.ADDRESS: ConflictReason.TWO_ADDRESSES,
    Fact.ID_NUMBER: ConflictReason.NUMBER_MISREAD,
    Fact.ID_VALID_TO: ConflictReason.TWO_VALIDITIES,
}


def identity_conflict(
    golden_field: Any,
    limited_account: Any,
    client_record: Any,
    record_identity: Any,
    returned_verification: Any,
    packs: Packs,
    token_key: str,
) -> Any:
    """A row for each fact in which a client's records disagree, each number under other names, each limit exceeded."""
    found = waiting(golden_field, limited_account, client_record, record_identity, packs, token_key)
    return settled(found, returned_verification)


def waiting(
    golden_field: Any,
    limited_account: Any,
    client_record: Any,
    record_identity: Any,
    packs: Packs,
    token_key: str,
) -> Any:
    """The conflicts as they are told before anybody's word on them."""
    disagreeing = _disagreeing(golden_field, packs.identity)
    elsewhere = _elsewhere(client_record, record_identity, token_key)
    found = ibis.union(disagreeing, elsewhere, _beyond(limited_account, token_key), distinct=False)
    key = found.conflict_reason + "/" + found.client_id + "/" + found.values_mark.left(KEY_LENGTH)
    signed = _signed(found.mutate(conflict_key=key), packs.identity.conflicts)
    return signed.select(*(name for name in IdentityConflict.names() if name != "settled_on"))


def settled(found: Any, returned_verification: Any) -> Any:
    """The conflicts with the day on which somebody found out what is true."""
    words = returned_verification.group_by("conflict_key").agg(
        settled_on=returned_verification.verified_on.max()
    )
    joined = found.left_join(words, "conflict_key").drop("conflict_key_right")
    return joined.select(*IdentityConflict.names())


def _disagreeing(golden_field: Any, identity: Identity) -> Any:
    """Facts with two values, by fact and client; two levels disagree only while both are in force."""
    rows = golden_field
    values = rows.group_by("client_id", "golden_field", "value_mark").agg(
        shown_value=rows.shown_value.min(),
        first_on=rows.known_on.min(),
        is_in_force=rows.is_in_force.any(),
        n_records=rows.record_code.count(),
    )
    grouped = values.group_by("client_id", "golden_field").agg(
        n_values=values.value_mark.count(),
        n_in_force=values.is_in_force.sum(),
        n_records=values.n_records.sum(),
        since_on=values.first_on.max(),
        first_end=values.shown_value.min(),
        values_mark=values.value_mark.group_concat("", order_by=values.value_mark).hexdigest("sha256"),
        is_opposed=_is_opposed(values, identity),
    )
    wanted = grouped.filter(
        (grouped.n_values > 1) & ((grouped.golden_field != str(Fact.RISK_LEVEL)) | (grouped.n_in_force > 1))
    )
    branches = rows.group_by("client_id", "golden_field").agg(n_branches=rows.branch_code.nunique())
    told = wanted.join(branches, ["client_id", "golden_field"])
    return told.select(
        "client_id", "golden_field", "n_values", "n_records", "n_branches", "since_on", "values_mark",
        conflict_reason=_reason(told),
        counts_from_on=ibis.cases(
            (told.golden_field == str(Fact.ID_VALID_TO), told.first_end.try_cast("date")), else_=told.since_on
        ),
    )  # fmt: skip


def _is_opposed(values: Any, identity: Identity) -> Any:
    """Whether the values hold a pair of occupations that exclude each other."""
    is_work = values.golden_field == str(Fact.OCCUPATION)

    def has(occupation: str) -> Any:
        return (is_work & (values.shown_value == occupation)).any()

    found = ibis.literal(value=False)
    for pair in identity.opposed_occupations:
        found = found | (has(str(pair.one)) & has(str(pair.other)))
    return found


def _reason(told: Any) -> Any:
    field = told.golden_field
    return ibis.cases(
        (told.is_opposed, str(ConflictReason.OCCUPATIONS_OPPOSED)),
        ((field == str(Fact.ID_NUMBER)) & (told.n_in_force > 1), str(ConflictReason.TWO_NUMBERS)),
        (
            (field == str(Fact.ID_VALID_TO)) & (told.n_in_force > 0) & (told.n_in_force < told.n_values),
            str(ConflictReason.DOCUMENT_EXPIRED),
        ),
        *((field == str(fact), str(reason)) for fact, reason in PLAIN.items()),
        else_=str(ConflictReason.TWO_LEVELS),
    )


def _elsewhere(client_record: Any, record_identity: Any, token_key: str) -> Any:
    """Clients whose valid number stands in records of another client too: their names differ."""
    every = record_identity.filter(record_identity.id_is_valid).select("record_code", "id_number")
    sizes = every.group_by("id_number").agg(n_records=every.record_code.count())
    valid = every.semi_join(sizes.filter(sizes.n_records > 1), "id_number")
    owned = client_record.select("record_code", "client_id", "branch_code", "opened_on").join(
        valid, "record_code"
    )
    spread = owned.group_by("id_number").agg(n=owned.client_id.nunique(), since_on=owned.opened_on.max())
    shared = owned.join(spread.filter(spread.n > 1), "id_number")
    mark = (ibis.literal(f"{token_key}:golden:{Fact.ID_NUMBER}:") + shared.id_number).hexdigest("sha256")
    grouped = shared.mutate(values_mark=mark).group_by("client_id", "values_mark", "since_on")
    told = grouped.agg(
        n_records=lambda rows: rows.record_code.count(), n_branches=lambda rows: rows.branch_code.nunique()
    )
    return told.select(
        "client_id",
        golden_field=ibis.literal(str(Fact.ID_NUMBER)),
        n_values=ibis.literal(1).cast("int64"),
        n_records=told.n_records,
        n_branches=told.n_branches,
        since_on=told.since_on,
        values_mark=told.values_mark,
        conflict_reason=ibis.literal(str(ConflictReason.NUMBER_ELSEWHERE)),
        counts_from_on=told.since_on,
    )


def _beyond(limited_account: Any, token_key: str) -> Any:
    """Clients with more accounts of a kind in a market than the limit; one more account makes another conflict."""
    accounts = limited_account.mutate(
        code=limited_account.market + ":" + limited_account.securities_account_code
    )
    told = accounts.group_by("client_id").agg(
        n_values=accounts.code.count(),
        n_records=accounts.record_code.nunique(),
        n_branches=accounts.branch_code.nunique(),
        since_on=accounts.opened_on.max(),
        codes=accounts.code.group_concat(" ", order_by=accounts.code),
    )
    return told.select(
        "client_id",
        golden_field=ibis.null("string"),
        n_values=told.n_values,
        n_records=told.n_records,
        n_branches=told.n_branches,
        since_on=told.since_on,
        values_mark=(ibis.literal(f"{token_key}:accounts:") + told.codes).hexdigest("sha256"),
        conflict_reason=ibis.literal(str(ConflictReason.TOO_MANY_ACCOUNTS)),
        counts_from_on=told.since_on,
    )


def _signed(found: Any, rules: tuple[ConflictRule, ...]) -> Any:
    """The rows with what the firm signed of their kind: severity, place, and a due date where there is one."""
    of = [(found.conflict_reason == str(rule.conflict), rule) for rule in rules]
    timed = [
        (is_of, frames.days_after(found.counts_from_on, rule.n_days_to_mend))
        for is_of, rule in of
        if rule.n_days_to_mend is not None
    ]
    return found.mutate(
        severity=ibis.cases(
            *((is_of, str(rule.severity)) for is_of, rule in of), else_=str(rules[-1].severity)
        ),
        urgency=ibis.cases(
            *((is_of, ibis.literal(nth).cast("int64")) for nth, (is_of, _rule) in enumerate(of, start=1)),
            else_=ibis.literal(len(rules)).cast("int64"),
        ),
        due_on=ibis.cases(*timed) if timed else ibis.null("date"),
    )
