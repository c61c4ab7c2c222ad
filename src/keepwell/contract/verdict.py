"""The answer of every rule that says who may: yes, or no with a reason that people can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keepwell.contract.reasons.plan_refusals import PlanRefusal
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.reasons.sentence import sentence

No = Refusal | PlanRefusal


@dataclass(frozen=True, slots=True)
class Verdict:
    """Truthy when allowed; otherwise it carries the refusal and the facts its sentence names.

    The button's tooltip, the 403 page and the audit log show the same reason.
    """

    refusal: No | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.refusal is None

    @property
    def reason(self) -> str:
        """The reason code, empty when allowed: two sentences of one number (`M25:fields`) have one reason."""
        return "" if self.refusal is None else str(self.refusal).partition(":")[0]

    def in_language(self, language: str) -> str:
        """The sentence for a language tag, empty when allowed."""
        return "" if self.refusal is None else sentence(self.refusal, self.facts, language)


ALLOWED = Verdict()


def refuse(refusal: No, **facts: object) -> Verdict:
    """A verdict that says no, with the facts that the sentence names."""
    return Verdict(refusal, facts)
