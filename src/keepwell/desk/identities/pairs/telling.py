"""A pair as its page shows it: both records fact by fact, what differs lit, the evidence in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from keepwell.contract import identity
from keepwell.contract.codes import Agreement, EvidenceField
from keepwell.contract.schema import Code
from keepwell.contract.verdict import Verdict
from keepwell.desk.clients.models import ClientAccount, ClientProfile, ClientRecord
from keepwell.desk.clients.queries import branch_names
from keepwell.desk.clients.sentences import code_text, language, member
from keepwell.desk.generations.models import Generation
from keepwell.desk.identities import naming, numbers
from keepwell.desk.identities.models import Judgement, PairEvidence, PairLine
from keepwell.desk.identities.pairs import queries, rules
from keepwell.desk.identities.reach import sees_names
from keepwell.desk.people.models import User
from keepwell.desk.ui import formats

STRONG, CLEAR = 6.0, 2.0  # bits of evidence: 64 to 1, 4 to 1
UNWEIGHED = {str(Agreement.SAME): CLEAR, str(Agreement.SIMILAR): 1.0, str(Agreement.DIFFERENT): -CLEAR}
PLAIN = "plain"  # a fact that may well differ between two numbers of one person


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the comparison; `state` is an `Agreement`, or plain where nothing follows from a difference."""

    label: str
    left: str
    right: str
    state: str

    @property
    def is_lit(self) -> bool:
        """Whether the line is to catch the eye."""
        return self.state in {Agreement.DIFFERENT, Agreement.SIMILAR}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records with its client."""

    code: str
    client_id: str
    record: ClientRecord | None
    profile: ClientProfile | None
    accounts: Sequence[ClientAccount]
    assets: Any
    branch: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything about a pair that its page shows."""

    line: PairLine
    left: Side
    right: Side
    facts: Sequence[Fact]
    evidence: Sequence[dict[str, str]]
    reason: str
    score: str
    days: int
    may_be_one: Verdict
    choices: Sequence[dict[str, Any]] = field(default_factory=tuple)


def shown(pair: PairLine, user: User, generation: Generation) -> Shown:
    """The pair in the reader's language, masked as the reader must see it: some fifteen queries."""
    names = sees_names(user)
    ids, codes = (pair.left_client_id, pair.right_client_id), (pair.left_code, pair.right_code)
    profiles, records = numbers.profiles(ids), queries.records(codes)
    accounts, assets = numbers.accounts(codes), queries.assets(ids)
    branches = branch_names({row.branch_code for row in records.values()})
    left, right = (
        Side(
            code,
            client_id,
            records.get(code),
            profiles.get(client_id),
            accounts.get(code, []),
            assets.get(client_id),
            _branch(records.get(code), branches),
            naming.name_of(profiles.get(client_id), names),
        )
        for code, client_id in zip(codes, ids, strict=True)
    )
    evidence = queries.evidence(pair)
    return Shown(
        pair,
        left,
        right,
        facts(left, right, evidence, names=names),
        [told(row) for row in evidence],
        code_text(identity.IdentityPair, "pair_reason", pair.pair_reason),
        "" if pair.score is None else formats.number(pair.score, 2),
        (generation.as_of_on - pair.waiting_since_on).days,
        rules.may_be_one(pair, *queries.valid_documents(pair.left_code, pair.right_code)),
        choices(),
    )


def choices() -> list[dict[str, Any]]:
    """The three judgements with their reasons, numbered as their keys."""
    return [
        {
            "code": str(said),
            "label": said.text.in_language(language()),
            "key": at,
            "reasons": [
                {"code": str(reason), "label": reason.text.in_language(language()), "key": key}
                for key, reason in enumerate(reasons, start=1)
            ],
        }
        for at, (said, reasons) in enumerate(rules.REASONS.items(), start=1)
    ]


def _branch(record: ClientRecord | None, branches: dict[str, str]) -> str:
    return branches.get(record.branch_code, record.branch_code) if record else formats.UNKNOWN


def facts(left: Side, right: Side, evidence: Iterable[PairEvidence], *, names: bool) -> list[Fact]:
    """The comparison, identity first; agreement as the run found it on the records, else as the clients' values are."""
    known = {row.evidence_field: row.agreement for row in evidence}
    made = [
        _fact(label, read, left, right, known.get(str(compared), "") if compared else "", names=names)
        for label, compared, read in _identity()
    ]
    made += _unshown(known)
    made += [Fact(label, read(left), read(right), PLAIN) for label, read in _circumstances()]
    return [fact for fact in made if (fact.left, fact.right) != (formats.UNKNOWN, formats.UNKNOWN)]


def _unshown(known: Mapping[str, str]) -> list[Fact]:
    """What the run compared and no page shows, an address or account: whether it agrees is told all the same."""
    shown = {str(compared) for _label, compared, _read in _identity()}
    kept = _("on record, not shown here")
    return [
        Fact(_text(EvidenceField, name), kept, kept, agreement)
        for name, agreement in known.items()
        if name not in shown and agreement != Agreement.MISSING
    ]


Read = Callable[[ClientProfile, bool], str]


def _identity() -> list[tuple[str, EvidenceField | None, Read]]:
    def coded(name: str) -> Read:
        return lambda profile, _names: code_text(identity.Client, name, getattr(profile, name))

    return [
        (_("Name"), EvidenceField.CLIENT_NAME, naming.name_of),
        (_("Document"), None, coded("id_kind")),
        (
            _("Document number"),
            EvidenceField.ID_NUMBER,
            lambda profile, _n: profile.id_masked or formats.UNKNOWN,
        ),
        (_("Check digit"), None, _check_digit),
        (_("Born"), EvidenceField.BIRTH_ON, _born),
        (_("Sex"), None, coded("sex")),
        (_("Phone"), EvidenceField.PHONE, lambda profile, _n: profile.phone_masked or formats.UNKNOWN),
        (_("Occupation"), None, coded("occupation")),
        (_("City"), None, lambda profile, _n: profile.city or formats.UNKNOWN),
    ]


def _circumstances() -> list[tuple[str, Callable[[Side], str]]]:
    return [
        (_("Branch"), lambda side: side.branch),
        (_("Opened"), lambda side: _day(side.record.opened_on if side.record else None)),
        (_("Closed"), lambda side: _day(side.record.closed_on if side.record else None)),
        (_("Fund accounts"), lambda side: _accounts(side.accounts)),
        (
            _("Customer numbers held"),
            lambda side: str(side.profile.n_records) if side.profile else "—",
        ),
        (_("Assets of this client"), lambda side: formats.amount(side.assets, language())),
    ]


def _fact(label: str, read: Read, left: Side, right: Side, agreement: str, *, names: bool) -> Fact:
    values = [read(side.profile, names) if side.profile else formats.UNKNOWN for side in (left, right)]
    bare = [read(side.profile, True) if side.profile else formats.UNKNOWN for side in (left, right)]
    if formats.UNKNOWN in values:
        state = str(Agreement.MISSING)
    else:
        state = agreement or str(Agreement.SAME if bare[0] == bare[1] else Agreement.DIFFERENT)
    return Fact(label, values[0], values[1], state)


def _check_digit(profile: ClientProfile, _names: bool) -> str:
    if not profile.id_masked:
        return formats.UNKNOWN
    return _("fits") if profile.id_is_valid else _("does not fit")


def _born(profile: ClientProfile, names: bool) -> str:
    if profile.birth_on is None:
        return formats.UNKNOWN
    return profile.birth_on.isoformat() if names else f"{profile.birth_on.year}-**-**"


def _day(on: dt.date | None) -> str:
    return on.isoformat() if on else formats.UNKNOWN


def _accounts(rows: Sequence[ClientAccount]) -> str:
    if not rows:
        return _("none")
    tails = naming.listed(formats.mask_tail(row.account_code, language()) for row in rows[:3])
    return f"{len(rows)} · {tails}"


def told(row: PairEvidence) -> dict[str, str]:
    """A field's agreement as a sentence, with how much it says for or against one client."""
    field_name = _text(EvidenceField, row.evidence_field)
    agreement = _text(Agreement, row.agreement)
    return {
        "sentence": _("%(field)s: %(agreement)s") % {"field": field_name, "agreement": agreement},
        "speaks": _speaks(row),
        "tone": _tone(row),
        "weight": "" if row.weight is None else formats.signed(row.weight, 1),
    }


def _text(of: type[Code], value: str) -> str:
    return member(of, value).text.in_language(language())


def _tone(row: PairEvidence) -> str:
    if row.agreement == Agreement.MISSING:
        return PLAIN
    if row.weight is None:
        return "warning" if row.agreement == Agreement.DIFFERENT else "accent"
    return "accent" if row.weight > 0 else "warning" if row.weight < 0 else PLAIN


def _speaks(row: PairEvidence) -> str:
    if row.agreement == Agreement.MISSING:
        return _("says nothing: not known in one of the records")
    weight = row.weight if row.weight is not None else UNWEIGHED[row.agreement]
    if weight >= STRONG:
        return _("speaks strongly for one client")
    if weight >= CLEAR:
        return _("speaks for one client")
    if weight > 0:
        return _("speaks a little for one client")
    if weight <= -STRONG:
        return _("speaks strongly against it")
    if weight <= -CLEAR:
        return _("speaks against it")
    return _("speaks a little against it") if weight < 0 else _("says nothing")


def said(row: Judgement, generation: Generation) -> dict[str, Any]:
    """A judgement in words, with whether a run has taken it and whether it may be taken back."""
    return {
        "row": row,
        "undo": rules.may_undo(row, generation),
        "is_joined": row.state == Judgement.State.IN_FORCE and not rules.is_ahead(row, generation),
        "tone": {"in_force": "good", "proposed": "warning"}.get(row.state, PLAIN),
        "is_known": bool(row.in_force_at and generation.knows(row.in_force_at)),
        "is_today": timezone.localdate(row.at) == timezone.localdate(),
    }
