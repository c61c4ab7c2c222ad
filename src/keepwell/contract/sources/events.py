"""What happened on accounts: trades, cash flows, transfers, applications, log-ins, other income."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.schema import Table, Text, code, date, decimal, instant, money, text

_ACCOUNT = "account.account_code"


class Trade(Table):
    """An executed order; net commission = commission − exchange and regulatory fees inside it."""

    title = Text("Trades", "成交")
    writer = "ingest"
    grain = ("trade_code",)
    order = ("account_code", "traded_at", "trade_code")
    event_on = "traded_on"
    optional = True

    trade_code = text("Trade", "成交编号", length=40)
    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    traded_at = instant("Traded at", "成交时间")
    traded_on = date("Traded on", "成交日期")
    product_code = text("Product", "产品", length=24, references="product.product_code")
    side = code("Side", "方向", codes.TradeSide)
    quantity = decimal("Quantity", "数量", scale=4, low=0)
    price = decimal("Price", "价格", scale=4, low=0)
    traded_amount = money("Amount", "成交金额", low=0)
    commission_amount = money("Commission", "佣金", low=0)
    pass_through_amount = money("Fees inside the commission", "佣金内规费", low=0)
    tax_amount = money("Stamp tax and transfer fee", "印花税与过户费", low=0)
    channel = code("Channel", "渠道", codes.Channel)
    device_code = text("Device", "设备", length=64, nullable=True)
    known_on = date("Known on", "知悉日期")


class CashFlow(Table):
    """Money moved between bank and fund account."""

    title = Text("Cash flows", "资金流水")
    writer = "ingest"
    grain = ("flow_code",)
    order = ("account_code", "flowed_at", "flow_code")
    event_on = "flowed_on"
    optional = True

    flow_code = text("Flow", "流水号", length=40)
    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    flowed_at = instant("Moved at", "发生时间")
    flowed_on = date("Moved on", "发生日期")
    side = code("Direction", "方向", codes.FlowSide)
    flow_amount = money("Amount", "金额", low=0)
    balance_amount = money("Balance after", "发生后余额", nullable=True)
    bank_code = text("Bank", "银行", length=16, nullable=True)
    channel = code("Channel", "渠道", codes.Channel)
    device_code = text("Device", "设备", length=64, nullable=True)
    known_on = date("Known on", "知悉日期")


class Entitlement(Table):
    """What an account received because of what it held at the close before: a cash dividend, or shares of a split."""

    title = Text("Entitlements", "权益到账")
    writer = "ingest"
    grain = ("account_code", "product_code", "paid_on")
    event_on = "paid_on"
    optional = True

    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    product_code = text("Product", "产品", length=24, references="product.product_code")
    paid_on = date("Paid on", "到账日期")
    entitlement_kind = code("Kind", "类型", codes.NoticeKind)
    cash_amount = money("Cash", "现金", low=0)
    quantity = decimal("Shares", "股数", scale=4, low=0)
    known_on = date("Known on", "知悉日期")


class Login(Table):
    """A session of the client, with device and address."""

    title = Text("Log-ins", "登录")
    writer = "ingest"
    grain = ("login_code",)
    order = ("account_code", "logged_in_at", "login_code")
    event_on = "logged_in_on"
    optional = True

    login_code = text("Log-in", "登录编号", length=40)
    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    logged_in_at = instant("Logged in at", "登录时间")
    logged_in_on = date("Logged in on", "登录日期")
    channel = code("Channel", "渠道", codes.Channel)
    device_code = text("Device", "设备", length=64, nullable=True)
    ip_address = text("IP address", "IP地址", length=45, nullable=True)
    city = text("City", "城市", length=40, nullable=True)
    known_on = date("Known on", "知悉日期")


class Transfer(Table):
    """A custody event: transfer of custody, revoked designation, non-trading transfer, block trade."""

    title = Text("Transfers", "转托管与过户")
    writer = "ingest"
    grain = ("transfer_code",)
    order = ("account_code", "transferred_on", "transfer_code")
    event_on = "transferred_on"
    optional = True

    transfer_code = text("Transfer", "业务编号", length=40)
    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    transferred_on = date("On", "日期")
    transfer_kind = code("Kind", "类型", codes.TransferKind)
    product_code = text("Product", "产品", length=24, nullable=True, references="product.product_code")
    quantity = decimal("Quantity", "数量", scale=4, low=0, nullable=True)
    transfer_amount = money("Value", "市值", low=0, nullable=True)
    counterparty = text("Counterparty", "对手方", length=80, nullable=True)
    document = text("Document", "依据文件", length=80, nullable=True)
    known_on = date("Known on", "知悉日期")


class Application(Table):
    """A request of the client (opening, permission, transfer, closing) and how far it is; no obstruction (S1 29)."""

    title = Text("Applications", "业务申请")
    writer = "ingest"
    grain = ("application_code", "stage")
    order = ("record_code", "staged_at", "application_code", "stage")
    event_on = "staged_on"
    optional = True

    application_code = text("Application", "申请编号", length=40)
    record_code = text("Customer number", "客户号", length=32, references="customer_record.record_code")
    application_kind = code("Kind", "类型", codes.ApplicationKind)
    stage = code("Stage", "阶段", codes.ApplicationStage)
    staged_at = instant("At", "时间")
    staged_on = date("On", "日期")
    permission_kind = code("Permission", "权限", codes.PermissionKind, nullable=True)
    known_on = date("Known on", "知悉日期")


class OtherIncome(Table):
    """Income of the firm from an account besides trading commission (R010)."""

    title = Text("Other income", "其他收入")
    writer = "ingest"
    grain = ("account_code", "earned_on", "income_kind")
    event_on = "earned_on"
    optional = True

    account_code = text("Account", "资金账号", length=32, references=_ACCOUNT)
    earned_on = date("Earned on", "入账日期")
    income_kind = code("Kind", "类型", codes.IncomeKind)
    income_amount = money("Amount", "金额")
    known_on = date("Known on", "知悉日期")
