"""How was this figure made? A client's feature of a run down to the rows behind it, reckoned once more from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.contract import TABLES
from keepwell.contract.behind import FEATURES, Behind, FeatureWay, Rows
from keepwell.engine.features.rules.behind import COUNTED, Cut, Owned, day_of, reads, rows_behind
from keepwell.engine.host.inputs import bind
from keepwell.engine.store.errors import NoSuchClient
from keepwell.engine.store.folder import DataFolder, place_of_process
from keepwell.engine.store.session import Session, compiled, open_session, unbound
from keepwell.engine.store.snapshot import Snapshot
from keepwell.engine.store.visible import Visible
from keepwell.policy.packs import load_packs

SHOWN_AT_MOST = 200


class NoSuchFeature(ValueError):
    """A name that is no feature."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is no feature: docs/features.md lists them, for example outflow_90d_amount")


@dataclass(frozen=True, slots=True)
class Made:
    """A feature's value, how it comes about, and the rows of each table it is made of.

    ``again`` is what the listed rows alone give, where rows are counted or added up.
    """

    feature: str
    value: Any
    behind: Behind
    rows: tuple[tuple[Rows, pa.Table], ...]
    again: Any

    @property
    def n_rows(self) -> int:
        """How many rows stand behind the value."""
        return sum(found.num_rows for _, found in self.rows)


def made(data: Path, run: str, client_id: str, feature: str) -> Made:
    """What a client's feature of a run is made of. Raises ``NoSuchFeature``, ``NoSuchClient`` and ``StoreError``."""
    with _bound(data, run, names_of(feature)) as (session, cut):
        return made_of(session, cut, client_id, feature, run)


def names_of(feature: str) -> tuple[str, ...]:
    """The tables that tell how a feature was made. Raises ``NoSuchFeature``."""
    if feature not in FEATURES:
        raise NoSuchFeature(feature)
    return (*reads(FEATURES[feature]), "client_account", "client_record", "client_feature")


def made_of(session: Session, cut: Cut, client_id: str, feature: str, run: str) -> Made:
    """The same in a session in which the tables are bound by name. Raises ``NoSuchClient``."""
    value = _value(session, client_id, feature, run)
    owned = Owned(client_id, *(_codes(session, client_id, what) for what in ("account", "record")))
    behind = FEATURES[feature]
    tables = {name: unbound(TABLES[name]) for name in reads(behind)}
    found = tuple(
        (spec, session.arrow(compiled(rows_behind(behind, spec, tables, owned, cut)))) for spec in behind.rows
    )
    return Made(feature, value, behind, found, None if value is None else _again(behind, found))


def traced(data: Path, run: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the desk asks of a feature, as JSON takes it; ``body``: ``client_id`` and ``feature``."""
    with _bound(data, run, names_of(str(body.get("feature")))) as (session, cut):
        return told(
            made_of(session, cut, str(body.get("client_id")), str(body.get("feature")), run), cut.as_of
        )


def told(one: Made, as_of: dt.date) -> dict[str, Any]:
    """As JSON takes it: the newest rows of each table, amounts and days as text."""
    rows = [
        {
            "table": spec.table,
            "counted": _plain(row.pop(COUNTED)),
            "row": {name: _plain(value) for name, value in row.items()},
        }
        for spec, found in one.rows
        for row in found.slice(0, SHOWN_AT_MOST).to_pylist()
    ]
    return {
        "feature": one.feature, "value": _plain(one.value), "way": str(one.behind.way), "again": _plain(one.again),
        "as_of": as_of.isoformat(), "n_rows": one.n_rows, "rows": rows[:SHOWN_AT_MOST],
        "follows": list(one.behind.follows),
    }  # fmt: skip


@contextmanager
def _bound(data: Path, run: str, names: tuple[str, ...]) -> Iterator[tuple[Session, Cut]]:
    """A session with tables as they were in a run."""
    folder = DataFolder(data)
    published = folder.run(run)
    manifest = published.manifest
    as_of, own = dt.date.fromisoformat(manifest["as_of"]), published.path / "packs"
    packs = load_packs(as_of, own if own.is_dir() else None, manifest["calendar"])
    visible = Visible(Snapshot(folder.sources, manifest["made_of"]["sources"]), as_of)
    with open_session(1, None, place_of_process(data, "spill-behind")) as session:
        visible.not_yet(session)
        for name in dict.fromkeys(names):
            bind(session, name, visible, published)
        yield session, Cut(as_of, packs)


def _value(session: Session, client_id: str, feature: str, run: str) -> Any:
    rows = _told(session, "client_feature", client_id, feature)
    if not rows:
        raise NoSuchClient(client_id, run)
    return rows[0]


def _codes(session: Session, client_id: str, what: str) -> tuple[str, ...]:
    return tuple(sorted(_told(session, f"client_{what}", client_id, f"{what}_code")))


def _told(session: Session, table: str, client_id: str, column: str) -> list[Any]:
    rows = unbound(TABLES[table])
    found = session.arrow(compiled(rows.filter(rows.client_id == client_id).select(column)))
    told: list[Any] = found[column].to_pylist()
    return told


def _again(behind: Behind, found: tuple[tuple[Rows, pa.Table], ...]) -> Any:
    """What the rows alone give, where they are counted or added up."""
    reckon = WAYS.get(behind.way)
    return None if reckon is None else reckon(behind, found)


Found = tuple[tuple[Rows, pa.Table], ...]


def _count(_: Behind, found: Found) -> int:
    return sum(rows.num_rows for _, rows in found)


def _days(_: Behind, found: Found) -> int:
    return len(_every(found, day_of))


def _distinct(behind: Behind, found: Found) -> int:
    return len(_every(found, lambda _: behind.of[0]))


def _sum(_: Behind, found: Found) -> Decimal:
    return sum((pc.sum(rows[COUNTED]).as_py() or Decimal(0) for _, rows in found), start=Decimal("0.00"))


def _largest(_: Behind, found: Found) -> Decimal:
    return max((pc.max(rows[COUNTED]).as_py() or Decimal(0) for _, rows in found), default=Decimal(0))


def _latest(_: Behind, found: Found) -> dt.date | None:
    return max(_every(found, day_of), default=None)


def _every(found: Found, column: Callable[[Rows], str]) -> set[Any]:
    """The different values of a column in all the rows."""
    return {value for spec, rows in found for value in pc.unique(rows[column(spec)]).to_pylist()}


WAYS: Mapping[FeatureWay, Callable[[Behind, Found], Any]] = {
    FeatureWay.COUNT: _count,
    FeatureWay.DAYS: _days,
    FeatureWay.DISTINCT: _distinct,
    FeatureWay.SUM: _sum,
    FeatureWay.LARGEST: _largest,
    FeatureWay.LATEST: _latest,
}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, dt.date) else value
