"""What we know of each client as of the cut: one row a client, every value explainable from events."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.schema import (
    DAYS,
    TIMES,
    Column,
    Table,
    Text,
    boolean,
    code,
    count,
    date,
    decimal,
    integer,
    money,
    share,
    text,
    unless,
)

CONSTANT = Text(
    "Cash and securities moved in less those moved out, over the assets at the beginning.",
    "期间资金与证券净转入，除以期初资产。",
)
HK_SHARES = Text(
    "As delivered day by day; where the firm counts them among its stocks, by holdings.",
    "取每日资产；公司未单列、并入股票的，按持仓计。",
)
RESULT = Text(
    "Net assets now less those at the month-end twelve months back, cash moved in and out left out.",
    "当前净资产减12个月前月末净资产，并扣除期间资金净转入。",
)
STREAK = Text(
    "Months up to the cut, at most twelve, that each ended with less than they began with, cash moved left out.",
    "截至数据截止日、剔除资金进出后连续亏损的月数，最多12个月。",
)
DRAWDOWN = Text(
    "How far what was invested lies below its highest of the last twelve month-ends, cash moved left out.",
    "剔除资金进出后，当前净值低于近12个月末最高值的比例。",
)
REALISED = Text(
    "What sales brought less the mean cost of all purchases on record, and cash dividends; what was bought before "
    "the records begin is left out.",
    "卖出净额减全部在案买入的平均成本，另加现金分红；在案之前买入的不计。",
)
GAPS = Text(
    "Mean number of days from one trading day to the next, of twelve months.",
    "近12个月相邻两个交易日之间的平均天数。",
)
GAP_SCORE = Text(
    "Days since the last trade less the usual gap, in standard deviations of the own gaps: from 2 on it is unusual.",
    "距最近成交天数减平均间隔，以自身间隔的标准差为单位；达到2即沉寂异常。",
)
CLUMPS = Text(
    "One less the entropy of the gaps between trading days of twelve months: 0 evenly spread, 1 all at once.",
    "1减近12个月交易间隔的熵：0为均匀分布，1为集中在一时。",
)


def _of_year(en: str, zh: str) -> Column:
    """The part of twelve months that fell into a shorter window: evenly spread, 30 days have .08 and 90 days .25."""
    return share(f"{en}, of 12 months", f"{zh}占近12个月", low=0, high=1, nullable=True)


class ClientFeature(Table):
    """Some hundred and twenty facts of a client from events known and dated no later than the as-of date (R024, R025).

    A count without events is 0, an amount without events 0.00; what nobody can know is null: what follows from a
    table that the firm does not deliver too. Assets stand by kind, margin debt
    apart; accounts in another currency count at the rate of the day. Other income that is not delivered is left out of
    the contribution.
    """

    title = Text("Client features", "客户特征")
    writer = "features"
    grain = ("client_id",)

    client_id = text("Client", "客户", length=34)
    tenure_days = count("Days since first opening", "开户天数", unit=DAYS)
    n_open_accounts = count("Open fund accounts", "在用资金账户数", **unless("account"))
    n_securities_accounts = count("Securities accounts", "证券账户数", **unless("securities_account"))
    n_permissions = count("Trading permissions", "交易权限数", **unless("permission"))
    n_unconverted_accounts = count(
        "Accounts in a currency without exchange rate, counted zero", "无汇率、按零计的账户数"
    )
    has_credit = boolean("Has a margin account", "有信用账户", **unless("account"))
    # assets
    assets_amount = money("Assets", "资产总值", **unless("daily_asset"))
    net_assets_amount = money("Net assets", "净资产", **unless("daily_asset"))
    cash_amount = money("Cash", "现金", **unless("daily_asset"))
    stock_amount = money("Stocks incl. B and Hong Kong", "股票(含B股、港股)", **unless("daily_asset"))
    b_stock_amount = money("Of which B shares", "其中B股", **unless("daily_asset"))
    hk_stock_amount = money("Of which Hong Kong shares", "其中港股", help=HK_SHARES, **unless("daily_asset"))
    fund_amount = money("Funds", "基金", **unless("daily_asset"))
    warrant_amount = money("Warrants", "权证", **unless("daily_asset"))
    bond_amount = money("Bonds", "债券", **unless("daily_asset"))
    wealth_amount = money("Wealth products", "集合理财", **unless("daily_asset"))
    debt_amount = money("Margin debt", "融资负债", **unless("daily_asset"))
    cash_share = share("Cash share", "现金占比", nullable=True)
    stock_share = share("Stock share", "股票占比", nullable=True)
    fund_share = share("Fund share", "基金占比", nullable=True)
    net_assets_20d_amount = money(
        "Net assets, 20-trading-day average", "20 交易日均净资产", **unless("daily_asset")
    )
    net_assets_60d_amount = money(
        "Net assets, 60-trading-day average", "60 交易日均净资产", **unless("daily_asset")
    )
    net_assets_250d_amount = money(
        "Net assets, 250-trading-day average", "250 交易日均净资产", **unless("daily_asset")
    )
    peak_assets_365d_amount = money(
        "Highest month-end assets in 12 months", "近12个月月末资产峰值", **unless("daily_asset")
    )
    assets_change_30d_share = share("Change of assets in 30 days", "近30日资产变动", nullable=True)
    assets_change_90d_share = share("Change of assets in 90 days", "近90日资产变动", nullable=True)
    assets_change_365d_share = share("Change of assets in 12 months", "近12个月资产变动", nullable=True)
    constant_change_90d_share = share(
        "Change of assets in 90 days at constant prices",
        "近90日资产变动(剔除涨跌)",
        nullable=True,
        help=CONSTANT,
    )
    constant_change_365d_share = share(
        "Change of assets in 12 months at constant prices",
        "近12个月资产变动(剔除涨跌)",
        nullable=True,
        help=CONSTANT,
    )
    # result
    result_12m_amount = money("Result, 12 month-ends", "近12个月末盈亏", nullable=True, help=RESULT)
    n_losing_months = count("Losing months in a row", "连续亏损月数", nullable=True, help=STREAK)
    drawdown_12m_share = share(
        "Down from the highest month-end", "较最高月末回撤", low=0, high=1, nullable=True, help=DRAWDOWN
    )
    index_drawdown_12m_share = share(
        "The index down from its highest month-end", "指数较最高月末回撤", low=0, high=1, nullable=True
    )
    drawdown_over_index_share = share(
        "Down more than the index", "超出指数的回撤", low=-1, high=1, nullable=True
    )
    realised_365d_amount = money(
        "Realised result, 12 months", "近12个月已实现盈亏", help=REALISED, **unless("trade")
    )
    # money in and out
    inflow_30d_amount = money("In, 30 days", "近30日转入", low=0, **unless("cash_flow"))
    inflow_90d_amount = money("In, 90 days", "近90日转入", low=0, **unless("cash_flow"))
    inflow_180d_amount = money("In, 180 days", "近180日转入", low=0, **unless("cash_flow"))
    inflow_365d_amount = money("In, 12 months", "近12个月转入", low=0, **unless("cash_flow"))
    outflow_30d_amount = money("Out, 30 days", "近30日转出", low=0, **unless("cash_flow"))
    outflow_90d_amount = money("Out, 90 days", "近90日转出", low=0, **unless("cash_flow"))
    outflow_180d_amount = money("Out, 180 days", "近180日转出", low=0, **unless("cash_flow"))
    outflow_365d_amount = money("Out, 12 months", "近12个月转出", low=0, **unless("cash_flow"))
    inflow_7d_amount = money("In, 7 days", "近7日转入", low=0, **unless("cash_flow"))
    outflow_7d_amount = money("Out, 7 days", "近7日转出", low=0, **unless("cash_flow"))
    largest_outflow_30d_amount = money(
        "Largest single outflow, 30 days", "近30日最大单笔转出", low=0, **unless("cash_flow")
    )
    largest_outflow_7d_on = date("Largest outflow of 7 days on", "近7日最大转出日", nullable=True)
    largest_outflow_on = date("Largest outflow on", "最大转出日", nullable=True)
    net_outflow_30d_share = share(
        "Net outflow, 30 days, of average assets", "近30日净流出占日均资产", nullable=True
    )
    net_outflow_90d_share = share(
        "Net outflow, 90 days, of average assets", "近90日净流出占日均资产", nullable=True
    )
    n_flows_365d = count("Flows, 12 months", "近12个月资金笔数", unit=TIMES, **unless("cash_flow"))
    last_flow_on = date("Last flow on", "最近资金日", nullable=True)
    outflow_30d_of_365d_share = _of_year("Out, 30 days", "近30日转出")
    outflow_90d_of_365d_share = _of_year("Out, 90 days", "近90日转出")
    transfer_in_90d_amount = money(
        "Securities moved in, 90 days", "近90日转托管转入", low=0, **unless("transfer")
    )
    transfer_in_365d_amount = money(
        "Securities moved in, 12 months", "近12个月转托管转入", low=0, **unless("transfer")
    )
    transfer_out_90d_amount = money(
        "Securities moved out, 90 days", "近90日转托管转出", low=0, **unless("transfer")
    )
    transfer_out_365d_amount = money(
        "Securities moved out, 12 months", "近12个月转托管转出", low=0, **unless("transfer")
    )
    # trading
    n_trades_30d = count("Trades, 30 days", "近30日成交笔数", unit=TIMES, **unless("trade"))
    n_trades_90d = count("Trades, 90 days", "近90日成交笔数", unit=TIMES, **unless("trade"))
    n_trades_180d = count("Trades, 180 days", "近180日成交笔数", unit=TIMES, **unless("trade"))
    n_trades_365d = count("Trades, 12 months", "近12个月成交笔数", unit=TIMES, **unless("trade"))
    n_trade_days_365d = count("Trading days, 12 months", "近12个月交易天数", unit=DAYS, **unless("trade"))
    n_trades_ever = count("Trades ever", "历史成交笔数", unit=TIMES, **unless("trade"))
    trades_30d_of_365d_share = _of_year("Trades, 30 days", "近30日成交笔数")
    trades_90d_of_365d_share = _of_year("Trades, 90 days", "近90日成交笔数")
    usual_trade_gap = decimal(
        "Usual days between trading days", "平时交易间隔", unit=DAYS, low=0, nullable=True, help=GAPS
    )
    trade_gap_score = decimal(
        "Silence against the own gaps", "当前间隔相对自身习惯", nullable=True, help=GAP_SCORE
    )
    trade_clumpiness_share = share(
        "Clumpiness of trading", "交易集中度", low=0, high=1, nullable=True, help=CLUMPS
    )
    n_products_365d = count("Products traded, 12 months", "近12个月交易品种数", **unless("trade"))
    n_products_180d = count("Products traded, 180 days", "近180日交易品种数", **unless("trade"))
    n_products_more_180d = integer(
        "Products traded, 180 days, more than in the 180 before",
        "近180日交易品种数较前180日增减",
        **unless("trade"),
    )
    turnover_30d_amount = money("Turnover, 30 days", "近30日成交额", low=0, **unless("trade"))
    turnover_90d_amount = money("Turnover, 90 days", "近90日成交额", low=0, **unless("trade"))
    turnover_180d_amount = money("Turnover, 180 days", "近180日成交额", low=0, **unless("trade"))
    turnover_365d_amount = money("Turnover, 12 months", "近12个月成交额", low=0, **unless("trade"))
    turnover_30d_of_365d_share = _of_year("Turnover, 30 days", "近30日成交额")
    turnover_90d_of_365d_share = _of_year("Turnover, 90 days", "近90日成交额")
    turnover_rate = share("Turnover over average assets, 12 months", "近12个月换手率", nullable=True)
    trading_style = code("Trading style", "交易风格", codes.TradingStyle, nullable=True)
    last_bought_on = date("Last purchase on", "最近买入日", nullable=True)
    last_trade_on = date("Last trade on", "最近成交日", nullable=True)
    days_since_trade = count("Days since last trade", "距最近成交天数", nullable=True, unit=DAYS)
    # what the firm earns
    commission_365d_amount = money("Commission, 12 months", "近12个月佣金", low=0, **unless("trade"))
    net_commission_365d_amount = money("Net commission, 12 months", "近12个月净佣金", **unless("trade"))
    other_income_365d_amount = money("Other income, 12 months", "近12个月其他收入", **unless("other_income"))
    contribution_365d_amount = money("Contribution, 12 months", "近12个月贡献", **unless("trade"))
    # presence
    n_logins_30d = count("Log-in days, 30 days", "近30日登录天数", unit=DAYS, **unless("login"))
    n_logins_90d = count("Log-in days, 90 days", "近90日登录天数", unit=DAYS, **unless("login"))
    n_logins_180d = count("Log-in days, 180 days", "近180日登录天数", unit=DAYS, **unless("login"))
    n_logins_365d = count("Log-in days, 12 months", "近12个月登录天数", unit=DAYS, **unless("login"))
    usual_logins_30d = decimal("Usual log-in days in 30", "平时30日登录天数", unit=DAYS, nullable=True)
    logins_of_usual_share = share("Log-in days of the usual", "登录天数相对平时", nullable=True)
    logins_30d_of_365d_share = _of_year("Log-in days, 30 days", "近30日登录天数")
    logins_90d_of_365d_share = _of_year("Log-in days, 90 days", "近90日登录天数")
    last_login_on = date("Last log-in on", "最近登录日", nullable=True)
    days_since_login = count("Days since last log-in", "距最近登录天数", nullable=True, unit=DAYS)
    last_seen_on = date("Last log-in, trade or cash flow on", "最近登录、成交或资金日", nullable=True)
    days_since_seen = count("Days since any of them", "距最近活动天数", nullable=True, unit=DAYS)
    # holdings
    n_holdings = count("Products held", "持有品种数", **unless("holding"))
    n_product_kinds = count("Kinds held", "持有类别数", **unless("holding"))
    largest_holding_share = share("Largest holding", "最大持仓占比", nullable=True)
    leading_need = code("What most holdings are for", "主要持有类别", codes.Need, nullable=True)
    next_maturity_on = date("Next maturity on", "最近到期日", nullable=True)
    next_maturity_amount = money("Amount maturing", "到期金额", nullable=True)
    # assessment
    risk_level = code("Risk level", "风险等级", codes.RiskLevel, nullable=True)
    is_lowest_class = boolean("Lowest class", "最低类别", nullable=True)
    assessed_on = date("Last assessed on", "最近测评日", nullable=True)
    assessment_valid_to = date("Assessment valid to", "测评有效期至", nullable=True)
    n_assessments_365d = count(
        "Assessments, 12 months", "近12个月测评次数", unit=TIMES, **unless("questionnaire")
    )
    # service
    n_contacts_30d = count("Contacts reached, 30 days", "近30日有效联系", unit=TIMES, **unless("contact"))
    n_contacts_90d = count("Contacts reached, 90 days", "近90日有效联系", unit=TIMES, **unless("contact"))
    n_contacts_180d = count("Contacts reached, 180 days", "近180日有效联系", unit=TIMES, **unless("contact"))
    n_contacts_365d = count(
        "Contacts reached, 12 months", "近12个月有效联系", unit=TIMES, **unless("contact")
    )
    last_contact_on = date("Last contact on", "最近联系日", nullable=True)
    days_since_contact = count("Days since contact", "距最近联系天数", nullable=True, unit=DAYS)
    n_complaints_365d = count("Complaints, 12 months", "近12个月投诉", unit=TIMES, **unless("complaint"))
    n_complaints_90d = count("Complaints, 90 days", "近90日投诉", unit=TIMES, **unless("complaint"))
    last_complaint_on = date("Last complaint on", "最近投诉日", nullable=True)
    days_with_manager = count("Days with the manager", "现任经理服务天数", nullable=True, unit=DAYS)
    n_manager_changes_365d = count(
        "Changes of manager, 12 months", "近12个月更换经理次数", unit=TIMES, **unless("assignment")
    )
    last_enquiry_on = date("Last enquiry on", "最近咨询日", nullable=True)
    last_permission_asked_on = date("Last asked for a permission on", "最近申请权限日", nullable=True)


class ClientHolding(Table):
    """What a client holds of each product over all accounts, in yuan, by the latest delivery of each account."""

    title = Text("Holdings of clients", "客户持仓")
    writer = "features"
    grain = ("client_id", "product_code")

    client_id = text("Client", "客户", length=34)
    product_code = text("Product", "产品", length=24)
    product_kind = code("Kind", "类别", codes.ProductKind, nullable=True)
    market = code("Market", "市场", codes.Market, nullable=True)
    held_on = date("Held on", "持有日期")
    quantity = decimal("Quantity", "数量", scale=4, low=0)
    market_amount = money("Market value", "市值", low=0)
    matures_on = date("Matures on", "到期日", nullable=True)


class ClientMonth(Table):
    """Assets at the end of each of the last 36 months, and money moved in it: the curve on the card.

    From the month of opening on, for existing and closed clients; the month of the cut ends with the cut.
    """

    title = Text("Client months", "客户月度")
    writer = "features"
    grain = ("client_id", "month_on")

    client_id = text("Client", "客户", length=34)
    month_on = date("Month end", "月末")
    assets_amount = money("Assets", "资产总值", **unless("daily_asset"))
    net_assets_amount = money("Net assets", "净资产", **unless("daily_asset"))
    inflow_amount = money("In", "转入", low=0, **unless("cash_flow"))
    outflow_amount = money("Out", "转出", low=0, **unless("cash_flow"))
    turnover_amount = money("Turnover", "成交额", low=0, **unless("trade"))
    commission_amount = money("Commission", "佣金", low=0, **unless("trade"))
