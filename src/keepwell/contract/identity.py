"""Who is the client: records resolved to persons, institutions and products."""

from __future__ import annotations

from keepwell.contract import codes, golden
from keepwell.contract.reasons.identity import (
    ConflictReason,
    EventReason,
    GoldenReason,
    HomeReason,
    LimitReason,
    LinkReason,
    ManagerReason,
    PairReason,
)
from keepwell.contract.schema import (
    Mask,
    Search,
    Sensitivity,
    Table,
    Text,
    boolean,
    code,
    count,
    date,
    floating,
    money,
    share,
    text,
)


class Reading(Table):
    """The first reading (pinyin without tone) of a Chinese character, for names that sound alike."""

    title = Text("Readings of characters", "汉字读音")
    writer = "identity"
    grain = ("letter",)

    letter = text("Character", "汉字", length=4)
    reading = text("Reading", "读音", length=12)


class RecordIdentity(Table):
    """The identity facts of a customer record in standard form; lies in the vault."""

    title = Text("Records in standard form", "标准化客户档案")
    writer = "identity"
    grain = ("record_code",)

    record_code = text("Customer number", "客户号", length=32)
    client_kind = code("Client kind", "客户类型", codes.ClientKind)
    client_name = text("Name", "姓名", length=120, sensitivity=Sensitivity.PERSONAL)
    name_reading = text("Name as read", "姓名读音", length=600, sensitivity=Sensitivity.PERSONAL)
    id_kind = code("Document", "证件种类", codes.IdKind, nullable=True)
    id_number = text("Document number", "证件号码", length=40, nullable=True, sensitivity=Sensitivity.SECRET)
    id_is_valid = boolean("Passes its check digit", "校验通过")
    birth_on = date("Born on", "出生日期", nullable=True, sensitivity=Sensitivity.PERSONAL)
    phone = text("Phone", "手机", length=32, nullable=True, sensitivity=Sensitivity.SECRET)
    email = text("E-mail", "邮箱", length=120, nullable=True, sensitivity=Sensitivity.SECRET)
    address = text("Address", "住址", length=240, nullable=True, sensitivity=Sensitivity.SECRET)


class RecordLink(Table):
    """Two records that share a key: evidence, before any veto."""

    title = Text("Shared keys", "共同依据")
    writer = "identity"
    grain = ("link_reason", "record_code", "anchor_code")

    link_reason = code("Key", "依据", LinkReason)
    record_code = text("Customer number", "客户号", length=32)
    anchor_code = text("First record with the key", "首个档案", length=32)


class Client(Table):
    """One person, institution or product over all its customer records (R001, R210); no secret columns."""

    title = Text("Clients", "客户")
    writer = "identity"
    grain = ("client_id",)

    client_id = text("Client", "客户", length=34)
    client_kind = code("Client kind", "客户类型", codes.ClientKind)
    client_name = text(
        "Name", "姓名", length=120, sensitivity=Sensitivity.PERSONAL, search=Search.NAME, mask=Mask.NAME
    )
    sex = code("Sex", "性别", codes.Sex, nullable=True, sensitivity=Sensitivity.PERSONAL)
    birth_on = date("Born on", "出生日期", nullable=True, sensitivity=Sensitivity.PERSONAL)
    occupation = code("Occupation", "职业", codes.Occupation, nullable=True, sensitivity=Sensitivity.PERSONAL)
    income_band = code("Yearly income", "年收入", codes.IncomeBand, nullable=True)
    id_kind = code("Document", "证件种类", codes.IdKind, nullable=True)
    id_valid_to = date("Document valid to", "证件有效期至", nullable=True)
    id_is_valid = boolean("Document number passes its check digit", "证件号校验通过")
    id_masked = text("Document number", "证件号码", length=40, nullable=True)
    phone_masked = text("Phone", "手机", length=32, nullable=True)
    home_branch_code = text("Home branch", "归属营业部", length=16)
    home_reason = code("Why this branch", "归属理由", HomeReason)
    city = text("City", "城市", length=40, nullable=True)
    opened_on = date("Client since", "首次开户日期")
    closed_on = date("Closed on", "销户日期", nullable=True)
    population = code("Population", "客群", codes.Population)
    n_records = count("Customer numbers", "客户号数")
    n_accounts = count("Fund accounts", "资金账户数")
    n_branches = count("Branches", "营业部数")
    manager_code = text("Relationship manager", "客户经理", length=16, nullable=True)
    manager_since_on = date("Manager since", "归属起始日期", nullable=True)
    manager_reason = code("Why this manager", "客户经理依据", ManagerReason, nullable=True)


class ClientRecord(Table):
    """Which client each customer record belongs to, and by what evidence (R210)."""

    title = Text("Records of clients", "客户与客户号")
    writer = "identity"
    grain = ("record_code",)
    order = ("client_id", "record_code")

    record_code = text("Customer number", "客户号", length=32, search=Search.TAIL)
    client_id = text("Client", "客户", length=34)
    branch_code = text("Branch", "营业部", length=16)
    opened_on = date("Opened on", "开户日期")
    closed_on = date("Closed on", "销户日期", nullable=True)
    link_reason = code("Evidence", "依据", LinkReason)


class ClientAccount(Table):
    """Every fund account of a client, over branches."""

    title = Text("Accounts of clients", "客户账户")
    writer = "identity"
    grain = ("account_code",)
    order = ("client_id", "account_code")

    account_code = text("Account", "资金账号", length=32, search=Search.TAIL)
    client_id = text("Client", "客户", length=34)
    record_code = text("Customer number", "客户号", length=32)
    branch_code = text("Branch", "营业部", length=16)
    account_kind = code("Account kind", "账户类别", codes.AccountKind)
    currency = code("Currency", "币种", codes.Currency)
    account_status = code("Status", "账户状态", codes.AccountStatus)
    opened_on = date("Opened on", "开户日期")
    closed_on = date("Closed on", "销户日期", nullable=True)


class ClientSecret(Table):
    """The secret facts of a client; lies in the vault and is encrypted at the desk."""

    title = Text("Client secrets", "客户敏感信息")
    writer = "identity"
    grain = ("client_id",)

    client_id = text("Client", "客户", length=34)
    id_number = text(
        "Document number",
        "证件号码",
        length=40,
        nullable=True,
        sensitivity=Sensitivity.SECRET,
        mask=Mask.ID_NUMBER,
    )
    phone = text("Phone", "手机", length=32, nullable=True, sensitivity=Sensitivity.SECRET, mask=Mask.PHONE)
    address = text(
        "Address", "住址", length=240, nullable=True, sensitivity=Sensitivity.SECRET, mask=Mask.ADDRESS
    )


class SearchToken(Table):
    """Words by which a client is found: name, its suffixes, pinyin, initials, tails; secrets as keyed hashes."""

    title = Text("Search words", "检索词")
    writer = "identity"
    grain = ("token_kind", "token", "client_id")

    token_kind = text("Kind", "类别", length=8)
    token = text("Word", "词", length=160)
    client_id = text("Client", "客户", length=34)


class GoldenField(Table):
    """What each record of a client with several says of a fact, which value counts, and by what signed rule (R006).

    A client with one record has none: everything comes from that. Where all records agree the chosen one alone has a
    row. Secrets are shown masked; values that are the same in standard form have the same mark, a keyed hash.
    """

    title = Text("Where each value comes from", "各项资料取自何处")
    writer = "identity"
    grain = ("client_id", "golden_field", "record_code")

    client_id = text("Client", "客户", length=34)
    golden_field = code("Fact", "资料项", golden.Fact)
    record_code = text("Customer number", "客户号", length=32)
    branch_code = text("Branch", "营业部", length=16)
    standing = code("How the value stands", "取舍", golden.Standing)
    golden_reason = code("Why the chosen value counts", "采用依据", GoldenReason)
    known_on = date("Data of", "资料日期")
    is_in_force = boolean("In force", "有效")
    shown_value = text(
        "Value, masked where secret", "值（敏感项已遮蔽）", length=240, sensitivity=Sensitivity.PERSONAL
    )
    value_mark = text("Mark of the value", "值的标记", length=16)


class IdentityConflict(Table):
    """A fact in which a client's records disagree, a number under other names, or too many accounts (R008, R213, R223).

    The key stays while the client and the values do: what was settled stays so until a value changes.
    """

    title = Text("Identity conflicts", "身份信息冲突")
    writer = "identity"
    grain = ("conflict_key",)
    order = ("client_id", "conflict_key")

    conflict_key = text("Conflict", "冲突编号", length=80)
    client_id = text("Client", "客户", length=34)
    conflict_reason = code("Conflict", "冲突", ConflictReason)
    severity = code("Severity", "严重程度", golden.Severity)
    urgency = count("Place in the signed table", "规则表中的次序")
    golden_field = code("Fact", "资料项", golden.Fact, nullable=True)
    n_values = count("Values", "不同的值")
    n_records = count("Customer numbers", "客户号数")
    n_branches = count("Branches", "营业部数")
    since_on = date("Since", "始于")
    due_on = date("To be mended by", "核实期限", nullable=True)
    settled_on = date("Found out on", "核实日期", nullable=True)


class LimitedAccount(Table):
    """The open securities accounts of a kind and market of which a client has more than the limit (R223)."""

    title = Text("Accounts beyond the limit", "超限账户")
    writer = "identity"
    grain = ("market", "securities_account_code")
    order = ("client_id", "market", "securities_account_code")

    market = code("Market", "市场", codes.Market)
    securities_account_code = text("Securities account", "证券账号", length=20)
    client_id = text("Client", "客户", length=34)
    account_kind = code("Account kind", "账户类别", codes.AccountKind)
    account_code = text("Account", "资金账号", length=32)
    record_code = text("Customer number", "客户号", length=32)
    branch_code = text("Branch", "营业部", length=16)
    opened_on = date("Opened on", "开户日期")
    nth = count("Place by day of opening", "开户次序")
    n_open = count("Open accounts of the kind", "同类未销账户数")
    limit_reason = code("How it stands to the limit", "限户情况", LimitReason)
    is_idle = boolean("On the dormancy list", "在休眠清单")


class PairScore(Table):
    """Two records that share no key, with the probability that they are one client; only those worth a question."""

    title = Text("Scored pairs", "评分档案对")
    writer = "identity"
    grain = ("left_code", "right_code")

    left_code = text("Left customer number", "左侧客户号", length=32)
    right_code = text("Right customer number", "右侧客户号", length=32)
    score = share("Score", "得分", low=0, high=1)


class IdentityPair(Table):
    """Two customer records a steward should judge, ``left_code`` the lesser; one row for two clients (R008, R211)."""

    title = Text("Pairs to be judged", "待核对的档案")
    writer = "identity"
    grain = ("left_code", "right_code")

    left_code = text("Left customer number", "左侧客户号", length=32)
    right_code = text("Right customer number", "右侧客户号", length=32)
    left_client_id = text("Client of the left record", "左侧客户", length=34)
    right_client_id = text("Client of the right record", "右侧客户", length=34)
    pair_reason = code("Why it waits", "待核对原因", PairReason)
    score = share("Score", "得分", low=0, high=1, nullable=True)
    at_stake_amount = money("Assets of both clients", "两位客户的资产", nullable=True)
    waiting_since_on = date("Waiting since", "等待起始日期")


class PairEvidence(Table):
    """How two records agree that wait or that a score joined, by field; weight in bits for or against one client."""

    title = Text("Evidence of pairs", "核对依据")
    writer = "identity"
    grain = ("left_code", "right_code", "evidence_field")

    left_code = text("Left customer number", "左侧客户号", length=32)
    right_code = text("Right customer number", "右侧客户号", length=32)
    evidence_field = code("Field", "字段", codes.EvidenceField)
    agreement = code("Agreement", "吻合程度", codes.Agreement)
    weight = floating("Weight in bits", "权重（比特）", nullable=True)


class ClientEvent(Table):
    """A customer record whose client is another than in the run before: merged, or split off (R210)."""

    title = Text("Merges and splits", "合并与拆分")
    writer = "identity"
    grain = ("record_code", "from_client_id", "to_client_id")

    record_code = text("Customer number", "客户号", length=32)
    from_client_id = text("Client before", "原客户", length=34)
    to_client_id = text("Client now", "现客户", length=34)
    event = code("Event", "事项", codes.IdentityEvent)
    event_reason = code("Why", "理由", EventReason)
    link_reason = code("Evidence now", "现依据", LinkReason)
