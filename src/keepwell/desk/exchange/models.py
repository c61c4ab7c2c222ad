"""What came in: deliveries and the rows that were not accepted."""

from __future__ import annotations

from keepwell.contract import ingest
from keepwell.contract.schema import Text
from keepwell.desk.generations.decided import Decided


class Delivery(Decided, table=ingest.Delivery):
    """One delivered file of the run."""


class Quarantine(
    Decided,
    table=ingest.Quarantine,
    seals=True,
    indexes=[("quarantine_reason", "file_name", "line_no", "table_name", "column_name")],
):
    """One rejected row; its raw text lies in it encrypted."""

    @property
    def remedy(self) -> Text:
        """What should stand there, in both languages."""
        return Text(self.allowed, self.allowed_zh)
