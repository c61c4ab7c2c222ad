"""The tables of this room, a module a pile: what a run wrote, and what people did, which no run changes."""

from __future__ import annotations

from keepwell.desk.identities.models.duplicates import DuplicateCheck
from keepwell.desk.identities.models.facts import (
    Extension,
    GoldenField,
    IdentityConflict,
    LimitedAccount,
    RelatedPerson,
    Verification,
)
from keepwell.desk.identities.models.merges import ClientEvent, KeptEvent, Split
from keepwell.desk.identities.models.pairs import IdentityPair, Judgement, PairEvidence, PairLine
from keepwell.desk.identities.models.remediation import (
    BranchQuality,
    DataGap,
    GapStatistic,
    KeptQuality,
    Remediation,
    RemediationStatistic,
)
from keepwell.desk.identities.models.writeback import Acknowledgement, WriteBack, WriteBackRow

__all__ = [
    "Acknowledgement",
    "BranchQuality",
    "ClientEvent",
    "DataGap",
    "DuplicateCheck",
    "Extension",
    "GapStatistic",
    "GoldenField",
    "IdentityConflict",
    "IdentityPair",
    "Judgement",
    "KeptEvent",
    "KeptQuality",
    "LimitedAccount",
    "PairEvidence",
    "PairLine",
    "RelatedPerson",
    "Remediation",
    "RemediationStatistic",
    "Split",
    "Verification",
    "WriteBack",
    "WriteBackRow",
]
