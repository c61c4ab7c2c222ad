"""Words of who serves whom: what a manager has a limit of, what a pair is scored by, what people fixed or told."""

from __future__ import annotations

from keepwell.contract.schema import Code


class Resource(Code):
    """What a manager has limits of (R047, R048, R049)."""

    HEADS = "heads", "Clients", "客户数"
    HOURS = "hours", "Service hours a year", "年服务工时"
    VALUE = "value", "Assets or contribution", "资产或贡献"
    TOP_TIER = "top_tier", "Top-tier clients", "高等级客户"
    VULNERABLE = "vulnerable", "Vulnerable clients", "需特别关照客户"
    ADVISED = "advised", "Clients advised", "投顾服务客户数"


class ScorePart(Code):
    """The parts of a client-manager score; no protected fact is read for any of them."""

    NEED = "need", "Needs and specialties", "需求与专长"
    STYLE = "style", "Trading style", "交易风格"
    RISK = "risk", "Service type", "服务类型"
    REGION = "region", "Region rule", "区域规则"
    LEVEL = "level", "Level for the grade", "职级与分级"
    SATISFACTION = "satisfaction", "Client satisfaction", "客户满意度"
    QUALIFICATION = "qualification", "Licences and certificates", "资格证书"
    CONTINUITY = "continuity", "Continuity", "服务延续"
    WISH = "wish", "The client's own wish", "客户意愿"
    STAY = "stay", "Staying needs no move", "不变更"


class TieKind(Code):
    """What people fixed between a client and a manager."""

    PIN = "pin", "Fixed with the manager", "固定"
    BAN = "ban", "Manager ruled out", "禁配"


class WishKind(Code):
    """What a client said of a manager."""

    WANTED = "wanted", "Wishes this manager", "希望由其服务"
    REFUSED = "refused", "Refuses this manager", "拒绝其服务"


class ConflictKind(Code):
    """Why a member of staff may not look after a client."""

    OWN = "own", "The client is the member of staff", "员工本人"
    FAMILY = "family", "Family", "近亲属"
    BUSINESS = "business", "Business between them", "业务往来"


class TraitKind(Code):
    """What else is known of a member of staff."""

    STYLE = "style", "Trading style", "交易风格"
    SERVICE_TYPE = "service_type", "Service type", "服务类型"
    LANGUAGE = "language", "Language", "语言"
    CERTIFICATE = "certificate", "Certificate", "证书"
    INTEREST = "interest", "Interest", "兴趣"


class Language(Code):
    """Languages clients ask for beside Mandarin, which everybody speaks."""

    CANTONESE = "cantonese", "Cantonese", "粤语"
    HOKKIEN = "hokkien", "Hokkien", "闽南语"
    SHANGHAINESE = "shanghainese", "Shanghainese", "上海话"
    ENGLISH = "english", "English", "英语"
    TIBETAN = "tibetan", "Tibetan", "藏语"
    UYGHUR = "uyghur", "Uyghur", "维吾尔语"


class Basis(Code):
    """Whose plan a measure is of."""

    NOW = "now", "As it is", "现状"
    PROPOSED = "proposed", "As proposed", "建议"
    BY_ASSETS = "by_assets", "By assets only", "只看资产"


class GroupKind(Code):
    """Groups whose losses are audited; none of them enters a score by itself, age and sex never."""

    BRANCH = "branch", "Branch", "营业部"
    REGION = "region", "Region", "区域"
    CITY_TIER = "city_tier", "City tier", "城市级别"
    GRADE = "grade", "Grade", "分级"
    AGE = "age", "Age, audit only", "年龄（仅审计）"
    SEX = "sex", "Sex, audit only", "性别（仅审计）"
    TENURE = "tenure", "Years with the firm", "开户年限"


class Trait(Code):
    """What a way of sharing out could favour a manager by."""

    SENIOR = "senior", "Seniority", "职级"
    LISTED = "listed", "Place in the list", "名单次序"
    TIED = "tied", "Developed the client", "开发关系"
