"""What may be tried out of an allocation: bands, weights, budgets, a manager who leaves or joins.

Each number is a slider with a field beside it, in per cent; where a slider ends is told by the signed number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keepwell.contract.serving import Resource, ScorePart
from keepwell.desk.columns import lazy_text
from keepwell.policy.allocation import Allocation, Band

NUMBER = {"class": "form-control", "inputmode": "decimal"}
CHOICE = {"class": "form-select"}
WEIGHED = [part for part in ScorePart if part is not ScorePart.STAY]
BUDGETS = {
    "changes": gettext_lazy("Changes at most, per cent of clients"),
    "bonus": gettext_lazy("What staying counts for, per cent of the score"),
    "ceiling": gettext_lazy("Hours of strategic clients at most, per cent of all hours"),
}
LOWER = gettext_lazy("%(what)s: at least, of the fair share")
UPPER = gettext_lazy("%(what)s: at most, of the fair share")
PEOPLE = {"leaves": gettext_lazy("Somebody leaves"), "joins": gettext_lazy("Somebody joins, like")}
HUNDRED, MOST_BAND, WIDER, TENS = Decimal(100), 1000, 3, Decimal(10)


class ShareField(forms.DecimalField):
    """A share that people write in per cent, with a slider from `least` to `reach`; the signed number is told."""

    def __init__(self, label: Any, signed: Decimal, least: int = 0, most: int = 100) -> None:
        self.reach = _reach(signed, least, most)
        self.least = least
        told = gettext_lazy("Signed: %(n)s%%") % {"n": signed}
        widget = forms.NumberInput(NUMBER)
        super().__init__(
            label=label, min_value=least, max_value=most, decimal_places=2, widget=widget, help_text=told
        )
        self.widget.attrs["step"] = "any"


def _reach(signed: Decimal, least: int, most: int) -> int:
    """Where a slider ends: some times as far from its least as the signed number, in whole tens."""
    wanted = (Decimal(least) + WIDER * max(signed - least, TENS)) / TENS
    return min(int(wanted.to_integral_value(ROUND_CEILING) * TENS), most)


class TrialForm(forms.Form):
    """Numbers of the signed pack in per cent, to be changed for once; nothing is saved by them."""

    def __init__(
        self, rules: Allocation, team: Sequence[tuple[str, str]], data: Any = None, body: Any = None
    ) -> None:
        told = signed(rules)
        super().__init__(data, initial=told | (tried(body) if body else {}))
        self.rules = rules
        for name, label in BUDGETS.items():
            self.fields[name] = ShareField(label, told[name])
        for band in managed(rules):
            self._add_band(band, told)
        for part in WEIGHED:
            self.fields[f"{part}_weight"] = ShareField(lazy_text(part.text), told[f"{part}_weight"])
        choices = [("", gettext_lazy("no change")), *team]
        for name, label in PEOPLE.items():
            widget = forms.Select(CHOICE)
            self.fields[name] = forms.ChoiceField(label=label, required=False, widget=widget, choices=choices)

    def _add_band(self, band: Band, told: Mapping[str, Decimal]) -> None:
        what, name = {"what": lazy_text(band.resource.text)}, str(band.resource)
        self.fields[f"{name}_lower"] = ShareField(LOWER % what, told[f"{name}_lower"])
        self.fields[f"{name}_upper"] = ShareField(UPPER % what, told[f"{name}_upper"], 100, MOST_BAND)

    @property
    def weights(self) -> list[forms.BoundField]:
        """The fields of the weights."""
        return [self[f"{part}_weight"] for part in WEIGHED]

    @property
    def bands(self) -> list[forms.BoundField]:
        """The fields of the limits besides the head count."""
        return [field for field in self._banded() if not field.name.startswith(str(Resource.HEADS))]

    @property
    def first(self) -> list[forms.BoundField]:
        """What is tried most: the budgets, and the limits of the head count."""
        heads = [field for field in self._banded() if field.name.startswith(str(Resource.HEADS))]
        return [*(self[name] for name in BUDGETS), *heads]

    @property
    def people(self) -> list[forms.BoundField]:
        """Who leaves, who joins."""
        return [self[name] for name in PEOPLE]

    def _banded(self) -> list[forms.BoundField]:
        sides = ("lower", "upper")
        return [self[f"{band.resource}_{side}"] for band in managed(self.rules) for side in sides]

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
            "stay": {"changes_at_most_share": _part(told["changes"]), "bonus_share": _part(told["bonus"])},
            "between_clients": {"strategic_hours_at_most_share": _part(told["ceiling"])},
            "score": weights,
            "bands": [_band(band, told) for band in self.rules.bands],
        }
        people = {name: [told[name]] for name in PEOPLE if told[name]}
        return {"branch_code": branch_code, "policy": policy, **people}


def managed(rules: Allocation) -> list[Band]:
    """The bands of managers; advisers are shared out by a run of their own."""
    return [band for band in rules.bands if band.resource is not Resource.ADVISED]


def signed(rules: Allocation) -> dict[str, Decimal]:
    """The signed numbers, in per cent."""
    shares = {
        "changes": rules.stay.changes_at_most_share,
        "bonus": rules.stay.bonus_share,
        "ceiling": rules.between_clients.strategic_hours_at_most_share,
        **{f"{part}_weight": weight for part, weight in rules.score.parts()},
    }
    for band in managed(rules):
        shares[f"{band.resource}_lower"] = band.lower_share
        shares[f"{band.resource}_upper"] = band.upper_share
    return {name: _percent(share) for name, share in shares.items()}


def tried(body: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers and people of an ask, as the form asks for them."""
    policy = body.get("policy", {})
    shares = {
        "changes": policy.get("stay", {}).get("changes_at_most_share"),
        "bonus": policy.get("stay", {}).get("bonus_share"),
        "ceiling": policy.get("between_clients", {}).get("strategic_hours_at_most_share"),
        **policy.get("score", {}),
    }
    for band in policy.get("bands", ()):
        for side in ("lower", "upper"):
            shares[f"{band['resource']}_{side}"] = band[f"{side}_share"]
    told: dict[str, Any] = {name: _percent(Decimal(share)) for name, share in shares.items() if share}
    return told | {name: body[name][0] for name in PEOPLE if body.get(name)}


def _percent(share: Decimal) -> Decimal:
    """A share in per cent, without zeros at its end."""
    return Decimal(format((share * HUNDRED).normalize(), "f"))


def _part(percent: Decimal) -> str:
    """Per cent as the share that a pack's file writes."""
    return format(percent / HUNDRED, "f")


def _band(band: Band, told: Mapping[str, Decimal]) -> dict[str, Any]:
    """A band as the pack's file writes it, with what is tried of it."""
    shares = {"lower_share": format(band.lower_share, "f"), "upper_share": format(band.upper_share, "f")}
    if f"{band.resource}_lower" in told:
        shares = {f"{side}_share": _part(told[f"{band.resource}_{side}"]) for side in ("lower", "upper")}
    return {"resource": str(band.resource), **shares, "n_slack": band.n_slack}
