"""Identity's place in the pipeline."""

from __future__ import annotations

from keepwell.contract import comparing
from keepwell.contract import identity as tables
from keepwell.contract.quality import DataGap
from keepwell.contract.related import RelatedPerson
from keepwell.contract.returns import ReturnedUnrouted
from keepwell.engine.identity.rules import (
    chosen,
    compared,
    conflicts,
    evidence,
    gaps,
    golden,
    judgements,
    limits,
    links,
    pairs,
    related,
    renewed,
    resolve,
    returned,
    scores,
    search,
    standard,
    touched,
)
from keepwell.engine.stage import Rule, Stage, one

STAGE = Stage(
    "identity",
    (
        Rule((tables.Reading,), standard.reading, arrays=True),
        one(tables.RecordIdentity, standard.record_identity, renewed.record_identity),
        one(tables.RecordLink, links.record_link),
        one(comparing.RecordFact, evidence.record_fact, renewed.record_fact),
        one(comparing.PairCompared, compared.pair_compared, renewed.pair_compared),
        one(tables.PairScore, scores.pair_score),
        Rule((tables.ClientRecord,), resolve.client_record, arrays=True, given=resolve.GIVEN),
        one(ReturnedUnrouted, returned.returned_unrouted),
        one(
            tables.GoldenField,
            chosen.golden_field,
            renewed.by_client(chosen.golden_field, tables.GoldenField),
        ),
        one(tables.ClientAccount, golden.client_account),
        one(tables.Client, golden.client, renewed.client()),
        one(
            tables.ClientSecret,
            golden.client_secret,
            renewed.by_client(golden.client_secret, tables.ClientSecret),
        ),
        one(tables.LimitedAccount, limits.limited_account, renewed.limited_account),
        one(tables.IdentityConflict, conflicts.identity_conflict, renewed.identity_conflict()),
        one(DataGap, gaps.data_gap),
        one(tables.IdentityPair, pairs.identity_pair),
        one(tables.PairEvidence, pairs.pair_evidence),
        one(RelatedPerson, related.related_person),
        one(tables.ClientEvent, judgements.client_event),
        one(
            tables.SearchToken,
            search.search_token,
            renewed.by_client(search.search_token, tables.SearchToken),
        ),
    ),
    touched={
        comparing.RecordFact.name: touched.record_fact,
        tables.Client.name: touched.client,
    },
)
