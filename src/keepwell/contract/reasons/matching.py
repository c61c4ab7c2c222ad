"""Why a product and a client match or not, test by test, and what follows; articles as in ``suitability``."""

from __future__ import annotations

from keepwell.contract.schema import Code


class PassingReason(Code):
    """How one of the three tests came out, with the figures it compared."""

    LEVEL_FITS = (
        "level_fits",
        "The product is {product_level}; the client matches up to {product_level_at_most} (Art. 19).",
        "产品为 {product_level}，客户最高可匹配 {product_level_at_most}（第19条）。",
    )
    LEVEL_ABOVE = (
        "level_above",
        "The product is {product_level}; the client matches up to {product_level_at_most} (Art. 19, 22).",
        "产品为 {product_level}，高于客户可匹配的 {product_level_at_most}（第19、22条）。",
    )
    LEVEL_UNKNOWN = (
        "level_unknown",
        "Product {product_level}, client up to {product_level_at_most}: one of the two is not known (Art. 6, 15, 33).",
        "产品 {product_level}、客户可匹配 {product_level_at_most}：缺其一，无法比较（第6、15、33条）。",
    )
    TERM_FREE = (
        "term_free",
        "The product can be left on any day, or the money has no term (Art. 6, 19).",
        "产品可随时退出，或客户资金没有期限要求（第6、19条）。",
    )
    TERM_FITS = (
        "term_fits",
        "The money is bound for {term_days_left} days and not needed for {term_days_at_most} days (Art. 6, 19).",
        "资金占用 {term_days_left} 天，客户 {term_days_at_most} 天内不用（第6、19条）。",
    )
    TERM_TOO_LONG = (
        "term_too_long",
        "The money is bound for {term_days_left} days and needed after {term_days_at_most} days (Art. 6, 22).",
        "资金占用 {term_days_left} 天，客户只有 {term_days_at_most} 天不用（第6、22条）。",
    )
    TERM_UNKNOWN = (
        "term_unknown",
        "Bound for {term_days_left} days, not needed for {term_days_at_most}: one is not known (Art. 6, 33).",
        "资金占用 {term_days_left} 天、客户不用 {term_days_at_most} 天：缺其一，无法比较（第6、33条）。",
    )
    KIND_WISHED = (
        "kind_wished",
        "The client wants to invest in {product_kind} (Art. 6, 19).",
        "客户的意向品种包含{product_kind}（第6、19条）。",
    )
    KIND_NOT_WISHED = (
        "kind_not_wished",
        "The client wants to invest in {kinds_wished}, not in {product_kind} (Art. 6, 22).",
        "客户的意向品种为{kinds_wished}，不含{product_kind}（第6、22条）。",
    )
    KIND_UNKNOWN = (
        "kind_unknown",
        "In which kinds the client wants to invest is not known (Art. 6, 33).",
        "客户的意向品种不详（第6、33条）。",
    )
    NOT_ASKED = (
        "not_asked",
        "Not asked: the rules ask it of ordinary investors only, or it was left out (Art. 7).",
        "未要求：该项只适用于普通投资者，或本次未查（第7条）。",
    )


class MatchReason(Code):
    """Why a product and a client match, or what follows where they do not."""

    ALL_PASS = (
        "all_pass",
        "Level, term and kind asked for pass (Art. 19).",
        "所要求的等级、期限、品种均符合（第19条）。",
    )
    PROFESSIONAL = (
        "professional",
        "A professional investor: the three tests protect ordinary investors (Art. 7).",
        "专业投资者：三项匹配要求用于保护普通投资者（第7条）。",
    )
    PRODUCT_NOT_RATED = (
        "product_not_rated",
        "The product has no level: it may not be sold until it is graded (Art. 15, 16).",
        "产品未评定风险等级：评定前不得销售（第15、16条）。",
    )
    KIND_OUTSIDE_MANDATE = (
        "kind_outside_mandate",
        "The institution's own mandate does not permit this kind (Art. 22; its authorisation).",
        "超出该机构自身授权允许的品种（第22条；机构授权文件）。",
    )
    QUOTA_EXCEEDED = (
        "quota_exceeded",
        "Nothing or too little is left of the institution's own quota for this kind (Art. 22; its authorisation).",
        "该机构对此品种的自有额度已用完或不足（第22条；机构授权文件）。",
    )
    NO_HANDLER = (
        "no_handler",
        "Nobody on file may act for the institution in this today (Art. 6, 22; its authorisation).",
        "该机构当日没有对此有授权的经办人（第6、22条；机构授权文件）。",
    )
    ABOVE_AUTHORITY = (
        "above_authority",
        "Nobody with authority today may order more than {order_amount} at once (Art. 6, 22; its authorisation).",
        "当日有权经办人的单笔授权最高为 {order_amount}，低于该金额（第6、22条；机构授权文件）。",
    )
    FACTS_REFUSED = (
        "facts_refused",
        "The client refuses the facts: tell what follows, refuse the sale (Art. 33; Securities Law, Art. 88).",
        "客户拒绝提供信息：应告知后果并拒绝销售（第33条；《证券法》第88条）。",
    )
    NOT_ASSESSED = (
        "not_assessed",
        "The client has no level: without the client's facts the sale is refused (Art. 33; Securities Law, Art. 88).",
        "客户没有风险等级：未提供信息的，应拒绝销售（第33条；《证券法》第88条）。",
    )
    LOWEST_CLASS = (
        "lowest_class",
        "The client is of the lowest class: what does not match may not be sold, whoever asks (Art. 19, 22).",
        "客户属于最低类别：不匹配的一律不得销售，无论由谁提出（第19、22条）。",
    )
    MINOR_STAFF = (
        "minor_staff",
        "The client is under age: nothing is recommended actively (Art. 22; SAC guideline).",
        "客户未成年：不得主动推介（第22条；协会指引）。",
    )
    STAFF_STARTED = (
        "staff_started",
        "It does not match, and staff may not recommend it (Art. 22).",
        "不匹配，员工不得主动推介（第22条）。",
    )
    AGED_STAFF = (
        "aged_staff",
        "From the signed age on nothing of this level is recommended actively (Art. 20; the firm's own rule).",
        "客户达到规定年龄：该等级的产品不得主动推介（第20条；公司规则）。",
    )
    EXPIRED_STAFF = (
        "expired_staff",
        "The assessment has expired: nothing is recommended on it; assess again first (Art. 13, 22).",
        "测评已过期：不得据此主动推介，应先重新测评（第13、22条）。",
    )
    EXPIRED_CLIENT = (
        "expired_client",
        "The assessment has expired: assess again, or only after a special written risk warning (Art. 13, 19).",
        "测评已过期：应重新测评，否则须先作特别书面风险警示（第13、19条）。",
    )
    CLIENT_INSISTS = (
        "client_insists",
        "It does not match; if the client insists, only after a special written risk warning (Art. 19, 25).",
        "不匹配；客户坚持的，须先作特别书面风险警示（第19、25条）。",
    )


class DutyReason(Code):
    """What is owed before the sale, and by which article; a sale stays open until all of it is on record."""

    SIGNED_WARNING = (
        "signed_warning",
        "The special written risk warning, signed by the client (Art. 19, 24).",
        "客户签署的特别书面风险警示（第19、24条）。",
    )
    LINKED_RECORDING = (
        "linked_recording",
        "The audio or video of the warning, or the electronic trace of it, linked to the sale (Art. 25).",
        "警示过程的录音录像或电子留痕，并与本次销售关联（第25条）。",
    )
    TIME_TO_CONSIDER = (
        "time_to_consider",
        "A high-risk product for an ordinary investor: {n_hours_to_consider} hours to consider (Art. 20).",
        "普通投资者购买高风险产品：留足 {n_hours_to_consider} 小时考虑时间（第20条）。",
    )
    SECOND_PERSON = (
        "second_person",
        "A second person looks at it: the client has reached {second_person_age} (Art. 20; the firm's own rule).",
        "客户达到 {second_person_age} 周岁：须另一人复核（第20条；公司规则）。",
    )
