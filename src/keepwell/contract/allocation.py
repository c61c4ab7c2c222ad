"""Who looks after whom: a proposal, its grounds, and each manager's load. The engine only proposes."""

from __future__ import annotations

from keepwell.contract.reasons.allocation import AllocationReason
from keepwell.contract.schema import Table, Text, boolean, code, count, decimal, share, text


class AllocationProposal(Table):
    """The proposed service manager of an existing client, beside the present one (R040, R054)."""

    title = Text("Proposed managers", "分配建议")
    writer = "allocation"
    grain = ("client_id",)

    client_id = text("Client", "客户", length=34)
    branch_code = text("Branch", "营业部", length=16)
    manager_code = text("Proposed manager", "建议客户经理", length=16, nullable=True)
    current_code = text("Present manager", "现客户经理", length=16, nullable=True)
    is_change = boolean("Would change", "拟更换")
    score = share("Score of the pair", "匹配得分", nullable=True)
    best_code = text("Best-scoring manager", "得分最高经理", length=16, nullable=True)
    best_score = share("Best score", "最高得分", nullable=True)
    price = share("Price of the manager's place", "名额影子价", nullable=True)
    allocation_reason = code("Why", "理由", AllocationReason)
    policy_version = text("Policy", "规则版本", length=80)


class AllocationLoad(Table):
    """Load of each manager now and as proposed, against the limits of the branch (R048)."""

    title = Text("Manager load", "客户经理负荷")
    writer = "allocation"
    grain = ("staff_code",)
    order = ("branch_code", "staff_code")

    staff_code = text("Staff number", "工号", length=16)
    branch_code = text("Branch", "营业部", length=16)
    is_eligible = boolean("May take clients", "可分配客户")
    allocation_reason = code("Why", "理由", AllocationReason)
    n_current = count("Clients now", "现有客户数")
    n_proposed = count("Clients proposed", "建议客户数")
    n_lower = count("Lower limit", "下限")
    n_upper = count("Upper limit", "上限")
    n_incoming = count("Coming in", "拟转入")
    n_outgoing = count("Going out", "拟转出")
    price = share("Price of a place", "名额影子价")


class AllocationCertificate(Table):
    """Proof that a branch's proposal is the best possible under its limits: value and bound agree (R054)."""

    title = Text("Allocation certificates", "分配证明")
    writer = "allocation"
    grain = ("branch_code",)

    branch_code = text("Branch", "营业部", length=16)
    n_clients = count("Clients", "客户数")
    n_managers = count("Eligible managers", "可分配经理数")
    value = decimal("Total score", "总得分", scale=6)
    bound = decimal("Upper bound", "上界", scale=6)
    current_value = decimal("Score of the status quo", "现状得分", scale=6)
    n_unplaced = count("Without an eligible manager", "无可分配经理")
    n_changes = count("Changes proposed", "拟更换数")
