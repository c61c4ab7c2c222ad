"""怎么算的: for each figure on the card the rule, the policy's version, the inputs and the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from keepwell.contract.codes import ProductKind
from keepwell.contract.schema import Text
from keepwell.contract.suitability import ClientSuitability, SuitabilityFlag
from keepwell.desk.clients import holders, queries
from keepwell.desk.clients.models import Client, ClientLine, Moment, Place
from keepwell.desk.clients.sentences import code_text, language, reason_of, value_of
from keepwell.desk.generations.models import Generation
from keepwell.desk.ui import formats
from keepwell.policy.packs import Packs, load_packs

SUITABILITY = "client_suitability"
SUITED = (
    "investor_kind",
    "risk_level",
    "declared_score",
    "computed_level",
    "computed_score",
    "questionnaire_version",
    "is_version_in_use",
    "assessed_on",
    "valid_to",
    "assessment_state",
    "is_lowest_class",
    "product_level_at_most",
    "has_term_limit",
    "term_days_at_most",
    "kinds_wished",
    "is_for_pension",
    "n_tests_same_day",
    "n_tests_30d",
    "jump_from_level",
)


@dataclass(frozen=True)
class Figure:
    """How one figure is explained: from which decided row, by which reason and pack, out of which columns."""

    title: Text
    source: str
    pack: str
    rule: Text
    reason: str = ""
    also: str = ""
    inputs: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


FIGURES: dict[str, Figure] = {
    "grade": Figure(
        Text("Grade", "分级"),
        "grade",
        "grading",
        Text(
            "The highest grade whose cut either the net assets or the contribution reaches; "
            "down only after two month-ends below 90% of the cut.",
            "净资产或贡献任一达到门槛即入该级，取最高；连续两个月末低于门槛的 90% 才下调。",
        ),
        "grade_reason",
        inputs=(
            "net_assets_20d_amount",
            "contribution_365d_amount",
            "assets_cut_amount",
            "contribution_cut_amount",
            "parent_grade",
            "graded_on",
        ),
    ),
    "service_type": Figure(
        Text("Service type", "服务类型"),
        "grade",
        "grading",
        Text(
            "Age, knowledge, experience, finances and preference of the latest answers, each marked by the signed "
            "table, no bolder than the level declared to the client allows; without answers that can be counted the "
            "level alone. Used for service only.",
            "取最近一次问卷的年龄、专业知识、投资经验、财务与收入、风险偏好五项指标，按签署的评分表计分，"
            "不超过告知客户的风险等级所允许的类型；答卷无法计分的只按等级。只用于服务，不用于产品匹配。",
        ),
        "service_type_reason",
        "features",
        (
            "risk_level",
            "type_at_most",
            "questionnaire_version",
            "age_mark",
            "knowledge_mark",
            "experience_mark",
            "finances_mark",
            "preference_mark",
            "service_score",
            "scored_type",
            "served_as",
            "service_level",
        ),
        ("assessed_on", "assessment_valid_to"),
    ),
    "activity_state": Figure(
        Text("Activity state", "活动状态"),
        "grade",
        "activity",
        Text(
            "The gravest state whose conditions hold, in the signed order.",
            "按签署的次序，取条件成立的最重状态。",
        ),
        "activity_reason",
        "features",
        ("activity_state",),
        (
            "assets_amount",
            "days_since_trade",
            "days_since_login",
            "n_trades_90d",
            "n_logins_90d",
            "n_logins_30d",
            "usual_logins_30d",
            "outflow_90d_amount",
            "net_outflow_90d_share",
            "n_trades_ever",
        ),
    ),
    "groupings": Figure(
        Text("Other groupings", "其他分组"),
        "grade",
        "grading",
        Text(
            "Tier from the grade; institution by kind, else high net worth from the signed net assets on; frequent "
            "or seldom by the days with trades and the turnover of twelve months. Style: how long is held, and what "
            "most holdings are for.",
            "层级由分级得出；机构按客户类型，个人按签署的净资产门槛分为高净值与散户；"
            "高频、稳健按近 12 个月成交天数与换手率。风格：持有长短，以及持仓以何为主。",
        ),
        "grouping_reason",
        "features",
        ("tier", "segment", "rhythm", "grade", "net_assets_20d_amount"),
        ("n_trade_days_365d", "turnover_rate", "n_trades_365d", "trading_style", "leading_need"),
    ),
    "assets": Figure(
        Text("Assets", "资产"),
        "features",
        "features",
        Text(
            "Cash, stocks, funds, bonds, warrants and wealth products of all accounts at the close of the as-of date, "
            "in the base currency; margin debt is apart.",
            "全部账户在数据截止日收盘的现金、股票、基金、债券、权证与集合理财之和，折为本位币；融资负债另列。",
        ),
        inputs=(
            "assets_amount",
            "cash_amount",
            "stock_amount",
            "b_stock_amount",
            "hk_stock_amount",
            "fund_amount",
            "warrant_amount",
            "bond_amount",
            "wealth_amount",
            "debt_amount",
            "net_assets_amount",
            "net_assets_20d_amount",
            "peak_assets_365d_amount",
            "assets_change_30d_share",
        ),
    ),
    "contribution": Figure(
        Text("Contribution", "年度贡献"),
        "features",
        "features",
        Text(
            "Net commission and other income of the last twelve months.",
            "近 12 个月净佣金与其他收入之和。",
        ),
        inputs=(
            "contribution_365d_amount",
            "commission_365d_amount",
            "net_commission_365d_amount",
            "other_income_365d_amount",
            "turnover_365d_amount",
            "n_trades_365d",
        ),
    ),
    "risk_level": Figure(
        Text("Risk level", "风险等级"),
        SUITABILITY,
        "suitability",
        Text(
            "The level declared to the client at the latest assessment, which alone binds; beside it what the answers "
            "make by the version they were given in, how long it holds, and up to which products it matches.",
            "以最近一次测评告知客户的等级为准；并列按当时问卷版本重算的得分与等级、有效期，以及可匹配的产品等级。",
        ),
        inputs=SUITED,
    ),
    "last_contact": Figure(
        Text("Last contact", "上次联系"),
        "features",
        "features",
        Text(
            "The latest contact in which the client was reached, by any channel, in the firm's files and at this desk. "
            "What is noted after the run is shown at once; the run's figures below count it from the next one.",
            "最近一次联系到本人的记录，含公司数据与本工作台，不分渠道。运行之后所记随即显示；下列运行数字自下次运行起计入。",
        ),
        inputs=("last_contact_on", "days_since_contact", "n_contacts_90d", "n_contacts_365d"),
    ),
    "moments": Figure(
        Text("Moments", "联系时机"),
        "moments",
        "moments",
        Text(
            "Each occasion is found by a signed rule. Overdue ones stand first, then by deadline and the rule's "
            "priority. A window has no deadline and is never overdue.",
            "每件由签署的规则触发。逾期在前，再按时限与规则优先级。窗口期没有时限，不算逾期。",
        ),
    ),
    "assignment": Figure(
        Text("Relationship manager", "客户经理"),
        "place",
        "",
        Text(
            "Who looks after the client today, and the home branch; changed by people's acts alone, never by a run.",
            "今天由谁服务，以及归属营业部；只随人的决定变化，运行不改。",
        ),
    ),
    "manager": Figure(
        Text("Proposed manager", "建议客户经理"),
        "proposal",
        "allocation",
        Text(
            "The assignment of the whole branch with the highest total score within all limits; a proposal only.",
            "在每位经理的名额之内，使全营业部总得分最高的分配；仅为建议。",
        ),
        "allocation_reason",
        inputs=("manager_code", "current_code", "is_change", "score", "best_code", "best_score", "price"),
    ),
}


@dataclass(frozen=True)
class Explanation:
    """What the page shows."""

    figure: Figure
    title: str
    rule: str
    reason: str
    inputs: list[tuple[str, str, str]]
    policy_version: str
    pack: Mapping[str, Any]


def explain(
    name: str, line: ClientLine, generation: Generation, staff: Mapping[str, str]
) -> Explanation | None:
    """The explanation of a figure of the client; `None` when nothing was decided, so that there is none."""
    figure = FIGURES[name]
    client: Client = line.client
    if figure.source == "moments":
        return _of_moments(figure, line, generation)
    if figure.source == SUITABILITY:
        return _of_suitability(figure, line, generation)
    row = getattr(client, figure.source, None)
    if row is None:
        return None
    if figure.source == "place":
        return _of_place(figure, row)
    also = getattr(client, figure.also, None) if figure.also else None
    reason = reason_of(row, figure.reason, staff, also) if figure.reason else ""
    inputs = [_input(row, column, staff) for column in figure.inputs]
    inputs += [_input(also, column, staff) for column in figure.further] if also else []
    if name == "last_contact" and line.contacted_on and line.contacted_on != line.last_contact_on:
        inputs.append((gettext("Recorded here since the run"), line.contacted_on.isoformat(), "contact"))
    return _explained(figure, reason, inputs, getattr(row, "policy_version", ""), generation)


def _of_moments(figure: Figure, line: ClientLine, generation: Generation) -> Explanation | None:
    """One line an occasion: kind, priority, deadline."""
    rows = queries.moments(line, generation.as_of_on)
    if not rows:
        return None
    inputs = [
        (
            code_text(Moment.contract_table, "rule", row.rule),
            " · ".join(
                value_of(Moment.contract_table.columns[name], getattr(row, name), {})
                for name in ("moment_kind", "priority", "due_on")
            ),
            f"moment.priority, due_on · {row.occasion}",
        )
        for row in rows
    ]
    return _explained(figure, "", inputs, rows[0].policy_version, generation)


def _of_suitability(figure: Figure, line: ClientLine, generation: Generation) -> Explanation | None:
    """Level, score and validity with what the answers say of them; each flag is a line of its own."""
    rows = queries.told_of(line, generation.run_id, ClientSuitability)
    if not rows:
        return None
    row = rows[0]
    reason = " ".join(
        reason_of(row, name, {}) for name in ("investor_reason", "level_reason", "lowest_reason")
    )
    inputs = [_kinds(row) if name == "kinds_wished" else _input(row, name, {}) for name in figure.inputs]
    for flag in queries.told_of(line, generation.run_id, SuitabilityFlag):
        label = code_text(SuitabilityFlag, "flag_kind", flag.flag_kind)
        inputs.append((label, reason_of(flag, "flag_reason", {}), f"suitability_flag.{flag.flag_reason}"))
    return _explained(figure, reason, inputs, row.policy_version, generation)


def _kinds(row: queries.Told) -> tuple[str, str, str]:
    """The kinds wished, which the table keeps as codes, in words."""
    label, value, place = _input(row, "kinds_wished", {})
    words = [ProductKind.of(one).text.in_language(language()) for one in (row.kinds_wished or "").split()]
    return label, ("、" if language().startswith("zh") else ", ").join(words) or value, place


def _of_place(figure: Figure, row: Place) -> Explanation:
    """The act by which the manager is the manager."""
    holder, branches = holders.of([row])[row.pk], queries.branch_names([row.home_branch_code])
    inputs = [
        (
            gettext("Relationship manager"),
            f"{holder.name} {holder.code}".strip() or gettext("nobody"),
            "place",
        ),
        (gettext("Home branch"), branches.get(row.home_branch_code, row.home_branch_code), "place"),
        (gettext("Since"), row.since_on.isoformat() if row.since_on else formats.UNKNOWN, "place"),
        (gettext("Grounds"), str(row.get_grounds_display()), "place"),
    ]
    return _explained(figure, holders.told(holder), inputs, "", None)


def _explained(
    figure: Figure,
    reason: str,
    inputs: list[tuple[str, str, str]],
    version: str,
    generation: Generation | None,
) -> Explanation:
    tag = language()
    pack = _pack(figure.pack, generation) if generation and figure.pack else {}
    return Explanation(
        figure, figure.title.in_language(tag), figure.rule.in_language(tag), reason, inputs, version, pack
    )


def _input(row: Any, name: str, staff: Mapping[str, str]) -> tuple[str, str, str]:
    column = row.contract_table.columns[name]
    place = f"{row.contract_table.name}.{name}"
    return column.label.in_language(language()), value_of(column, getattr(row, name), staff), place


def _pack(name: str, generation: Generation) -> dict[str, Any]:
    pack = getattr(_packs(generation.as_of_on, generation.calendar), name)
    header = pack.header
    return {
        "title": header.title.in_language(language()),
        "regulation": header.regulation.in_language(language()),
        "article": header.article.in_language(language()),
        "version": pack.version,
        "in_force_from": header.in_force_from,
    }


@lru_cache(maxsize=4)
def _packs(as_of: dt.date, calendar: str) -> Packs:
    return load_packs(as_of, settings.FIRM_PACKS, calendar)
