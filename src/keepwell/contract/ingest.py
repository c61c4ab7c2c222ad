"""What ingest says of a delivery: every file, and every row that was not accepted."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.schema import Sensitivity, Table, Text, boolean, code, count, date, integer, text


class Delivery(Table):
    """One delivered file: rows read = accepted + quarantined + repeated, always (R238)."""

    title = Text("Deliveries", "交付文件")
    writer = "ingest"
    grain = ("file_name",)

    file_name = text("File", "文件", length=240)
    table_name = text("Table", "表", length=40)
    fingerprint = text("SHA-256", "指纹", length=64)
    encoding = text("Encoding", "编码", length=16, nullable=True)
    n_bytes = count("Bytes", "字节")
    n_read = count("Rows read", "读入")
    n_accepted = count("Accepted", "收下")
    n_quarantined = count("Quarantined", "隔离")
    n_repeated = count("Repeated", "重复")
    n_superseding = count("Of them correcting earlier rows", "其中更正旧行")
    is_known = boolean("Delivered before", "此前已交付")
    known_on = date("Known on", "知悉日期")


class Quarantine(Table):
    """One rejected row (or a finding about one column of it) with the place, the value and the remedy."""

    title = Text("Quarantined rows", "隔离行")
    writer = "ingest"
    grain = ("file_name", "line_no", "table_name", "column_name")

    file_name = text("File", "文件", length=240)
    line_no = integer("Line", "行", low=0)
    column_name = text("Column", "列", length=64)
    table_name = text("Table", "表", length=40)
    quarantine_reason = code("Reason", "原因", codes.QuarantineReason)
    found = text("Value found", "所见值", length=400, nullable=True, sensitivity=Sensitivity.PERSONAL)
    allowed = text("What is allowed, English", "应为（英文）", length=200)
    allowed_zh = text("What is allowed, Chinese", "应为（中文）", length=200)
    raw = text("Raw row", "原始行", length=4000, nullable=True, sensitivity=Sensitivity.SECRET)


class SourceCoverage(Table):
    """Which source tables the firm delivers: what follows from one that it does not is unknown, never zero.

    A table counts as delivered once a row of it was accepted that the as-of date may see.
    """

    title = Text("Delivered tables", "已交付的表")
    writer = "ingest"
    grain = ("table_name",)

    table_name = text("Table", "表", length=40)
    is_delivered = boolean("Delivered", "已交付")


class CalendarDay(Table):
    """The days of the loaded calendar with running counts, so that rules can count in joins (R234).

    ``n_trading`` and ``n_working`` number the trading and working days up to and including the day.
    """

    title = Text("Calendar", "日历")
    writer = "ingest"
    grain = ("day_on",)

    day_on = date("Day", "日期")
    is_working = boolean("Working day", "工作日")
    is_trading = boolean("Trading day", "交易日")
    n_working = count("Working days so far", "累计工作日")
    n_trading = count("Trading days so far", "累计交易日")
