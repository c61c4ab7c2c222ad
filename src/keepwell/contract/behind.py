"""Which rows each feature is made of: by this a value is told down to the events behind it (R242).

A table of the contract, a span of days and a condition, as data: the engine lists the rows, reckons them again, and a
test proves of every feature that the listed rows alone give its value by the rule of the night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from keepwell.contract import codes
from keepwell.contract.schema import Code


class FeatureWay(Code):
    """How a value comes of its rows."""

    COUNT = ("count", "How many rows", "行数")
    DAYS = ("days", "On how many days", "天数")
    DISTINCT = ("distinct", "How many different ones", "去重个数")
    SUM = ("sum", "Added up", "合计")
    LARGEST = ("largest", "The largest", "最大一笔")
    LATEST = ("latest", "The latest day", "最近日期")
    BY_RULE = ("by_rule", "Reckoned from these rows by the rule told beside it", "按所述口径由下列行计算")
    FOLLOWS = ("follows", "Follows from other figures", "由其他数值得出")


class Pick(Enum):
    """Which rows of a table count, by their days."""

    HAPPENED = "happened"  # dated within the span
    LAST = "last"  # dated on the last day of all, by client
    HELD = "held"  # in force at some moment of the span, by account: a row holds until the next one
    HELD_AT_MONTH_ENDS = "held_at_month_ends"  # in force at one of the last thirteen month-ends
    OPEN = "open"  # begun and not ended at the cut
    NEWEST = "newest"  # of the last delivery of each account
    MATURING = "maturing"  # of that, what falls due first
    SOLD = "sold"  # sales of the span, and all purchases of what was sold
    ALL = "all"  # every row of the client


LOGIN_NORM, TRADING = "login_norm", "trading"
"""Lengths of a span that are no number of days: the signed one, and so many trading days."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table.

    The span ends ``ago`` days before the cut and is ``days`` long (trading days with ``by=TRADING``, the signed number
    with ``by=LOGIN_NORM``); without days it has no beginning. ``where`` are values a column may have. ``on`` is the
    column of the day where it is not the table's own, ``until`` that of the end.
    """

    table: str
    pick: Pick = Pick.HAPPENED
    days: int | None = None
    ago: int = 0
    by: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    on: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """How a feature is made: of which rows, what of them is counted or added up, and from which other features."""

    way: FeatureWay
    rows: tuple[Rows, ...] = ()
    of: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()


def _many(way: FeatureWay, rows: Rows, *names: str, of: str = "") -> dict[str, Behind]:
    return dict.fromkeys(names, Behind(way, (rows,), (of,) if of else ()))


def _by_rule(*rows: Rows, names: tuple[str, ...], follows: tuple[str, ...] = ()) -> dict[str, Behind]:
    return dict.fromkeys(names, Behind(FeatureWay.BY_RULE, rows, follows=follows))


def _follows(**names: str) -> dict[str, Behind]:
    """Features that follow from others: name = those it follows from, parted by blanks."""
    return {name: Behind(FeatureWay.FOLLOWS, follows=tuple(of.split())) for name, of in names.items()}


KINDS = ("cash", "stock", "b_stock", "hk_stock", "fund", "warrant", "bond", "wealth")
ASSETS = tuple(f"{kind}_amount" for kind in KINDS)
STOCKS = ("stock_amount", "b_stock_amount", "hk_stock_amount")
DEBT = ("debt_amount",)
SPANS = (30, 90, 180, 365)


def _held(ago: int = 0) -> Rows:
    """Rows of daily assets in force on a day."""
    return Rows("daily_asset", Pick.HELD, days=1, ago=ago)


def _standing() -> dict[str, Behind]:
    accounts = Rows("client_account", Pick.OPEN, on="opened_on", until="closed_on")
    credit = Rows("client_account", Pick.OPEN, where={"account_kind": (str(codes.AccountKind.CREDIT),)},
                  on="opened_on", until="closed_on")  # fmt: skip
    permissions = Rows("permission", Pick.OPEN, on="granted_on", until="withdrawn_on")
    securities = Rows("securities_account", Pick.OPEN, on="opened_on", until="closed_on")
    told = Rows("client", Pick.ALL)
    return (
        _many(FeatureWay.COUNT, accounts, "n_open_accounts")
        | _many(FeatureWay.COUNT, securities, "n_securities_accounts")
        | _many(FeatureWay.DISTINCT, permissions, "n_permissions", of="permission_kind")
        | _by_rule(credit, names=("has_credit",))
        | _by_rule(Rows("client_account", Pick.ALL), names=("n_unconverted_accounts",))
        | _by_rule(told, names=("tenure_days", "days_with_manager"))
    )


def _worth() -> dict[str, Behind]:
    now = _held()
    each = {name: Behind(FeatureWay.SUM, (now,), (name,)) for name in (*ASSETS, *DEBT)}
    changes = {
        f"assets_change_{n}d_share": Behind(FeatureWay.BY_RULE, (_held(n),), follows=("assets_amount",))
        for n in (30, 90, 365)
    }
    means = {
        f"net_assets_{n}d_amount": Behind(
            FeatureWay.BY_RULE, (Rows("daily_asset", Pick.HELD, days=n, by=TRADING),)
        )
        for n in (20, 60, 250)
    }
    by_holdings = Rows("holding", Pick.NEWEST)
    return {
        **each,
        "stock_amount": Behind(FeatureWay.SUM, (now,), STOCKS),
        "hk_stock_amount": Behind(FeatureWay.BY_RULE, (now, by_holdings)),
        "assets_amount": Behind(FeatureWay.SUM, (now,), ASSETS),
        "net_assets_amount": Behind(FeatureWay.SUM, (now,), ASSETS, DEBT),
        **means,
        **changes,
        **_follows(
            cash_share="cash_amount assets_amount",
            stock_share="stock_amount assets_amount",
            fund_share="fund_amount assets_amount",
        ),
    }


def _results() -> dict[str, Behind]:
    ends = Rows("daily_asset", Pick.HELD_AT_MONTH_ENDS)
    moved = Rows("cash_flow", Pick.HELD_AT_MONTH_ENDS)
    constant = {
        f"constant_change_{n}d_share": Behind(
            FeatureWay.BY_RULE,
            (_held(n),),
            follows=tuple(
                f"{what}_{n}d_amount" for what in ("inflow", "outflow", "transfer_in", "transfer_out")
            ),
        )
        for n in (90, 365)
    }
    return {
        **_by_rule(ends, names=("peak_assets_365d_amount",)),
        **_by_rule(ends, moved, names=("result_12m_amount", "n_losing_months", "drawdown_12m_share")),
        **_by_rule(
            Rows("index_price", Pick.HELD_AT_MONTH_ENDS, on="priced_on"), names=("index_drawdown_12m_share",)
        ),
        **_by_rule(
            Rows("trade", Pick.SOLD, days=365), Rows("entitlement", Pick.HAPPENED),
            names=("realised_365d_amount",),
        ),
        **constant,
        **_follows(drawdown_over_index_share="drawdown_12m_share index_drawdown_12m_share"),
    }  # fmt: skip


def _money() -> dict[str, Behind]:
    told: dict[str, Behind] = {}
    for name, side in (("inflow", codes.FlowSide.IN), ("outflow", codes.FlowSide.OUT)):
        for n in (7, *SPANS):
            rows = Rows("cash_flow", days=n, where={"side": (str(side),)})
            told |= _many(FeatureWay.SUM, rows, f"{name}_{n}d_amount", of="flow_amount")
    kinds = codes.TransferKind
    moves = {"in": (kinds.CUSTODY_IN,), "out": (kinds.CUSTODY_OUT, kinds.REVOKE)}
    for way, those in moves.items():
        for n in (90, 365):
            rows = Rows("transfer", days=n, where={"transfer_kind": tuple(str(kind) for kind in those)})
            told |= _many(FeatureWay.SUM, rows, f"transfer_{way}_{n}d_amount", of="transfer_amount")
    out = {"side": (str(codes.FlowSide.OUT),)}
    month, week = (Rows("cash_flow", days=n, where=out) for n in (30, 7))
    return (
        told
        | _many(FeatureWay.LARGEST, month, "largest_outflow_30d_amount", of="flow_amount")
        | _by_rule(month, names=("largest_outflow_on",))
        | _by_rule(week, names=("largest_outflow_7d_on",))
        | _many(FeatureWay.COUNT, Rows("cash_flow", days=365), "n_flows_365d")
        | _many(FeatureWay.LATEST, Rows("cash_flow", Pick.LAST), "last_flow_on")
        | _follows(
            outflow_30d_of_365d_share="outflow_30d_amount outflow_365d_amount",
            outflow_90d_of_365d_share="outflow_90d_amount outflow_365d_amount",
            net_outflow_30d_share="outflow_30d_amount inflow_30d_amount net_assets_60d_amount",
            net_outflow_90d_share="outflow_90d_amount inflow_90d_amount net_assets_60d_amount",
        )
    )


def _trading() -> dict[str, Behind]:
    told: dict[str, Behind] = {}
    for n in SPANS:
        rows = Rows("trade", days=n)
        told |= _many(FeatureWay.COUNT, rows, f"n_trades_{n}d")
        told |= _many(FeatureWay.SUM, rows, f"turnover_{n}d_amount", of="traded_amount")
    year = Rows("trade", days=365)
    bought = Rows("trade", Pick.LAST, where={"side": (str(codes.TradeSide.BUY),)})
    rhythm = ("usual_trade_gap", "trade_gap_score", "trade_clumpiness_share")
    return (
        told
        | _many(FeatureWay.COUNT, Rows("trade"), "n_trades_ever")
        | _many(FeatureWay.DAYS, year, "n_trade_days_365d")
        | _by_rule(year, names=rhythm)
        | _many(FeatureWay.DISTINCT, year, "n_products_365d", of="product_code")
        | _many(FeatureWay.DISTINCT, Rows("trade", days=180), "n_products_180d", of="product_code")
        | _by_rule(Rows("trade", days=360), names=("n_products_more_180d",))
        | _many(FeatureWay.LATEST, bought, "last_bought_on")
        | _many(FeatureWay.LATEST, Rows("trade", Pick.LAST), "last_trade_on")
        | _many(FeatureWay.SUM, year, "commission_365d_amount", of="commission_amount")
        | {
            "net_commission_365d_amount": Behind(
                FeatureWay.SUM, (year,), ("commission_amount",), ("pass_through_amount",)
            )
        }
        | _many(
            FeatureWay.SUM, Rows("other_income", days=365), "other_income_365d_amount", of="income_amount"
        )
        | _follows(
            trades_30d_of_365d_share="n_trades_30d n_trades_365d",
            trades_90d_of_365d_share="n_trades_90d n_trades_365d",
            turnover_30d_of_365d_share="turnover_30d_amount turnover_365d_amount",
            turnover_90d_of_365d_share="turnover_90d_amount turnover_365d_amount",
            turnover_rate="turnover_365d_amount net_assets_250d_amount",
            trading_style="n_trades_365d turnover_rate",
            days_since_trade="last_trade_on",
            contribution_365d_amount="net_commission_365d_amount other_income_365d_amount",
        )
    )


def _presence() -> dict[str, Behind]:
    told: dict[str, Behind] = {}
    for n in SPANS:
        told |= _many(FeatureWay.DAYS, Rows("login", days=n), f"n_logins_{n}d")
    norm = Rows("login", by=LOGIN_NORM, days=0, ago=30)
    return (
        told
        | _many(FeatureWay.LATEST, Rows("login", Pick.LAST), "last_login_on")
        | _by_rule(norm, names=("usual_logins_30d",), follows=("tenure_days",))
        | _follows(
            logins_of_usual_share="n_logins_30d usual_logins_30d",
            logins_30d_of_365d_share="n_logins_30d n_logins_365d",
            logins_90d_of_365d_share="n_logins_90d n_logins_365d",
            days_since_login="last_login_on",
            last_seen_on="last_trade_on last_login_on last_flow_on",
            days_since_seen="last_seen_on",
        )
    )


def _held_products() -> dict[str, Behind]:
    newest, due = Rows("holding", Pick.NEWEST), Rows("holding", Pick.MATURING)
    return (
        _many(FeatureWay.DISTINCT, newest, "n_holdings", of="product_code")
        | _by_rule(newest, names=("n_product_kinds", "largest_holding_share", "leading_need"))
        | _by_rule(due, names=("next_maturity_on",))
        | _many(FeatureWay.SUM, due, "next_maturity_amount", of="market_amount")
    )


ANSWERED = ("questionnaire", "returned_assessment")
SERVED = {"relation": (str(codes.Relation.SERVICE),)}


def _dealings() -> dict[str, Behind]:
    told: dict[str, Behind] = {}
    reached = {"outcome": (str(codes.ContactOutcome.REACHED),)}
    contacts = ("contact", "returned_contact")
    for n in SPANS:
        rows = tuple(Rows(table, days=n, where=reached, on="contacted_on") for table in contacts)
        told[f"n_contacts_{n}d"] = Behind(FeatureWay.COUNT, rows)
    last = tuple(Rows(table, Pick.LAST, where=reached, on="contacted_on") for table in contacts)
    kinds = codes.ComplaintKind
    complaint, enquiry = ({"complaint_kind": (str(kind),)} for kind in (kinds.COMPLAINT, kinds.ENQUIRY))
    for n in (90, 365):
        told |= _many(FeatureWay.COUNT, Rows("complaint", days=n, where=complaint), f"n_complaints_{n}d")
    asked = {
        "application_kind": (str(codes.ApplicationKind.PERMISSION),),
        "stage": (str(codes.ApplicationStage.APPLIED),),
    }
    ways = ("assignment", "returned_assignment")
    tested = tuple(Rows(table, days=365, on="answered_on") for table in ANSWERED)
    return (
        told
        | {"last_contact_on": Behind(FeatureWay.LATEST, last)}
        | _follows(days_since_contact="last_contact_on")
        | _many(FeatureWay.LATEST, Rows("complaint", Pick.LAST, where=complaint), "last_complaint_on")
        | _many(FeatureWay.LATEST, Rows("complaint", Pick.LAST, where=enquiry), "last_enquiry_on")
        | _many(
            FeatureWay.LATEST, Rows("application", Pick.LAST, where=asked), "last_permission_asked_on"
        )
        | _by_rule(
            *(Rows(table, where=SERVED, on="starts_on") for table in ways), names=("n_manager_changes_365d",)
        )
        | {"n_assessments_365d": Behind(FeatureWay.COUNT, tested)}
        | _by_rule(
            *(Rows(table, Pick.LAST, on="answered_on") for table in ANSWERED),
            names=("risk_level", "is_lowest_class", "assessed_on", "assessment_valid_to"),
        )
    )  # fmt: skip


FEATURES: dict[str, Behind] = {
    **_standing(),
    **_worth(),
    **_results(),
    **_money(),
    **_trading(),
    **_presence(),
    **_held_products(),
    **_dealings(),
}
"""Every column of ``client_feature`` but the client: how it is made."""
