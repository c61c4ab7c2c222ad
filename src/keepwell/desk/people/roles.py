"""The role table (R199): what each of the twelve may open, how far they see, how their navigation is grouped.

A permission is `room.verb`; a room that adds one adds it here, so that one screen shows who may do what.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from keepwell.contract.codes import Role
from keepwell.contract.schema import Text


class Scope(StrEnum):
    """Which clients a role sees: own book, team, branch, all of the firm, pairs to be compared alone, or none."""

    OWN = "own"
    TEAM = "team"
    BRANCH = "branch"
    FIRM = "firm"
    PAIRS = "pairs"
    NONE = "none"


SCOPE_TEXTS = {
    Scope.OWN: Text("own clients", "名下客户"),
    Scope.TEAM: Text("the team's clients", "本团队客户"),
    Scope.BRANCH: Text("the branch's clients", "本营业部客户"),
    Scope.FIRM: Text("all clients of the firm", "全公司客户"),
    Scope.PAIRS: Text("the firm's pairs to compare, masked", "全公司的同一人核对（遮蔽）"),
    Scope.NONE: Text("no client data", "不看客户资料"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One row of the role table.

    `sees_names` is false where names are shown as 张* (flows.md, Masks). `audit_stream` names the log that the
    role's acts go to: those of AML officers never enter the firm's log.
    """

    role: Role
    scope: Scope
    groups: tuple[str, str, str]
    permissions: frozenset[str]
    sees_names: bool = True
    audit_stream: str = "firm"


EVERYBODY = frozenset({"people.own"})
SIGNS = frozenset({"people.approvals"})
IDENTITY = EVERYBODY | {"clients.read", "clients.search", "clients.save_view"}
CLIENTS = IDENTITY | {"clients.read_service", "clients.read_explanation", "contacts.read"}
SIGNERS = CLIENTS | SIGNS
BOOK = CLIENTS | {
    "clients.read_overrides",
    "contacts.read_today",
    "books.read_mine",
    "books.object",
    "clients.read_changes",
}
HANDING = frozenset({"books.read_handovers", "books.sign_handover", "books.print_letter"})
PROFILES = frozenset({"books.read_profiles", "books.declare_profile", "books.record_need"})
BOOK |= HANDING | PROFILES
FAIRNESS = frozenset({"books.read_fairness", "books.export_fairness"})
PLANNING = (
    HANDING
    | PROFILES
    | {
        "books.confirm_profile",
        "books.read_pool",
        "books.read_plans",
        "books.review_plan",
        "books.object",
        "books.answer_objection",
        "books.try_policy",
    }
)
TEAM = (
    SIGNERS
    | PLANNING
    | {
        "books.read_fairness",
        "people.cover",
        "clients.read_access",
        "clients.read_overrides",
        "clients.propose_override",
        "contacts.read_today",
        "books.read_team",
        "books.reassign",
        "clients.read_changes",
    }
)
BRANCH = (
    SIGNERS
    | PLANNING
    | FAIRNESS
    | {
        "identities.read_conflicts",
        "identities.read_remediation",
        "identities.export_remediation",
        "identities.approve_extension",
        "clients.choose_home",
        "people.cover",
        "clients.read_access",
        "clients.export",
        "clients.read_overrides",
        "clients.propose_override",
        "clients.approve_override",
        "books.read_team",
        "books.reassign",
        "books.approve_plan",
        "books.read_branch",
        "classes.read",
        "classes.export",
        "clients.read_changes",
        "assessments.read_notices",
        "assessments.read_forms",
        "assessments.read_letter",
    }
)
INSPECT = (
    SIGNERS
    | FAIRNESS
    | {
        "assessments.read_notices",
        "assessments.read_forms",
        "assessments.export_forms",
        "assessments.read_check",
        "assessments.export_check",
        "clients.read_access",
        "clients.read_overrides",
        "identities.read_merges",
        "classes.read",
        "classes.export",
        "audit.read",
        "audit.export",
    }
)
AUDITORS = INSPECT | {"audit.read_auditors"}
BROKERAGE = (
    SIGNERS
    | FAIRNESS
    | {
        "clients.export",
        "exchange.export_quarantine",
        "clients.read_overrides",
        "books.read_firm",
        "books.read_plans",
        "books.try_policy",
        "classes.read",
        "classes.export",
        "clients.read_changes",
        "exchange.read_runs",
        "exchange.read_quarantine",
        "exchange.read_source_text",
        "identities.second",
        "identities.agree_write_back",
        "identities.read_remediation",
        "identities.export_remediation",
    }
)
RUNNING = (
    EVERYBODY
    | SIGNS
    | {
        "ui.read_all_jobs",
        "exchange.read_runs",
        "exchange.read_quarantine",
        "people.read",
        "people.grant",
        "people.disable",
        "ui.gallery",
    }
)
CONTACTING = frozenset(
    {
        "contacts.record",
        "contacts.read_log",
        "assessments.send",
        "assessments.tell",
        "assessments.read_notices",
        "assessments.read_letter",
    }
)
MATCHING = frozenset({"gates.match"})  # may a product be named to this client
CHECKING = frozenset(
    {"identities.check_duplicate", "identities.read_conflicts", "identities.read_remediation"}
)
VERIFYING = frozenset({"identities.settle_conflict"})  # at a branch, which knows the client
STEWARD = CHECKING | {"identities.judge", "identities.read_merges", "identities.split"}
SHOWN = frozenset({"clients.reveal"})  # phone, document number and address in full, with a purpose
# What is signed, or proposed for another to sign: who holds one of these must be known by a staff number.
FOUR_EYES = SIGNS | VERIFYING | {"identities.judge", "identities.write_back", "clients.propose_override"}

ROLES: dict[str, Profile] = {
    str(profile.role): profile
    for profile in (
        Profile(
            Role.MANAGER, Scope.OWN, ("work", "clients", "reference"), BOOK | CONTACTING | SHOWN | MATCHING
        ),
        Profile(
            Role.ADVISER, Scope.OWN, ("work", "clients", "reference"), BOOK | CONTACTING | SHOWN | MATCHING
        ),
        Profile(
            Role.TEAM_LEADER, Scope.TEAM, ("work", "team", "service"), TEAM | CONTACTING | SHOWN | MATCHING
        ),
        Profile(Role.BRANCH_HEAD, Scope.BRANCH, ("branch", "team", "service"), BRANCH | SHOWN),
        Profile(
            Role.COUNTER,
            Scope.BRANCH,
            ("counter", "intake", "reference"),
            CLIENTS | CONTACTING | CHECKING | VERIFYING | SHOWN | MATCHING,
        ),
        Profile(
            Role.SERVICE_DESK,
            Scope.BRANCH,
            ("intake", "clients", "reference"),
            CLIENTS | CONTACTING | STEWARD | VERIFYING | SHOWN | {"contacts.read_today"},
        ),
        Profile(
            Role.COMPLIANCE, Scope.FIRM, ("handle", "inspect", "grounds"), INSPECT | SHOWN, sees_names=False
        ),
        Profile(Role.AUDIT, Scope.FIRM, ("handle", "inspect", "grounds"), AUDITORS | SHOWN, sees_names=False),
        Profile(
            Role.AML_BRANCH,
            Scope.BRANCH,
            ("handle", "clients", "grounds"),
            IDENTITY | SHOWN,
            audit_stream="aml",
        ),
        Profile(
            Role.AML_HQ, Scope.FIRM, ("handle", "scenarios", "grounds"), IDENTITY | SHOWN, audit_stream="aml"
        ),
        Profile(
            Role.HQ_BROKERAGE, Scope.FIRM, ("overview", "policy", "clients"), BROKERAGE, sees_names=False
        ),
        Profile(Role.ADMIN, Scope.NONE, ("people", "runs", "reference"), RUNNING, sees_names=False),
    )
}

# The place of a login that works for the whole firm: chosen like a branch, never what an empty field means.
HEADQUARTERS = "HQ"
HEADQUARTERS_TEXT = Text("Headquarters", "总部")

# A role that has a place at headquarters: there it does the part of its work that is the firm's.
AT_HEADQUARTERS: dict[str, Profile] = {
    str(Role.SERVICE_DESK): Profile(
        Role.SERVICE_DESK,
        Scope.PAIRS,
        ("intake", "clients", "reference"),
        EVERYBODY | STEWARD | {"identities.write_back"},
        sees_names=False,
    )
}


def profile_of(role: str, branch_code: str) -> Profile:
    """What a login of the role may do at its place."""
    return AT_HEADQUARTERS[role] if is_at_headquarters(role, branch_code) else ROLES[role]


def is_at_headquarters(role: str, branch_code: str) -> bool:
    """Whether a login of the role works at headquarters: the one place that says so."""
    return role in AT_HEADQUARTERS and branch_code == HEADQUARTERS
