"""Opens a delivered file by its suffix and the mapping's reading of it."""

from __future__ import annotations

from pathlib import Path

from keepwell.contract.schema import Text
from keepwell.engine.ingest.errors import FileRefused
from keepwell.engine.ingest.mapping import Reading
from keepwell.engine.store.readers.columnar import open_parquet
from keepwell.engine.store.readers.dbf import open_dbf
from keepwell.engine.store.readers.delimited import open_delimited
from keepwell.engine.store.readers.excel import open_excel
from keepwell.engine.store.readers.fixed import open_fixed
from keepwell.engine.store.readers.found import OTHER_WORKBOOKS, Found
from keepwell.engine.store.readers.opened import Opened
from keepwell.engine.store.session import Session


def opened(session: Session, found: Found, reading: Reading, spill: Path) -> Opened:
    """Open a file of any kind. Raises ``FileRefused`` naming what is wrong with the whole file."""
    suffix = found.path.suffix.lower()
    if not found.state.n_bytes:
        raise FileRefused(
            found.name,
            Text("the file is empty", "文件为空"),
            Text("Deliver it again, or leave it out", "请重新交付，或不交付该文件"),
        )
    if suffix in OTHER_WORKBOOKS:
        raise FileRefused(
            found.name,
            Text(f"a workbook of the form {suffix} is not read", f"不读取 {suffix} 格式的工作簿"),
            Text("Open it and save it as .xlsx or .csv", "请打开后另存为 .xlsx 或 .csv"),
        )
    if suffix == ".parquet":
        return open_parquet(session, found)
    if suffix == ".dbf":
        return open_dbf(session, found, reading, spill)
    if suffix == ".xlsx":
        return open_excel(session, found, reading, spill)
    if reading.widths:
        return open_fixed(session, found, reading, spill)
    return open_delimited(session, found, reading, spill)
