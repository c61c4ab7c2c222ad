"""Filters of the client list: they live in the address; OR inside a group, AND between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from keepwell.contract.codes import ActivityState, ClientKind, Grade, Population, RiskLevel, ServiceType
from keepwell.contract.schema import Code, Text
from keepwell.desk.columns import lazy_text

CODED: dict[str, tuple[Text, type[Code]]] = {
    "grade": (Text("Grade", "分级"), Grade),
    "service_type": (Text("Service type", "服务类型"), ServiceType),
    "activity_state": (Text("State", "状态"), ActivityState),
    "risk_level": (Text("Risk level", "风险等级"), RiskLevel),
    "client_kind": (Text("Kind", "类型"), ClientKind),
}
FREE = {"branch": "client__place__home_branch_code", "manager": "client__place__manager_code"}
NOBODY = "-"
DECIDED = ("grade", "service_type", "activity_state", "risk_level")


@dataclass(frozen=True)
class Chip:
    """One filter that can be switched on or off; `query` is the address after the switch."""

    label: Any
    query: str
    is_on: bool


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to."""

    population: str = str(Population.EXISTING)
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        """From the address; values that are in no list are left out."""
        population = query.get("population", "")
        chosen = {
            name: tuple(value for value in query.getlist(name) if value in set(map(str, codes)))
            for name, (_label, codes) in CODED.items()
        }
        chosen |= {name: tuple(value[:16] for value in query.getlist(name) if value) for name in FREE}
        known = population if population in set(map(str, Population)) else str(Population.EXISTING)
        return cls(known, {name: values for name, values in chosen.items() if values})

    def applied(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that pass."""
        rows = rows.filter(population=self.population)
        for name, values in self.chosen.items():
            if name == "manager" and values == (NOBODY,):
                rows = rows.filter(client__place__manager_code=None)
            else:
                rows = rows.filter(**{f"{FREE.get(name, name)}__in": values})
        return rows

    @property
    def query(self) -> str:
        """The filters as part of an address."""
        out = QueryDict(mutable=True)
        if self.population != str(Population.EXISTING):
            out["population"] = self.population
        for name in sorted(self.chosen):
            out.setlist(name, list(self.chosen[name]))
        return out.urlencode()

    def switched(self, name: str, value: str) -> Filters:
        """With one value switched on or off."""
        before = self.chosen.get(name, ())
        after = tuple(v for v in before if v != value) if value in before else (*before, value)
        rest = {key: values for key, values in self.chosen.items() if key != name}
        return replace(self, chosen={**rest, name: after} if after else rest)

    def chips(self, name: str) -> list[Chip]:
        """The group's chips, in the order of the closed list."""
        on = self.chosen.get(name, ())
        return [
            Chip(lazy_text(code.text), self.switched(name, str(code)).query, str(code) in on)
            for code in CODED[name][1]
        ]

    def population_chips(self) -> list[Chip]:
        """One population at a time; grades and states only exist for existing clients."""
        kept = {key: values for key, values in self.chosen.items() if key not in DECIDED}
        return [
            Chip(
                lazy_text(code.text),
                Filters(str(code), self.chosen if code is Population.EXISTING else kept).query,
                str(code) == self.population,
            )
            for code in (Population.EXISTING, Population.NEVER_FUNDED, Population.CLOSED)
        ]

    def groups(self, names: Sequence[str]) -> list[tuple[Any, list[Chip]]]:
        """Label and chips of the groups asked for."""
        return [(lazy_text(CODED[name][0]), self.chips(name)) for name in names]

    @property
    def is_existing(self) -> bool:
        """Whether the list shows existing clients, who alone are graded."""
        return self.population == str(Population.EXISTING)
