"""怎么算的 for the overviews: where each sum comes from and by which rule it is counted."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.contract.schema import Text


@dataclass(frozen=True)
class Sum:
    """One figure of an overview: what it is, by what rule, from which column of the run."""

    title: Text
    rule: Text
    place: str


SUMS = (
    Sum(
        Text("Existing clients", "存量客户"),
        Text(
            "Opened, not closed, with at least one trade, product or cash flow; the others are counted beside them. "
            "In a book, a team or a branch: those looked after there today; over the firm: the run's own count.",
            "已开户、未销户，且有过成交、产品或资金往来；其余客群另行计数。名册、团队、营业部按今天生效的归属计，全公司按本次运行计。",
        ),
        "place · client_line.population · branch_statistic.n_clients",
    ),
    Sum(
        Text("Assets, contribution", "资产、贡献"),
        Text("The clients' own amounts of the run, added up.", "本次运行中各客户的数额相加。"),
        "branch_statistic.assets_amount · contribution_365d_amount",
    ),
    Sum(
        Text("Twelve classes", "十二类"),
        Text(
            "Four grades by three service types; the unassessed stand beside them and are in no class.",
            "四级乘三类；未测评者单列，不在十二类之内。",
        ),
        "branch_statistic.grade · service_type",
    ),
    Sum(
        Text("Activity states", "活动状态"),
        Text(
            "The gravest state whose conditions hold, in the signed order.",
            "按签署的次序，取条件成立的最重状态。",
        ),
        "branch_statistic.activity_state",
    ),
    Sum(
        Text("No contact for 90 days", "90 日未联系"),
        Text(
            "No contact was reached in the 90 days before the as-of date.",
            "数据截止日前 90 日没有接通的联系。",
        ),
        "branch_statistic.n_untouched_90d",
    ),
    Sum(
        Text("Assets and money moved", "资产与现金流"),
        Text(
            "Assets at each month's end; money in less money out of the month. The run's clients are followed back; "
            "where today's are others, it is said beneath.",
            "各月末资产；当月转入减转出。按本次运行时的客户往前追溯；与今天的客户不同时，图下注明。",
        ),
        "branch_month.assets_amount · inflow_amount · outflow_amount",
    ),
    Sum(
        Text("Load and limits", "负荷与限额"),
        Text(
            "Clients looked after today, against the lower and the upper limit of the branch's fair share. Proposed "
            "moves: whom the run's proposal would still give another manager; what people settled stands.",
            "今天在管的客户数，对照营业部公平份额的下限与上限。建议变动：本次运行的建议还会更换经理的客户；人工已定的不动。",
        ),
        "place.manager_code · allocation_load.n_lower · n_upper · allocation_proposal.manager_code",
    ),
    Sum(
        Text("Proof of the proposal", "分配证明"),
        Text(
            "The total score equals its upper bound: no other assignment within the limits scores more.",
            "总得分等于上界：在限额之内没有得分更高的分配。",
        ),
        "allocation_certificate.value · bound",
    ),
    Sum(
        Text("Price of a change", "更改代价"),
        Text(
            "Net score is the score less the price of the manager's place. A change costs the net score of the "
            "proposed manager less that of the other; where the run keeps no score of a pair, its proof gives a limit.",
            "净得分为得分减名额价。更改代价为建议经理的净得分减另一位的净得分；运行未留存得分的，由证明给出界限。",
        ),
        "allocation_proposal.score · price · best_score · allocation_load.price",
    ),
)
