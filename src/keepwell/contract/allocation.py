"""Who looks after whom: a proposal, its grounds, and each manager's load. The engine only proposes.

From these tables alone anybody can recompute the net score of every alternative: score, less for each limit its price
times what the client takes of it, less the price of a change. Scores have six digits, prices nine; nothing is rounded.
"""

from __future__ import annotations

from keepwell.contract import codes, serving
from keepwell.contract.reasons import allocation as why
from keepwell.contract.schema import (
    DAYS,
    Column,
    Table,
    Text,
    boolean,
    code,
    count,
    date,
    decimal,
    share,
    text,
)


def _client() -> Column:
    return text("Client", "客户", length=34)


def _branch() -> Column:
    return text("Branch", "营业部", length=16)


def _manager(en: str, zh: str, *, nullable: bool = False) -> Column:
    return text(en, zh, length=16, nullable=nullable)


def _price(en: str, zh: str, *, nullable: bool = False) -> Column:
    return decimal(en, zh, scale=9, nullable=nullable)


class AllocationUse(Table):
    """What counts of an existing client: what is taken of a manager's limits, and the facts a pair is scored by.

    Needs count by strength, confidence of the source and age; a fact that is not known, or too old, is neutral in the
    score, and listed here as not known (R040, R050). No protected fact is told but that the client is vulnerable, which
    is a limit and no score.
    """

    title = Text("What counts of each client", "客户匹配依据")
    writer = "allocation"
    grain = ("client_id",)

    client_id = _client()
    branch_code = _branch()
    manager_code = _manager("Present manager", "现客户经理", nullable=True)
    grade = code("Grade", "分级", codes.Grade)
    served_as = code("Served as", "按此服务", codes.ServiceType)
    trading_style = code("Trading style", "交易风格", codes.TradingStyle, nullable=True)
    n_value_units = count("Assets or contribution counted, 10,000 yuan", "计入资产或贡献（万元）")
    is_top_tier = boolean("Top tier", "高等级客户")
    is_vulnerable = boolean("Vulnerable", "需特别关照")
    is_entitled_to_advice = boolean("Entitled to an adviser", "享投顾服务")
    stock_need_share = share("Stocks", "股票需求", low=0)
    fund_need_share = share("Funds", "基金需求", low=0)
    bond_need_share = share("Bonds", "债券需求", low=0)
    wealth_need_share = share("Wealth products", "理财需求", low=0)
    margin_need_share = share("Margin trading", "两融需求", low=0)
    education_need_share = share("Investor education", "投教需求", low=0)
    n_days_untouched = count("Days without contact", "未触达天数", unit=DAYS)
    is_untouched = boolean("Untouched for too long", "久未触达")
    is_need_known = boolean("Needs known", "需求已知")
    is_style_known = boolean("Style known", "风格已知")
    is_risk_known = boolean("Risk level known", "风险等级已知")


class AllocationProposal(Table):
    """The proposed service manager of an existing client, beside the present one (R040, R054).

    ``price`` is all that is charged to this client at the proposed manager: the limits and, for who would change, the
    budget of changes. ``net`` is the score less that. Development relations are neither read nor moved.
    """

    title = Text("Proposed managers", "分配建议")
    writer = "allocation"
    grain = ("client_id",)

    client_id = _client()
    branch_code = _branch()
    manager_code = _manager("Proposed manager", "建议客户经理", nullable=True)
    current_code = _manager("Present manager", "现客户经理", nullable=True)
    is_change = boolean("Would change", "拟更换")
    score = share("Score of the pair", "匹配得分", nullable=True)
    best_code = _manager("Best-scoring manager", "得分最高经理", nullable=True)
    best_score = share("Best score", "最高得分", nullable=True)
    price = _price("Price of the manager's limits", "限额影子价", nullable=True)
    best_price = _price(
        "Price of the best-scoring manager's limits", "得分最高经理的限额影子价", nullable=True
    )
    net = _price("Net score", "净得分", nullable=True)
    is_tied = boolean("Tied with another", "与他人并列")
    is_pinned = boolean("Fixed by people", "人工固定")
    allocation_reason = code("Why", "理由", why.AllocationReason)
    policy_version = text("Policy", "规则版本", length=80)


class AllocationAlternative(Table):
    """What each of a client's best managers scores, part by part, is charged, and nets; and why not (R054).

    Points are the part times its signed weight. Listed are the managers that net the most, and always the proposed, the
    present and the best-scoring one where they may be chosen.
    """

    title = Text("Alternatives", "备选客户经理")
    writer = "allocation"
    grain = ("client_id", "manager_code")
    order = ("client_id", "rank_no", "manager_code")

    client_id = _client()
    rank_no = count("Rank by net score", "净得分名次", low=1)
    branch_code = _branch()
    manager_code = _manager("Manager", "客户经理")
    need_points = share("Needs", "需求得分")
    style_points = share("Style", "风格得分")
    risk_points = share("Service type", "服务类型得分")
    region_points = share("Region", "区域得分")
    level_points = share("Level", "职级得分")
    satisfaction_points = share("Satisfaction", "满意度得分")
    qualification_points = share("Qualification", "资格得分")
    continuity_points = share("Continuity", "延续得分")
    wish_points = share("Wish", "意愿得分")
    stay_points = share("Staying", "不变更得分")
    score = share("Score", "得分")
    limits_price = _price("Price of limits", "限额影子价")
    change_price = _price("Price of a change", "变更影子价")
    net = _price("Net score", "净得分")
    is_chosen = boolean("Proposed", "建议")
    is_tied = boolean("Nets the same as the proposed", "与建议并列")
    alternative_reason = code("Why, or why not", "理由", why.AlternativeReason)
    resource = code("Limit that decided", "起决定作用的限额", serving.Resource, nullable=True)


class AllocationAnew(Table):
    """Whether the night decided a client anew, why, and when that was last done (R054).

    Where a branch plans changes only, clients of whom nothing that counts changed stay as the plan before had them; the
    others are decided within what is left of every limit. ``facts_key`` stands for all that counts of a client but
    assets, which move daily: two nights with the same key were asked the same.
    """

    title = Text("Decided anew", "重新分配范围")
    writer = "allocation"
    grain = ("client_id",)

    client_id = _client()
    branch_code = _branch()
    anew_reason = code("Why", "理由", why.AnewReason)
    is_anew = boolean("Decided anew", "已重新分配")
    decided_on = date("Last decided on", "最近分配日")
    facts_key = count("Key of the facts", "依据指纹")


class AllocationWeight(Table):
    """The signed weight of each part of the score."""

    title = Text("Weights of the score", "得分权重")
    writer = "allocation"
    grain = ("score_part",)

    score_part = code("Part", "得分项", serving.ScorePart)
    weight_share = share("Weight", "权重", low=0, high=1)
    policy_version = text("Policy", "规则版本", length=80)


class AllocationLoad(Table):
    """Load of each manager now and as proposed, against the limits of the branch (R048)."""

    title = Text("Manager load", "客户经理负荷")
    writer = "allocation"
    grain = ("staff_code",)
    order = ("branch_code", "staff_code")

    staff_code = text("Staff number", "工号", length=16)
    branch_code = _branch()
    is_eligible = boolean("May take clients", "可分配客户")
    allocation_reason = code("Why", "理由", why.AllocationReason)
    n_current = count("Clients now", "现有客户数")
    n_proposed = count("Clients proposed", "建议客户数")
    n_lower = count("Lower limit", "下限")
    n_upper = count("Upper limit", "上限")
    n_incoming = count("Coming in", "拟转入")
    n_outgoing = count("Going out", "拟转出")
    capacity_share = share("Capacity", "可用工时占比", low=0, high=1)
    price = _price("Price of a place", "名额影子价")


class AllocationLimit(Table):
    """What each eligible manager has of each limit: now, as proposed, fair share, slack, and the price of one more.

    Heads, top-tier and vulnerable clients count one each, hours as given to the client's class in the branch, value in
    10,000 yuan. A price is above zero at the upper limit, below at the lower, zero between.
    """

    title = Text("Limits of managers", "客户经理限额")
    writer = "allocation"
    grain = ("staff_code", "resource")
    order = ("branch_code", "staff_code", "resource")

    staff_code = text("Staff number", "工号", length=16)
    branch_code = _branch()
    resource = code("Limit", "限额", serving.Resource)
    load_lower = decimal("Lower limit", "下限", nullable=True)
    load_upper = decimal("Upper limit", "上限", nullable=True)
    load_now = decimal("Now", "现状")
    load_proposed = decimal("Proposed", "建议")
    load_fair = decimal("Fair share", "公平份额")
    load_slack = decimal("Slack", "余量", nullable=True)
    price = _price("Price of one more", "单位影子价")
    is_binding = boolean("Decides", "起约束作用")


class AllocationCertificate(Table):
    """How good a branch's proposal is: no plan within the limits is worth more than the bound (R054).

    ``question_sha`` is the hash of all that was asked, ``answer_sha`` of plan and prices; other code checks both.
    """

    title = Text("Allocation certificates", "分配证明")
    writer = "allocation"
    grain = ("branch_code",)

    branch_code = _branch()
    n_clients = count("Clients", "客户数")
    n_managers = count("Eligible managers", "可分配经理数")
    value = decimal("Total score", "总得分", scale=6)
    bound = decimal("Upper bound", "上界", scale=6)
    gap_share = share("Gap", "差距", low=0)
    is_proven = boolean("No plan is better", "已证最优")
    current_value = decimal("Score of the status quo", "现状得分", scale=6)
    n_unplaced = count("Without an eligible manager", "无可分配经理")
    n_changes = count("Changes proposed", "拟更换数")
    n_changes_at_most = count(
        "Changes allowed",
        "更换上限",
        nullable=True,
        help=Text("Besides clients who must leave, or whom people fixed", "不含必须更换和人工固定的客户"),
    )
    change_price = _price("Price of one more change", "变更影子价")
    n_pinned = count("Fixed by people", "固定数")
    n_banned = count("Ruled out by people", "禁配数")
    n_tied = count("Ties", "并列数")
    n_limits = count("Limits", "限额数")
    n_binding = count("Limits that decide", "起约束作用的限额数")
    question_sha = text("Hash of the question", "问题摘要", length=64)
    answer_sha = text("Hash of the answer", "答案摘要", length=64)


class AllocationContradiction(Table):
    """What could not hold together in a branch: the smallest set found, what is missing, and how the night went on."""

    title = Text("Limits that contradict", "无法同时满足的限额")
    writer = "allocation"
    grain = ("branch_code", "step_no")

    branch_code = _branch()
    step_no = count("Step", "步骤", low=1)
    contradiction_reason = code("What", "矛盾", why.ContradictionReason)
    resource = code("Limit", "限额", serving.Resource, nullable=True)
    n_clients = count("Clients concerned", "涉及客户数")
    client_id = text("First client concerned", "首位涉及客户", length=34, nullable=True)
    n_managers = count("Managers concerned", "涉及经理数")
    staff_code = _manager("First manager concerned", "首位涉及经理", nullable=True)
    missing = decimal("Missing", "缺口")
    relief = code("How the night went on", "处置", why.Relief)


class AllocationHours(Table):
    """Service hours a year for each client of a grade in a branch: wanted, the signed floor, given (R043, R047).

    No grade gets less than its floor before any gets more, and strategic clients take no larger part of all hours than
    the signed ceiling.
    """

    title = Text("Service hours by grade", "各级客户服务工时")
    writer = "allocation"
    grain = ("branch_code", "grade")

    branch_code = _branch()
    grade = code("Grade", "分级", codes.Grade)
    n_clients = count("Clients", "客户数")
    wanted_hours = decimal("Wanted for each", "人均应有工时", low=0)
    floor_hours = decimal("Floor for each", "人均下限", low=0)
    given_hours = decimal("Given to each", "人均安排工时", low=0)
    total_hours = decimal("All together", "合计工时", low=0)
    hours_share = share("Part of all hours", "占全部工时", low=0, high=1)
    ceiling_share = share("Ceiling", "占比上限", low=0, high=1, nullable=True)
    capacity_hours = decimal("Hours of the branch", "营业部可用工时", low=0)
    hours_reason = code("Why", "理由", why.HoursReason)


class AllocationFairness(Table):
    """How evenly a branch's work is shared out by capacity: as it is, as proposed, and by assets only (R055)."""

    title = Text("Fairness of allocation", "分配公平性")
    writer = "allocation"
    grain = ("branch_code", "resource", "basis")

    branch_code = _branch()
    resource = code("Of", "衡量对象", serving.Resource)
    basis = code("Plan", "方案", serving.Basis)
    n_managers = count("Managers", "经理数")
    gini_share = share("Gini", "基尼系数", low=0, high=1)
    jain_share = share("Jain", "Jain 指数", low=0, high=1)
    lowest_share = share("Lowest load by fair share", "最低负荷比", low=0)
    highest_share = share("Highest load by fair share", "最高负荷比", low=0)
    n_envious = count("Managers who could envy", "有嫉妒的经理数")
    total_score = decimal("Total score", "总得分", scale=6)


class AllocationLeaning(Table):
    """Whom a way of sharing out favours, over the firm: seniors, those early in the list, who developed (R057).

    ``standard_errors`` is how far it stands from chance; from three on it shows.
    """

    title = Text("Whom the sharing out favours", "分配偏向")
    writer = "allocation"
    grain = ("trait", "basis")

    trait = code("By", "偏向", serving.Trait)
    basis = code("Plan", "方案", serving.Basis)
    n_observed = count("Managers or pairs", "样本数")
    tau_share = share("Rank correlation", "秩相关", low=-1, high=1)
    standard_errors = decimal("Standard errors", "标准误倍数", scale=6)
    is_showing = boolean("Shows", "显著")


class AllocationGroup(Table):
    """What groups of clients lose against their best-scoring manager, over the firm; an audit, never a score (R043)."""

    title = Text("Losses by group", "各类客户得分损失")
    writer = "allocation"
    grain = ("group_kind", "group_value")

    group_kind = code("Grouped by", "分组", serving.GroupKind)
    group_value = text("Group", "组别", length=40)
    n_clients = count("Clients", "客户数")
    n_changes = count("Would change", "拟更换数")
    mean_score = share("Mean score", "平均得分", nullable=True)
    mean_best = share("Mean best score", "平均最高得分", nullable=True)
    mean_loss = share("Mean loss", "平均损失", nullable=True)


class AllocationSwap(Table):
    """Two clients of a branch who would both gain together by changing places, from today's books; heads stay."""

    title = Text("Swaps worth it", "可互换客户")
    writer = "allocation"
    grain = ("client_id", "other_id")
    order = ("branch_code", "client_id", "other_id")

    branch_code = _branch()
    client_id = _client()
    manager_code = _manager("Now with", "现客户经理")
    other_id = text("Other client", "对方客户", length=34)
    other_code = _manager("Now with", "对方现客户经理")
    gain = share("Gain in score", "得分增加")


class AllocationAdviser(Table):
    """The licensed adviser of each client whose class is entitled to advice, by a second run with own limits (R076)."""

    title = Text("Proposed advisers", "投顾分配建议")
    writer = "allocation"
    grain = ("client_id",)

    client_id = _client()
    branch_code = _branch()
    manager_code = _manager("Proposed manager", "建议客户经理", nullable=True)
    adviser_code = _manager("Adviser", "投资顾问", nullable=True)
    parent_code = _manager("Adviser before", "原投资顾问", nullable=True)
    score = share("Score of the pair", "匹配得分", nullable=True)
    price = _price("Price of the adviser's place", "名额影子价", nullable=True)
    adviser_reason = code("Why", "理由", why.AdviserReason)


class AllocationPool(Table):
    """Clients who wait in the branch's pool, and why: nobody is proposed for them, or nobody was in touch for long."""

    title = Text("Pool", "待分配池")
    writer = "allocation"
    grain = ("client_id",)
    order = ("branch_code", "client_id")

    client_id = _client()
    branch_code = _branch()
    manager_code = _manager("Present manager", "现客户经理", nullable=True)
    pool_reason = code("Why", "理由", why.PoolReason)
    n_days_untouched = count("Days without contact", "未触达天数", unit=DAYS, nullable=True)
