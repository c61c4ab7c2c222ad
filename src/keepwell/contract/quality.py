"""What is missing, expired or contradictory in clients' data, and what the firm must mend by when (R006, R008)."""

from __future__ import annotations

from keepwell.contract.golden import Fact
from keepwell.contract.schema import Code, Table, Text, boolean, code, count, date, text


class GapKind(Code):
    """In what way a fact of a client falls short."""

    MISSING = "missing", "Missing", "缺失"
    EXPIRED = "expired", "Expired", "已过期"
    MISREAD = "misread", "Does not pass its check", "校验不符"
    DIFFERS = "differs", "Records disagree", "各处不一致"


class DataGap(Table):
    """A fact of an open client that no record holds, that is out of date or misread, or in which records disagree.

    What somebody has found out since is no gap any more.
    """

    title = Text("Gaps in clients' data", "客户资料缺口")
    writer = "identity"
    grain = ("client_id", "golden_field", "gap_kind")

    client_id = text("Client", "客户", length=34)
    golden_field = code("Fact", "资料项", Fact)
    gap_kind = code("What is wrong", "问题", GapKind)
    is_required = boolean("Asked for by Art. 49", "属第49条所列")
    since_on = date("Since", "始于", nullable=True)


class Remediation(Table):
    """An open client whose data must be mended: how much is wrong, how long it takes, by when (CDD measure, Art. 51).

    The date is drawn from the firm's batches by the client number alone; nothing about the client moves it.
    """

    title = Text("Clients to be brought up to date", "待补正客户")
    writer = "changes"
    grain = ("client_id",)

    client_id = text("Client", "客户", length=34)
    n_missing = count("Missing", "缺失项数")
    n_expired = count("Expired", "过期项数")
    n_misread = count("Misread", "校验不符项数")
    n_differing = count("In conflict", "不一致项数")
    fix_minutes = count("Minutes to mend", "修补分钟数")
    worth_points = count("Worth of mending", "修补价值分")
    due_on = date("To be brought up to date by", "补正期限", nullable=True)


class RemediationStatistic(Table):
    """Existing clients of a branch by the date drawn for them: all, and those whose data are whole."""

    title = Text("Progress of bringing clients up to date", "存量客户补正进度")
    writer = "changes"
    grain = ("branch_code", "due_on")

    branch_code = text("Branch", "营业部", length=16)
    due_on = date("To be brought up to date by", "补正期限")
    n_clients = count("Clients", "客户数")
    n_done = count("Whole", "已齐备客户数")


class BranchQuality(Table):
    """Open clients of a branch and what is wrong with their data."""

    title = Text("Data quality of branches", "营业部资料质量")
    writer = "changes"
    grain = ("branch_code",)

    branch_code = text("Branch", "营业部", length=16)
    n_clients = count("Open clients", "未销户客户数")
    n_to_mend = count("Clients to mend", "待补正客户数")
    n_missing = count("Missing", "缺失项数")
    n_expired = count("Expired", "过期项数")
    n_misread = count("Misread", "校验不符项数")
    n_differing = count("In conflict", "不一致项数")
    fix_minutes = count("Minutes to mend", "修补分钟数")


class GapStatistic(Table):
    """How many clients of a branch have a gap of a kind in a fact."""

    title = Text("Gaps by branch and fact", "营业部资料缺口分布")
    writer = "changes"
    grain = ("branch_code", "golden_field", "gap_kind")

    branch_code = text("Branch", "营业部", length=16)
    golden_field = code("Fact", "资料项", Fact)
    gap_kind = code("What is wrong", "问题", GapKind)
    n_clients = count("Clients", "客户数")
