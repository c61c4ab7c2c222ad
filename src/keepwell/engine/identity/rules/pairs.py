"""Which pairs of customer records wait for a steward, why, and how they agree (R008, R211)."""

from __future__ import annotations

from typing import Any

import ibis

from keepwell.contract.codes import ClientKind, Judgement
from keepwell.contract.identity import IdentityPair
from keepwell.contract.reasons.identity import LinkReason, PairReason
from keepwell.engine import columns
from keepwell.engine.identity.rules import evidence, judgements, links, places
from keepwell.policy.clients import Identity
from keepwell.policy.packs import Packs

# What a crowd may share: a value of the record itself, or one that hangs on it in another table.
CROWDING = ("id_number", "phone", "email", "address")
OF_OTHERS = ("investor_code", "bank_account_number")


def identity_pair(
    record_link: Any,
    pair_score: Any,
    record_identity: Any,
    investor: Any,
    bank_link: Any,
    account: Any,
    client_record: Any,
    client_account: Any,
    daily_asset: Any,
    returned_judgement: Any,
    packs: Packs,
) -> Any:
    """Pairs of different clients that share evidence and may not be joined without a person.

    One row for two clients: the pair with the first reason. Two clients of whom a steward said that they are
    not the same wait no more. A judgement without effect waits too: it yielded to later ones.
    """
    said = judgements.in_force(returned_judgement)
    shared = in_crowds(record_identity, investor, bank_link, account, packs.identity)
    found = ibis.union(
        _unsure(said),
        _same_number(record_identity),
        _refused(record_link, record_identity),
        _too_many(links.crowded(shared, investor, bank_link, account, packs)),
        *_scored(pair_score, record_identity, client_record, packs),
        _one_company(record_identity, packs),
        distinct=False,
    )
    apart = _owned(found, client_record)
    apart = apart.filter(apart.first_id != apart.second_id)
    kept_apart = _owned(said.filter(said.judgement == str(Judgement.NOT_SAME)), client_record)
    waiting = apart.anti_join(kept_apart, ["first_id", "second_id"])
    chosen = _one_each(waiting.union(_without_effect(said, client_record)))
    return _valued(chosen, client_account, daily_asset).select(*IdentityPair.names())


def pair_evidence(
    identity_pair: Any, pair_score: Any, client_record: Any, record_fact: Any, packs: Packs
) -> Any:
    """A row for each pair and field: whether both records agree, and what that weighs if the model knows the kind.

    Of the pairs that wait, and of those that a score joined, so that this link too can be looked into.
    """
    scoring = packs.identity.scoring
    waiting = identity_pair.select("left_code", "right_code")
    couples = waiting.union(_joined_by_score(pair_score, client_record, packs), distinct=True)
    facts = evidence.counted(evidence.of_pairs(couples, record_fact), record_fact, scoring)
    compared = evidence.pairs(couples, facts)
    is_known = compared.client_kind.isin([str(kind) for kind in scoring.client_kinds])
    levels = evidence.levels(compared)
    weights = evidence.bits(compared, scoring)
    told = [(name, str(agreement)) for name, agreement in evidence.AGREEMENT.items()]
    parts = [
        compared.select(
            "left_code",
            "right_code",
            evidence_field=ibis.literal(str(field)),
            agreement=ibis.cases(*((level == name, text) for name, text in told)),
            weight=ibis.cases((is_known, weights[field].cast("float64"))),
        )
        for field, level in levels.items()
        if field in weights
    ]
    return ibis.union(*parts, distinct=False)


def _couple(rows: Any, one: Any, other: Any, reason: PairReason) -> Any:
    told = rows.select(
        left_code=ibis.least(one, other),
        right_code=ibis.greatest(one, other),
        pair_reason=ibis.literal(str(reason)),
        place=ibis.literal(list(PairReason).index(reason)),
        score=rows.score if "score" in rows.columns else ibis.null("decimal(18,6)"),
    )
    return told.filter(told.left_code < told.right_code).distinct()


def _unsure(said: Any) -> Any:
    unsure = said.filter(said.judgement == str(Judgement.UNSURE))
    return _couple(unsure, unsure.left_code, unsure.right_code, PairReason.JUDGED_UNSURE)


def _without_effect(said: Any, client_record: Any) -> Any:
    """Judgements that did not become true: the same and yet two clients, or not the same and yet one."""
    sure = said.filter(said.judgement != str(Judgement.UNSURE))
    owned = _owned(sure, client_record)
    is_one = owned.first_id == owned.second_id
    wrong = owned.filter(is_one != (owned.judgement == str(Judgement.SAME)))
    return _owned(_couple(wrong, wrong.left_code, wrong.right_code, PairReason.JUDGED_AGAINST), client_record)


def _same_number(record_identity: Any) -> Any:
    """Records of one valid number, each with the first of them."""
    valid = record_identity.filter(record_identity.id_is_valid)
    first = valid.group_by("id_kind", "id_number").agg(first_code=valid.record_code.min())
    shared = valid.join(first, ["id_kind", "id_number"])
    return _couple(shared, shared.record_code, shared.first_code, PairReason.SAME_ID_OTHER_NAME)


def _refused(record_link: Any, record_identity: Any) -> Any:
    """Links between two of a kind that the veto refused are those whose ends are different clients."""
    kinds = record_identity.select("record_code", "client_kind")
    anchors = kinds.rename(anchor_code="record_code", anchor_kind="client_kind")
    linked = record_link.join(kinds, "record_code").join(anchors, "anchor_code")
    alike = linked.filter(linked.client_kind == linked.anchor_kind)
    return _couple(alike, alike.record_code, alike.anchor_code, PairReason.TWO_VALID_IDS)


def in_crowds(records: Any, investor: Any, bank_link: Any, account: Any, identity: Identity) -> Any:
    """The records among which every group too large for its key lies whole: some value of theirs is shared as often.

    Of such a value all records are among them, so that whose name stands beside it is counted as among all.
    """
    least = min(key.group_at_most for key in identity.keys)
    own = {str(field) for key in identity.keys for field in key.fields}
    if any(not {str(field) for field in key.fields} & {*CROWDING, *OF_OTHERS} for key in identity.keys):
        return records
    parts = [_often(records, name, least).select("record_code") for name in CROWDING if name in own]
    parts.append(_often(investor, "investor_code", least).select("record_code"))
    banks = _often(bank_link, "bank_account_number", least)
    parts.append(account.semi_join(banks, "account_code").select("record_code"))
    return records.semi_join(ibis.union(*parts, distinct=True), "record_code")


def _often(rows: Any, name: str, least: int) -> Any:
    """Rows of which more than so many have the same value."""
    sizes = rows.group_by(name).agg(n_rows=rows.count())
    return rows.semi_join(sizes.filter(sizes.n_rows > least), name)


def _too_many(crowded: Any) -> Any:
    return _couple(crowded, crowded.first_code, crowded.last_code, PairReason.TOO_MANY_SHARE)


def _scored(pair_score: Any, record_identity: Any, client_record: Any, packs: Packs) -> tuple[Any, Any]:
    """Pairs too little alike to merge; and those alike enough whose clients hold two valid numbers.

    Those alike enough otherwise wait as the first do: too few of their clients' other records agree.
    """
    limit = columns.literal(packs.identity.scoring.merges_at_share, IdentityPair.columns["score"])
    valid = record_identity.filter(record_identity.id_is_valid).select("record_code")
    owner = client_record.select("record_code", "client_id")
    numbered = owner.semi_join(owner.semi_join(valid, "record_code"), "client_id").select("record_code")
    both = pair_score
    for end in ("left_code", "right_code"):
        both = both.semi_join(numbered.rename({end: "record_code"}), end)
    high = both.filter(both.score >= limit)
    low = pair_score.anti_join(high, ["left_code", "right_code"])
    return (
        _couple(high, high.left_code, high.right_code, PairReason.TWO_VALID_IDS),
        _couple(low, low.left_code, low.right_code, PairReason.BETWEEN_THRESHOLDS),
    )


def _joined_by_score(pair_score: Any, client_record: Any, packs: Packs) -> Any:
    """Pairs within one client whose score passes the threshold, where one of the two belongs to it by a score."""
    limit = columns.literal(packs.identity.scoring.merges_at_share, IdentityPair.columns["score"])
    owned = _owned(pair_score.filter(pair_score.score >= limit), client_record)
    within = owned.filter(owned.first_id == owned.second_id)
    scored = client_record.filter(client_record.link_reason == str(LinkReason.SCORED))
    ends = [
        within.semi_join(scored.select(**{end: scored.record_code}), end)
        for end in ("left_code", "right_code")
    ]
    return ibis.union(*ends, distinct=True).select("left_code", "right_code")


def _one_company(record_identity: Any, packs: Packs) -> Any:
    """Companies without a valid credit code, each with the first of its name, if one has a valid code with that.

    A name alone says too little to merge: a branch, a namesake in another town and the company itself share it.
    """
    known = links.named(record_identity, packs.identity)
    companies = known.filter((known.client_kind == str(ClientKind.COMPANY)) & known.client_name.notnull())
    valid = companies.record_code.min(where=companies.id_is_valid)
    named = companies.group_by("client_name").agg(best_code=ibis.coalesce(valid, companies.record_code.min()))
    told = companies.filter(~companies.id_is_valid).join(named, "client_name")
    return _couple(told, told.record_code, told.best_code, PairReason.BETWEEN_THRESHOLDS)


def _owned(pairs: Any, client_record: Any) -> Any:
    """Pairs with the clients of both records, and with the later opening date."""
    owner = client_record.select("record_code", "client_id", "opened_on")
    left = owner.rename(left_code="record_code", left_client_id="client_id", left_on="opened_on")
    right = owner.rename(right_code="record_code", right_client_id="client_id", right_on="opened_on")
    joined = pairs.join(left, "left_code").join(right, "right_code")
    return joined.mutate(
        first_id=ibis.least(joined.left_client_id, joined.right_client_id),
        second_id=ibis.greatest(joined.left_client_id, joined.right_client_id),
        waiting_since_on=ibis.greatest(joined.left_on, joined.right_on),
    ).drop("left_on", "right_on")


def _one_each(pairs: Any) -> Any:
    place = ibis.row_number().over(
        group_by=["first_id", "second_id"],
        order_by=[pairs.place, pairs.score.desc(), pairs.left_code, pairs.right_code],
    )
    ranked = pairs.mutate(nth=place)
    return ranked.filter(ranked.nth == 0)


def _valued(pairs: Any, client_account: Any, daily_asset: Any) -> Any:
    """Pairs with the assets of both clients; empty where neither has any that are known."""
    both = ibis.union(
        *(pairs.select(client_id=f"{end}_client_id") for end in ("left", "right")), distinct=True
    )
    accounts = client_account.semi_join(both, "client_id")
    by_record = places.assets(accounts, daily_asset.semi_join(accounts, "account_code"))
    owners = accounts.select("record_code", "client_id").distinct()
    owned = by_record.join(owners, "record_code")
    amounts = owned.group_by("client_id").agg(amount=owned.amount.sum())
    left = amounts.select(left_client_id="client_id", left_amount="amount")
    right = amounts.select(right_client_id="client_id", right_amount="amount")
    joined = pairs.left_join(left, "left_client_id").drop("left_client_id_right")
    joined = joined.left_join(right, "right_client_id").drop("right_client_id_right")
    amount = ibis.coalesce(joined.left_amount + joined.right_amount, joined.left_amount, joined.right_amount)
    return joined.mutate(at_stake_amount=amount)
