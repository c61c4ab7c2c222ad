"""Accounts and what stands on them: status history, securities accounts, banks, permissions, assets, holdings."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.schema import (
    Mask,
    Order,
    Search,
    Sensitivity,
    Table,
    Text,
    code,
    date,
    decimal,
    money,
    text,
)

_ACCOUNT = "account.account_code"


class Account(Table):
    """A fund account (资金账号) of a customer record."""

    title = Text("Fund accounts", "资金账户")
    writer = "ingest"
    grain = ("account_code",)
    order = ("record_code", "account_code")
    orders = (Order("closed_on", "opened_on"),)

    account_code = text("Account", "资金账号", length=32, search=Search.TAIL)
    record_code = text("Customer number", "客户号", length=32, references="customer_record.record_code")
    account_kind = code("Account kind", "账户类别", codes.AccountKind)
    currency = code("Currency", "币种", codes.Currency)
    account_status = code("Status", "账户状态", codes.AccountStatus)
    opened_on = date("Opened on", "开户日期")
    closed_on = date("Closed on", "销户日期", nullable=True)


class AccountAgent(Table):
    """A person who may act on an account of another: an agent (代理人), never a second owner."""

    title = Text("Account agents", "账户代理人")
    writer = "ingest"
    grain = ("account_code", "record_code")
    optional = True

    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    record_code = text(
        "Agent's customer number", "代理人客户号", length=32, references="customer_record.record_code"
    )
    starts_on = date("Starts on", "开始日期", nullable=True)
    ends_on = date("Ends on", "结束日期", nullable=True)


class AccountStatusChange(Table):
    """History of an account's status; 休眠 (dormant) is one of them."""

    title = Text("Account status history", "账户状态变更")
    writer = "ingest"
    grain = ("account_code", "changed_on")
    event_on = "changed_on"
    optional = True

    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    changed_on = date("Changed on", "变更日期")
    account_status = code("Status", "账户状态", codes.AccountStatus)


class SecuritiesAccount(Table):
    """A securities account (证券账户) in one market, held under a fund account."""

    title = Text("Securities accounts", "证券账户")
    writer = "ingest"
    grain = ("market", "securities_account_code")
    orders = (Order("closed_on", "opened_on"),)
    optional = True

    market = code("Market", "市场", codes.Market)
    securities_account_code = text("Securities account", "证券账号", length=20, search=Search.TAIL)
    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    opened_on = date("Opened on", "开户日期")
    closed_on = date("Closed on", "销户日期", nullable=True)


class BankLink(Table):
    """The custodian bank account (三方存管) linked to a fund account."""

    title = Text("Custodian banks", "存管银行")
    writer = "ingest"
    grain = ("account_code", "bank_code", "starts_on")
    orders = (Order("ends_on", "starts_on"),)
    optional = True

    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    bank_code = text("Bank", "银行", length=16)
    bank_account_number = text(
        "Bank account",
        "银行账号",
        length=40,
        nullable=True,
        sensitivity=Sensitivity.SECRET,
        mask=Mask.CARD,
    )
    starts_on = date("Starts on", "开始日期")
    ends_on = date("Ends on", "结束日期", nullable=True)


class Permission(Table):
    """A trading permission of an account, granted and withdrawn."""

    title = Text("Permissions", "交易权限")
    writer = "ingest"
    grain = ("account_code", "permission_kind", "granted_on")
    orders = (Order("withdrawn_on", "granted_on"),)
    optional = True

    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    permission_kind = code("Permission", "权限", codes.PermissionKind)
    granted_on = date("Granted on", "开通日期")
    withdrawn_on = date("Withdrawn on", "取消日期", nullable=True)


class DailyAsset(Table):
    """Assets of an account at the close of a day, a row when they changed; each kind a column (R009).

    Total = cash + stock + b_stock + hk_stock + fund + warrant + bond + wealth; ``debt_amount`` (margin) is apart.
    All in the account's currency: shares of Hong Kong Connect in a yuan account at the settlement rate of the day.
    Empty where the firm counts those among its stocks.
    """

    title = Text("Daily assets", "每日资产")
    writer = "ingest"
    grain = ("account_code", "held_on")
    event_on = "held_on"
    optional = True

    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    held_on = date("On", "日期")
    cash_amount = money("Cash", "现金")
    stock_amount = money("Stocks", "股票", low=0)
    b_stock_amount = money("B shares", "B股", low=0)
    fund_amount = money("Funds", "基金", low=0)
    warrant_amount = money("Warrants", "权证", low=0)
    bond_amount = money("Bonds", "债券", low=0)
    wealth_amount = money("Wealth products", "集合理财", low=0)
    debt_amount = money("Margin debt", "融资负债", low=0)
    hk_stock_amount = money("Hong Kong shares", "港股", low=0, nullable=True)


class Holding(Table):
    """What an account holds at the close of the delivery's day, one row a product."""

    title = Text("Holdings", "持仓")
    writer = "ingest"
    grain = ("account_code", "product_code", "held_on")
    event_on = "held_on"
    optional = True

    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    product_code = text("Product", "产品", length=24, references="product.product_code")
    held_on = date("On", "日期")
    quantity = decimal("Quantity", "数量", scale=4, low=0)
    market_amount = money("Market value", "市值", low=0)
    cost_amount = money("Cost", "成本", nullable=True)
    matures_on = date("Matures on", "到期日", nullable=True)


class FeeAgreement(Table):
    """The commission rate agreed for an account, from when to when."""

    title = Text("Agreed fee rates", "佣金约定")
    writer = "ingest"
    grain = ("account_code", "starts_on")
    orders = (Order("ends_on", "starts_on"),)
    optional = True

    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    starts_on = date("Starts on", "开始日期")
    ends_on = date("Ends on", "结束日期", nullable=True)
    rate_share = decimal("Rate", "费率", scale=8, low=0, high="0.003")
    minimum_amount = money("Minimum per order", "单笔最低", low=0, nullable=True)
    consented_on = date("Consented on", "客户同意日期", nullable=True)
