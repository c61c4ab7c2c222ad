"""Products with terms and levels by date, prices, index, exchange rates, corporate actions and notices."""

from __future__ import annotations

from keepwell.contract import codes
from keepwell.contract.schema import Order, Table, Text, code, date, decimal, integer, text

_PRODUCT = "product.product_code"


class Product(Table):
    """A security, fund or other product a client can hold."""

    title = Text("Products", "产品")
    writer = "ingest"
    grain = ("product_code",)
    orders = (Order("matures_on", "issued_on"),)
    optional = True

    product_code = text("Product", "产品代码", length=24)
    product_name = text("Product name", "产品名称", length=120)
    product_kind = code("Kind", "类别", codes.ProductKind)
    market = code("Market", "市场", codes.Market)
    currency = code("Currency", "币种", codes.Currency)
    issued_on = date("Issued on", "起始日", nullable=True)
    matures_on = date("Matures on", "到期日", nullable=True)
    term_days = integer("Term", "期限", low=0, nullable=True)


class ProductRating(Table):
    """The risk level of a product from a date on."""

    title = Text("Product levels", "产品风险等级")
    writer = "ingest"
    grain = ("product_code", "rated_on")
    optional = True

    product_code = text("Product", "产品代码", length=24, references=_PRODUCT)
    rated_on = date("From", "起始日期")
    product_level = code("Level", "风险等级", codes.ProductLevel)


class Price(Table):
    """Closing price of a product."""

    title = Text("Prices", "价格")
    writer = "ingest"
    grain = ("product_code", "priced_on")
    event_on = "priced_on"
    optional = True

    product_code = text("Product", "产品代码", length=24, references=_PRODUCT)
    priced_on = date("On", "日期")
    price = decimal("Price", "价格", scale=6, low=0)


class IndexPrice(Table):
    """Closing level of a market index."""

    title = Text("Index", "指数")
    writer = "ingest"
    grain = ("index_code", "priced_on")
    event_on = "priced_on"
    optional = True

    index_code = text("Index", "指数代码", length=24)
    priced_on = date("On", "日期")
    level = decimal("Level", "点位", scale=4, low=0)


class ExchangeRate(Table):
    """Yuan for one unit of a currency."""

    title = Text("Exchange rates", "汇率")
    writer = "ingest"
    grain = ("currency", "quoted_on")
    event_on = "quoted_on"
    optional = True

    currency = code("Currency", "币种", codes.Currency)
    quoted_on = date("On", "日期")
    rate = decimal("Rate", "汇率", scale=8, low=0)


class Notice(Table):
    """A corporate action or an exchange notice about a product."""

    title = Text("Notices", "公告")
    writer = "ingest"
    grain = ("notice_code",)
    order = ("product_code", "published_on", "notice_code")
    event_on = "published_on"
    optional = True

    notice_code = text("Notice", "公告编号", length=40)
    product_code = text("Product", "产品代码", length=24, references=_PRODUCT)
    published_on = date("Published on", "公告日期")
    effective_on = date("Effective on", "生效日期", nullable=True)
    notice_kind = code("Kind", "类型", codes.NoticeKind)
    headline = text("Headline", "标题", length=200)
