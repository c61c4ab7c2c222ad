"""What changed since the parent run, told to the rules that take over from it; nothing is looked for unasked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keepwell.contract import SOURCES, Table
from keepwell.engine.stage import CHANGED, PARENT, TOUCHED, asked
from keepwell.engine.store.changes import Changed, compared
from keepwell.engine.store.decide import Context, statement, table_of
from keepwell.engine.store.session import Session


class Renewal:
    """Rows that came and went, and what they touch: looked for when first asked for, kept until the stage ends.

    ``of_source`` tells of a source table which rows are fresh and which are gone.
    """

    def __init__(self, session: Session, of_source: Callable[[type[Table]], Changed]) -> None:
        self._session, self._of_source = session, of_source
        self._told: set[str] = set()

    def tell(
        self, way: Callable[..., Any], touched: Mapping[str, Callable[..., Any]], context: Context
    ) -> None:
        """Make every name of a change that the way asks for mean its rows."""
        for name in asked(way):
            if name in self._told or not name.startswith((CHANGED, TOUCHED)):
                continue
            self._told.add(name)
            if name.startswith(TOUCHED):
                closure = touched[table_of(name).name]
                self.tell(closure, touched, context)
                sql = statement(name, closure, context)
            else:
                fresh, gone = self._changed(table_of(name))
                sql = f"({fresh}) UNION ALL ({gone})"
            self._session.note(name, sql)

    def forget(self) -> None:
        """Drop what was told: another stage may not be allowed to see it, and its own rows have changed since."""
        for name in sorted(self._told):
            self._session.run(f'DROP TABLE "{name}"')
        self._told.clear()

    def _changed(self, table: type[Table]) -> Changed:
        if table in SOURCES:
            return self._of_source(table)
        return compared(f'FROM "{table.name}"', f'FROM "{PARENT}{table.name}"')
