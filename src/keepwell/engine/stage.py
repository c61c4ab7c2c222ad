"""What a stage is: named rules, each reading contract tables and writing contract tables.

A rule is a pure function. Its parameters are named as the tables it reads (``trade``, ``client_feature``),
with the prefix ``parent_`` for a table of the parent run (empty when there is none), or are one of the
context names ``as_of`` (date), ``acts_on`` (date: whether what people decided is in force is asked of it; never
before ``as_of``), ``packs`` (``keepwell.policy.packs.Packs``), ``token_key`` (hex, keys hashed words). Secret
columns are only given to the rooms named in ``MAY_READ_SECRETS``.

Who takes over from the parent run may ask for more: ``changed_<table>``, the rows that only one of the two runs has, of
a changed row both versions (rows that did not change may stand in it; secret columns of sources are null);
``touched_<table>``, the keys of what, as the stage says, may have to be decided anew; ``since_on`` and ``until_on``:
every day that passed since the parent run is one of them or lies between.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from keepwell.contract import Table

CONTEXT = ("as_of", "acts_on", "packs", "token_key", "since_on", "until_on")
PARENT = "parent_"
CHANGED, TOUCHED = "changed_", "touched_"
MAY_READ_SECRETS = ("ingest", "identity")


@dataclass(frozen=True, slots=True)
class Rule:
    """One decision. ``decide`` returns an Ibis table, or with ``arrays`` a dict of table name to Arrow table.

    With ``arrays`` the inputs are given as Arrow tables sorted by their table's order. ``renew`` decides the same,
    to the byte, from what the parent run decided and what changed since; it is asked when the parent was made by
    the same code and policy. ``given`` names the columns of a table that an array rule is given, where not all are.
    """

    writes: tuple[type[Table], ...]
    decide: Callable[..., Any]
    arrays: bool = False
    renew: Callable[..., Any] | None = None
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def way(self, *, renews: bool) -> Callable[..., Any]:
        """How the rule decides: anew, or from the parent run if it can and is asked to."""
        return self.renew if renews and self.renew else self.decide

    @property
    def views(self) -> tuple[str, ...]:
        """Names of everything the rule asks for that holds rows."""
        ways = (self.decide, self.renew) if self.renew else (self.decide,)
        return tuple(dict.fromkeys(name for way in ways for name in views_of(way)))

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of the tables the rule asks for, parents with their prefix."""
        return tables_of(self.views)


@dataclass(frozen=True, slots=True)
class Stage:
    """A room's place in the pipeline. ``touched`` tells by table what may have to be decided anew tonight."""

    name: str
    rules: tuple[Rule, ...]
    touched: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    @property
    def reads(self) -> tuple[str, ...]:
        """All tables read that the stage does not write itself, in order of first use."""
        own = {table.name for rule in self.rules for table in rule.writes}
        names = dict.fromkeys(name for rule in self.rules for name in rule.reads)
        names |= dict.fromkeys(name for way in self.touched.values() for name in tables_of(views_of(way)))
        return tuple(name for name in names if name not in own)

    @property
    def writes(self) -> tuple[type[Table], ...]:
        """All tables written, in order."""
        return tuple(table for rule in self.rules for table in rule.writes)


def one(table: type[Table], decide: Callable[..., Any], renew: Callable[..., Any] | None = None) -> Rule:
    """A rule that writes one table with an Ibis expression."""
    return Rule((table,), decide, renew=renew)


def table_name(view: str) -> str:
    """The name of the contract table that a view's rows have the form of."""
    for prefix in (PARENT, CHANGED, TOUCHED):
        if view.startswith(prefix):
            return view.removeprefix(prefix)
    return view


def tables_of(views: Iterable[str]) -> tuple[str, ...]:
    """Names of the tables behind the views, parents with their prefix; a change is told by both."""
    names: list[str] = []
    for view in views:
        if view.startswith(CHANGED):
            names += [table_name(view), PARENT + table_name(view)]
        elif not view.startswith(TOUCHED):
            names.append(view)
    return tuple(dict.fromkeys(names))


def asked(way: Callable[..., Any]) -> tuple[str, ...]:
    """Names of everything a way to decide asks for."""
    return tuple(inspect.signature(way).parameters)


def views_of(way: Callable[..., Any]) -> tuple[str, ...]:
    """Names of what a way to decide asks for that holds rows."""
    return tuple(name for name in asked(way) if name not in CONTEXT)
