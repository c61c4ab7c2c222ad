"""What may be tried out of an allocation: bands, weights, the budget of changes, a manager who leaves or joins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keepwell.contract.serving import Resource, ScorePart
from keepwell.desk.columns import lazy_text
from keepwell.policy.allocation import Allocation

NUMBER = {"class": "form-control", "inputmode": "decimal", "step": "any"}
CHOICE = {"class": "form-select"}
WEIGHED = [part for part in ScorePart if part is not ScorePart.STAY]
HUNDRED = Decimal(100)


def _share(label: Any, least: int = 0, most: int = 100) -> forms.DecimalField:
    """A share that people write in per cent."""
    return forms.DecimalField(
        label=label, min_value=least, max_value=most, decimal_places=2, widget=forms.NumberInput(NUMBER)
    )


class TrialForm(forms.Form):
    """Numbers of the signed pack in per cent, to be changed for once; nothing is saved by them."""

    changes = _share(gettext_lazy("Changes at most, per cent of clients"))
    lower = _share(gettext_lazy("Clients a manager: at least, per cent of the fair share"))
    upper = _share(
        gettext_lazy("Clients a manager: at most, per cent of the fair share"), least=100, most=1000
    )
    leaves = forms.ChoiceField(
        label=gettext_lazy("Somebody leaves"), required=False, widget=forms.Select(CHOICE)
    )
    joins = forms.ChoiceField(
        label=gettext_lazy("Somebody joins, like"), required=False, widget=forms.Select(CHOICE)
    )

    def __init__(
        self, rules: Allocation, team: Sequence[tuple[str, str]], data: Any = None, body: Any = None
    ) -> None:
        super().__init__(data, initial=signed(rules) | (tried(body) if body else {}))
        self.rules = rules
        for part in WEIGHED:
            self.fields[f"{part}_weight"] = _share(lazy_text(part.text))
        for name in ("leaves", "joins"):
            self.fields[name].choices = [("", gettext_lazy("no change")), *team]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def weights(self) -> list[forms.BoundField]:
        """The fields of the weights."""
        return [self[f"{part}_weight"] for part in WEIGHED]

    @property
    def others(self) -> list[forms.BoundField]:
        """The other fields."""
        return [self[name] for name in ("changes", "lower", "upper", "leaves", "joins")]

    def clean(self) -> dict[str, Any]:
        """Weights are parts of a whole."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        parts: list[Decimal] = [told[f"{part}_weight"] for part in WEIGHED if f"{part}_weight" in told]
        if len(parts) == len(WEIGHED) and (total := sum(parts, Decimal(0))) != HUNDRED:
            raise ValidationError(_("The weights add up to %(total)s; make it 100.") % {"total": total})
        return told

    def body(self, branch_code: str) -> dict[str, Any]:
        """What is asked of the host: the changes to the pack in the form of its file, and who leaves or joins."""
        told = self.cleaned_data
        weights = {f"{part}_weight": _part(told[f"{part}_weight"]) for part in WEIGHED}
        policy = {
            "stay": {"changes_at_most_share": _part(told["changes"])},
            "score": weights,
            "bands": [_band(band, told) for band in self.rules.bands],
        }
        people = {name: [told[name]] for name in ("leaves", "joins") if told[name]}
        return {"branch_code": branch_code, "policy": policy, **people}


def signed(rules: Allocation) -> dict[str, Decimal]:
    """The signed numbers, in per cent."""
    heads = rules.band(Resource.HEADS)
    shares = {
        "changes": rules.stay.changes_at_most_share, "lower": heads.lower_share, "upper": heads.upper_share,
        **{f"{part}_weight": weight for part, weight in rules.score.parts()},
    }  # fmt: skip
    return {name: (share * HUNDRED).normalize() + 0 for name, share in shares.items()}


def tried(body: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers and people of an ask, as the form asks for them."""
    policy = body.get("policy", {})
    heads = [band for band in policy.get("bands", ()) if band["resource"] == str(Resource.HEADS)]
    shares = {
        "changes": policy.get("stay", {}).get("changes_at_most_share"),
        **{side: band[f"{side}_share"] for band in heads for side in ("lower", "upper")},
        **policy.get("score", {}),
    }  # fmt: skip
    told: dict[str, Any] = {
        name: (Decimal(share) * HUNDRED).normalize() + 0 for name, share in shares.items() if share
    }
    return told | {name: body[name][0] for name in ("leaves", "joins") if body.get(name)}


def _part(percent: Decimal) -> str:
    """Per cent as the share that a pack's file writes."""
    return format(percent / HUNDRED, "f")


def _band(band: Any, told: dict[str, Any]) -> dict[str, Any]:
    """A band as the pack's file writes it; that of heads as it is tried."""
    is_tried = band.resource is Resource.HEADS
    return {
        "resource": str(band.resource),
        "lower_share": _part(told["lower"]) if is_tried else format(band.lower_share, "f"),
        "upper_share": _part(told["upper"]) if is_tried else format(band.upper_share, "f"),
        "n_slack": band.n_slack,
    }
