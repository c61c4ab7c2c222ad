"""Evidence of suitability beside the questionnaires: professional investors, refusals, institutions' limits."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.schema import (
    Mask,
    Order,
    Sensitivity,
    Table,
    Text,
    boolean,
    code,
    count,
    date,
    integer,
    money,
    text,
)
from keepwell.contract.suitable import ProfessionalBasis, RiskFactor

_RECORD = "customer_record.record_code"


class ProfessionalEvidence(Table):
    """Why an investor is to count as professional: basis, evidence, the steps of a conversion, and until when.

    The latest application over all customer numbers counts. ``ended_on`` is the day of the written notice by which a
    client wishes to be ordinary again (Art. 11).
    """

    title = Text("Evidence of professional investors", "专业投资者证明")
    writer = "ingest"
    grain = ("record_code", "applied_on")
    orders = (Order("ended_on", "applied_on"), Order("applied_on", "evidenced_on"))
    event_on = "applied_on"
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    applied_on = date("Applied on", "申请日期")
    professional_basis = code("On which ground", "认定依据", ProfessionalBasis)
    evidenced_on = date("Day of the evidence", "证明资料日期")
    net_assets_amount = money("Net assets", "净资产", nullable=True)
    financial_assets_amount = money("Financial assets", "金融资产", nullable=True)
    yearly_income_amount = money("Yearly income, 3-year average", "近三年年均收入", nullable=True)
    n_years_experience = count("Years of experience", "投资或从业年数", nullable=True)
    is_qualified = boolean("Of a profession the rule names", "具备规定的从业资格", nullable=True)
    tested_on = date("Test or simulated trade on", "测试或模拟交易日期", nullable=True)
    warned_on = date("Difference explained and warned on", "说明差别并警示日期", nullable=True)
    told_on = date("Result told on", "告知结果日期", nullable=True)
    is_accepted = boolean("Accepted by the firm", "公司同意")
    valid_to = date("Valid to", "有效期至", nullable=True)
    ended_on = date("Ordinary again since", "转回普通日期", nullable=True)


class FactsRefused(Table):
    """The client would not give facts that suitability asks for: what follows is told, the sale refused (Art. 33)."""

    title = Text("Facts refused", "拒绝提供信息")
    writer = "ingest"
    grain = ("record_code", "refused_on")
    orders = (Order("told_on", "refused_on"), Order("given_on", "refused_on"))
    event_on = "refused_on"
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    refused_on = date("Refused on", "拒绝日期")
    told_on = date("Consequence told on", "告知后果日期", nullable=True)
    given_on = date("Given after all on", "补充提供日期", nullable=True)


class InstitutionMandate(Table):
    """A kind of product that an institution's own authorisation permits, and how much of it it may hold.

    An institution of which any entry is in force may buy the kinds of those entries alone.
    """

    title = Text("Institutions' own limits", "机构自有授权与额度")
    writer = "ingest"
    grain = ("record_code", "product_kind", "starts_on")
    orders = (Order("ends_on", "starts_on"),)
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    product_kind = code("Kind permitted", "允许品种", codes.ProductKind)
    starts_on = date("Starts on", "开始日期")
    ends_on = date("Ends on", "结束日期", nullable=True)
    quota_amount = money("Quota", "额度", low=0, nullable=True)


class MandateHandler(Table):
    """Who may act for an institution (经办人), up to what amount and until when.

    Without a kind in all that it permits itself, without an amount up to any, without an end until it is withdrawn.
    """

    title = Text("Institutions' handlers", "机构经办人")
    writer = "ingest"
    grain = ("record_code", "handler_code", "starts_on")
    orders = (Order("ends_on", "starts_on"),)
    optional = True

    record_code = text("Customer number", "客户号", length=32, references=_RECORD)
    handler_code = text("Handler", "经办人编号", length=40)
    handler_name = text(
        "Name", "姓名", length=120, nullable=True, sensitivity=Sensitivity.PERSONAL, mask=Mask.NAME
    )
    product_kind = code("For this kind alone", "仅限品种", codes.ProductKind, nullable=True)
    starts_on = date("Starts on", "开始日期")
    ends_on = date("Ends on", "结束日期", nullable=True)
    order_amount = money("For one order at most", "单笔授权限额", low=0, nullable=True)


class ProductFactor(Table):
    """The firm's mark of a product by one of the ten factors, from 1 (mild) to 5 (severe), from a date on (Art. 16)."""

    title = Text("Products by the ten factors", "产品十项要素评分")
    writer = "ingest"
    grain = ("product_code", "risk_factor", "rated_on")
    optional = True

    product_code = text("Product", "产品代码", length=24, references="product.product_code")
    risk_factor = code("Factor", "要素", RiskFactor)
    rated_on = date("From", "起始日期")
    factor_mark = integer("Mark, 1 mild to 5 severe", "评分（1 轻至 5 重）", low=1, high=5)
