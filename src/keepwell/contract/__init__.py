"""What the tables are: the one place where both wings and every outside system meet.

Reads nothing, writes nothing; looked at by everybody. ``TABLES`` lists every contract table.
"""

from __future__ import annotations

from keepwell.contract import (
    allocation,
    changes,
    comparing,
    features,
    grading,
    identity,
    ingest,
    moments,
    quality,
    related,
    returns,
    suitability,
    value,
)
from keepwell.contract.returns import RETURNS
from keepwell.contract.schema import Column, Kind, Table, Text, contract_hash
from keepwell.contract.sources import SOURCES

DECISIONS: tuple[type[Table], ...] = (
    ingest.Delivery,
    ingest.Quarantine,
    ingest.CalendarDay,
    ingest.SourceCoverage,
    identity.Reading,
    identity.RecordIdentity,
    identity.RecordLink,
    identity.Client,
    identity.ClientRecord,
    identity.ClientAccount,
    identity.ClientSecret,
    identity.SearchToken,
    identity.GoldenField,
    identity.LimitedAccount,
    identity.IdentityConflict,
    comparing.RecordFact,
    comparing.PairCompared,
    identity.PairScore,
    quality.DataGap,
    identity.IdentityPair,
    identity.PairEvidence,
    identity.ClientEvent,
    related.RelatedPerson,
    returns.ReturnedUnrouted,
    features.ClientHolding,
    features.ClientFeature,
    features.ClientMonth,
    suitability.ProductSuitability,
    suitability.ClientSuitability,
    suitability.SuitabilityFlag,
    suitability.ClientMandate,
    suitability.SuitabilityNotice,
    suitability.SuitabilityCheck,
    grading.ClientGrade,
    grading.ClassBefore,
    value.ClientValue,
    value.ValueCalibration,
    allocation.AllocationUse,
    allocation.AllocationProposal,
    allocation.AllocationAlternative,
    allocation.AllocationAnew,
    allocation.AllocationWeight,
    allocation.AllocationLoad,
    allocation.AllocationLimit,
    allocation.AllocationHours,
    allocation.AllocationCertificate,
    allocation.AllocationContradiction,
    allocation.AllocationFairness,
    allocation.AllocationLeaning,
    allocation.AllocationSwap,
    allocation.AllocationAdviser,
    allocation.AllocationPool,
    allocation.AllocationGroup,
    moments.MomentFired,
    moments.Moment,
    changes.ClientChange,
    changes.BranchStatistic,
    changes.BranchMonth,
    changes.ClassMove,
    changes.ClientMove,
    quality.Remediation,
    quality.RemediationStatistic,
    quality.BranchQuality,
    quality.GapStatistic,
)

TABLES: dict[str, type[Table]] = {table.name: table for table in (*SOURCES, *RETURNS, *DECISIONS)}

CONTRACT_HASH = contract_hash(iter(TABLES.values()))

__all__ = ["CONTRACT_HASH", "DECISIONS", "RETURNS", "SOURCES", "TABLES", "Column", "Kind", "Table", "Text"]
