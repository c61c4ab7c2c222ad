"""Filters of the client list: they live in the address; OR inside a group, AND between groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from keepwell.contract.codes import ActivityState, ClientKind, Grade, Population, RiskLevel, ServiceType
from keepwell.contract.schema import Code, Text
from keepwell.desk.clients import overlay
from keepwell.desk.clients.models import ClientMove, Place
from keepwell.desk.clients.scope import within
from keepwell.desk.columns import lazy_text

CODED: dict[str, tuple[Text, type[Code]]] = {
    "grade": (Text("Grade", "分级"), Grade),
    "service_type": (Text("Service type", "服务类型"), ServiceType),
    "activity_state": (Text("State", "状态"), ActivityState),
    "risk_level": (Text("Risk level", "风险等级"), RiskLevel),
    "client_kind": (Text("Kind", "类型"), ClientKind),
}
Condition = Callable[[dt.date], Q]


def _between(low: int | None, high: int | None) -> Condition:
    """Assets from `low` to below `high` yuan; unknown assets are in no band."""
    within = Q(assets_amount__isnull=False)
    if low is not None:
        within &= Q(sort_amount__gte=low)
    return lambda _on: within & Q(sort_amount__lt=high) if high is not None else within


def _silent(days: int) -> Condition:
    return lambda on: overlay.silent(days, on)


# Conditions on the client's place, which follows people's acts by day; the run's own line does not.
CARE: dict[str, Q] = {
    "nobody": Q(manager_code=None),
    "leaver": Q(grounds=Place.Grounds.LEAVER),
}


def _was(**asked: str | None) -> Condition:
    """Who was in another class or state when the month before ended."""
    return lambda _on: Q(client_id__in=ClientMove.objects.filter(**asked).values("client_id"))


# Where clients came from: set by the page of classes alone, so these groups have no chips to choose from.
NEWLY = Text("newly classed", "新分级")
BEFORE: dict[str, tuple[Text, Condition]] = {
    "-": (NEWLY, _was(before_grade=None)),
    **{
        f"{grade}.{kind}": (
            Text(f"was {grade.text.en} · {kind.text.en}", f"原{grade.text.zh}·{kind.text.zh}"),
            _was(before_grade=str(grade), before_service_type=str(kind)),
        )
        for grade in Grade
        for kind in ServiceType
    },
}
BEFORE_STATE: dict[str, tuple[Text, Condition]] = {
    "-": (NEWLY, _was(before_activity_state=None)),
    **{
        str(state): (
            Text(f"was {state.text.en}", f"原{state.text.zh}"),
            _was(before_activity_state=str(state)),
        )
        for state in ActivityState
    },
}


# Groups whose values are conditions: what each is called, and what it asks of a line on the as-of date.
ASKED: dict[str, tuple[Text, dict[str, tuple[Text, Condition]]]] = {
    "assets": (
        Text("Assets", "资产"),
        {
            "0": (Text("below 100k", "10 万以下"), _between(None, 100_000)),
            "10": (Text("100k–500k", "10–50 万"), _between(100_000, 500_000)),
            "50": (Text("500k–1m", "50–100 万"), _between(500_000, 1_000_000)),
            "100": (Text("1m–5m", "100–500 万"), _between(1_000_000, 5_000_000)),
            "500": (Text("5m and above", "500 万及以上"), _between(5_000_000, None)),
        },
    ),
    "contact": (
        Text("No contact", "未联系"),
        {
            "30": (Text("30 days and more", "30 天以上"), _silent(30)),
            "90": (Text("90 days and more", "90 天以上"), _silent(90)),
            "180": (Text("180 days and more", "180 天以上"), _silent(180)),
            "never": (Text("none on record", "从无记录"), lambda _on: overlay.never_reached()),
        },
    ),
    "care": (
        Text("Waits for a manager", "待落实经理"),
        {
            "nobody": (Text("no manager", "无人负责"), lambda _on: _placed(CARE["nobody"])),
            "leaver": (Text("manager left", "经理已离职"), lambda _on: _placed(CARE["leaver"])),
        },
    ),
    "before": (Text("Class then", "原分类"), BEFORE),
    "before_state": (Text("State then", "原状态"), BEFORE_STATE),
    "document": (
        Text("Document", "证件"),
        {
            "expired": (Text("expired", "证件已过期"), lambda on: Q(id_valid_to__lt=on)),
            "90": (
                Text("expires within 90 days", "90 天内到期"),
                lambda on: Q(id_valid_to__gte=on, id_valid_to__lt=on + dt.timedelta(days=90)),
            ),
        },
    ),
}
FREE = ("branch", "manager")
NOBODY = "-"
SPARSE = 10_000  # up to so many clients a list of the firm is read from their places
DECIDED = ("grade", "service_type", "activity_state", "risk_level", "contact", "before", "before_state")
MOST_VALUES = 20


@dataclass(frozen=True)
class Chip:
    """One filter that can be switched on or off; `query` is the address after the switch."""

    label: Any
    query: str
    is_on: bool


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; `on` is the as-of date that "expired" is counted to."""

    population: str = str(Population.EXISTING)
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    on: dt.date = dt.date.max

    @classmethod
    def read(cls, query: QueryDict, on: dt.date = dt.date.max) -> Filters:
        """From the address; values that are in no list are left out."""
        population = query.get("population", "")
        known = {name: set(map(str, codes)) for name, (_label, codes) in CODED.items()}
        known |= {name: set(values) for name, (_label, values) in ASKED.items()}
        chosen = {
            name: tuple(dict.fromkeys(value for value in query.getlist(name) if value in values))
            for name, values in known.items()
        }
        chosen |= {
            name: tuple(value[:16] for value in query.getlist(name)[:MOST_VALUES] if value) for name in FREE
        }
        existing = population if population in set(map(str, Population)) else str(Population.EXISTING)
        return cls(existing, {name: values for name, values in chosen.items() if values}, on)

    @classmethod
    def kept(cls, query: str, on: dt.date = dt.date.max) -> Filters:
        """From the address of a saved view."""
        return cls.read(QueryDict(query), on)

    def without(self, names: Sequence[str]) -> Filters:
        """Without the groups that a role does not see: an address may name them, the list does not answer."""
        return replace(self, chosen={key: values for key, values in self.chosen.items() if key not in names})

    def applied(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that pass."""
        rows = rows.filter(population=self.population)
        for name, values in self.chosen.items():
            if name in ASKED:
                asked = Q()
                for value in values:
                    asked |= ASKED[name][1][value][1](self.on)
                rows = rows.filter(asked)
            elif name == "manager":
                rows = rows.filter(_managed_by(values))
            elif name == "branch":
                rows = within(rows, Place.objects.filter(home_branch_code__in=values))
            else:
                rows = rows.filter(**{f"{name}__in": values})
        return self._from_the_few(rows)

    def _from_the_few(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Clients without a manager, where they are few, are looked up one by one: a walk down the whole firm's order
        would meet them rarely. The condition stands already; this is only a shorter way to it.
        """
        of_nobody = self.chosen.get("manager") == (NOBODY,) or self.chosen.get("care") == ("nobody",)
        if not of_nobody or not self.is_existing:
            return rows
        places = Place.objects.filter(CARE["nobody"], is_existing=True)
        return within(rows, places) if places[: SPARSE + 1].count() <= SPARSE else rows

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
            Chip(lazy_text(text), self.switched(name, value).query, value in on)
            for value, text in _values(name).items()
        ]

    def population_chips(self) -> list[Chip]:
        """One population at a time; grades and states only exist for existing clients."""
        rest = {key: values for key, values in self.chosen.items() if key not in DECIDED}
        return [
            Chip(
                lazy_text(code.text),
                replace(
                    self, population=str(code), chosen=self.chosen if code is Population.EXISTING else rest
                ).query,
                str(code) == self.population,
            )
            for code in (Population.EXISTING, Population.NEVER_FUNDED, Population.CLOSED)
        ]

    def groups(self, names: Sequence[str]) -> list[tuple[Any, list[Chip]]]:
        """Label and chips of the groups asked for."""
        return [(lazy_text(label_of(name)), self.chips(name)) for name in names]

    def on_chips(self, names: Mapping[str, Mapping[str, str]]) -> list[Chip]:
        """What is chosen, each taken away by following it; `names` tells branches and managers by code."""
        return [
            Chip(
                _told(name, value, names.get(name, {})),
                self.switched(name, value).query,
                True,
            )
            for name, values in self.chosen.items()
            for value in values
        ]

    @property
    def is_existing(self) -> bool:
        """Whether the list shows existing clients, who alone are graded."""
        return self.population == str(Population.EXISTING)


def label_of(name: str) -> Text:
    """What a group is called."""
    return CODED[name][0] if name in CODED else ASKED[name][0]


def _managed_by(values: Sequence[str]) -> Q:
    """Whose clients they are today, which the run may not know yet."""
    codes = [value for value in values if value != NOBODY]
    asked = Q()
    if codes:  # a book or two, read from their places
        asked = Q(client_id__in=Place.objects.filter(manager_code__in=codes).values("client_id"))
    return asked | _placed(CARE["nobody"]) if NOBODY in values else asked


def _placed(asked: Q) -> Q:
    """A condition on places as one on the lines of a list."""
    return Q(Exists(Place.objects.filter(asked, client_id=OuterRef("client_id"))))


def _values(name: str) -> dict[str, Text]:
    if name in CODED:
        return {str(code): code.text for code in CODED[name][1]}
    return {value: text for value, (text, _condition) in ASKED[name][1].items()}


def _told(name: str, value: str, codes: Mapping[str, str]) -> Any:
    if name in FREE:
        return codes.get(value, value)
    text, label = _values(name)[value], label_of(name)
    if name in ("contact", "assets"):
        return lazy_text(Text(f"{label.en}: {text.en}", f"{label.zh} {text.zh}"))
    return lazy_text(text)
