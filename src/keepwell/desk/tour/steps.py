"""What each role is shown, in the order of its day: the stories it may hear, and pages of its own.

A step of a story shows what the story says to look at, and why it matters to this role. AML officers hear of
identity and accounts alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.contract.codes import Role
from keepwell.contract.schema import Text

TODAY = ("contacts:today", Text("Open Today", "打开今日"))
TEAM = ("books:team", Text("Open the team board", "打开覆盖与负荷"))
APPROVALS = ("people:approvals", Text("Open what waits for you", "打开待我审批"))
NOTHING = Text("", "")
NO_PAGE = ("", NOTHING)
CARD = "clients:card"
LOOKS = {
    "large_outflow": Text(
        "On the last day some sixty percent left for the bank; Today has the call, its reason and its deadline",
        "最后一个交易日转出约六成资产；今日列出这通电话、理由与时限",
    ),
    "complaint": Text(
        "The complaint stands under Service so far; to call back, show the phone: purpose, 60 seconds, logged",
        "投诉列在「服务」页；回电可「显示手机…」：选用途，显示 60 秒，留痕",
    ),
}
"""What the desk shows of a story today, where that is not what the story itself says to look at."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: of a story by its key, or of a page with its own title and what to look at there.

    `of_client` is the page that a client of the story is looked at on, with the `figure` that it explains,
    and the part of the page to begin `at`.
    """

    key: str
    why: Text
    page: tuple[str, Text] = NO_PAGE
    story: str = ""
    of_client: str = CARD
    figure: tuple[str, ...] = ()
    at: str = ""
    title: Text = NOTHING
    look: Text = NOTHING


def _of(
    story: str,
    en: str,
    zh: str,
    page: tuple[str, Text] = NO_PAGE,
    of_client: str = CARD,
    figure: tuple[str, ...] = (),
    at: str = "",
) -> Step:
    look = LOOKS.get(story, NOTHING)
    why = Text(en, zh)
    return Step(
        key=story, why=why, page=page, story=story, look=look, of_client=of_client, figure=figure, at=at
    )


CALL_TODAY = _of(
    "large_outflow",
    "A call on the same day comes before the rest of the money follows.",
    "当天联系，才赶在其余资产转走之前。",
    TODAY,
)
ONE_PERSON = _of(
    "two_numbers",
    "One call covers both numbers, and assets and contacts are counted once.",
    "一次联系覆盖两个客户号，资产与联系只算一遍。",
    of_client="clients:accounts",
)
JOINED = _of(
    "two_numbers",
    "What joined them is written here; whoever may part them sees everything that follows first.",
    "凭什么合并写在这里；有权拆分的人，先看清全部后果再拆。",
    of_client="identities:merged",
)
ELDER = _of(
    "elder",
    "What somebody holds may lie above what was assessed: look before you offer anything.",
    "持仓可能高于测评等级：推介之前先看清。",
    of_client="clients:holdings",
)
MATURITY = _of(
    "maturity",
    "Two weeks are enough to ask what the money is for before it lies idle.",
    "提前两周，来得及先问清这笔钱的用途。",
    TODAY,
)
COMPLAINT = _of(
    "complaint",
    "A number shown without a purpose is nobody's right, also when it is urgent.",
    "再急也要先选用途，才能看到号码。",
    of_client="clients:service",
    at="voices",
)
LOWEST = _of(
    "lowest_class",
    "No offer above this class is allowed, so nobody needs to find out on the telephone.",
    "不得推介更高等级的产品，不必等到电话里才发现。",
)
TWINS = _of(
    "twins",
    "Joined by mistake, one would see the other's assets: alike is not the same.",
    "误合会让一人看到另一人的资产：相似不等于同一人。",
)
LEAVER = _of(
    "leaving_manager",
    "Nobody is left without someone to turn to: the client is given on the same day.",
    "客户当天就有人接手，不会无人可找。",
    TEAM,
)
LEAVER_IN_FIRM = _of(
    "leaving_manager",
    "No client of the firm is without somebody who answers for them, not for a day.",
    "全公司没有一位客户无人负责，一天也不会。",
)
CHANGES = Step(
    key="changes",
    title=Text("What changed overnight", "昨夜变了什么"),
    look=Text("Client by client: before, after, and why", "逐户列出：之前、之后、为什么"),
    why=Text("Between two runs nothing changes without a reason.", "两次运行之间，没有一处变化没有理由。"),
    page=("clients:changes", Text("Open the changes overnight", "打开昨夜变化")),
)
ALIKE_AT_COUNTER = _of(
    "two_numbers",
    "Before you open anything new you see what this person already has.",
    "办理之前，先看清此人已有哪些客户号。",
    of_client="clients:accounts",
)
CALLS_IN = _of(
    "large_outflow",
    "If this client calls, flows and contacts stand on one page; record the call there.",
    "客户来电时，转出与联系在同一页；通话也记在那里。",
)
ACCOUNTS = _of(
    "two_numbers",
    "Accounts of one person are looked at together; one number alone shows a part.",
    "同一人的账户要放在一起看，只看一个客户号会漏。",
    of_client="clients:accounts",
)
INSPECTED_ELDER = _of(
    "elder",
    "Suitability is inspected on what is written: assessment, its day, what is held.",
    "检查适当性看书面依据：测评、日期与持仓。",
    of_client="clients:holdings",
)
INSPECTED_CLASS = _of(
    "lowest_class",
    "“How it was made” gives rule, clause and version, the same as keepwell explain.",
    "「怎么算的」列出规则、条款与版本，与 keepwell explain 一致。",
    of_client="clients:explain",
    figure=("risk_level",),
)
WHO_SEES = _of(
    "two_numbers",
    "“Who can see this client” lists role, scope and ground of everybody who can.",
    "「谁能看见」列出每个能看的人：岗位、范围、依据。",
    of_client="clients:access",
)
OUTFLOW_WATCHED = _of(
    "large_outflow",
    "You see whether the call stands on somebody's list and whether it was made.",
    "您能看到这通电话排给了谁、打了没有。",
    TODAY,
)
OWN_BOOK = Step(
    key="book",
    title=Text("Who is in my book", "我的名册"),
    look=Text("Clients by class and state, hours against the limit", "各类客户数、状态，以及工时与限额"),
    why=Text("You know where your hours go before the day fills up.", "一天排满之前，先知道时间花在哪里。"),
    page=("books:mine", Text("Open my book", "打开我的名册")),
)
SIGNATURES = Step(
    key="signatures",
    title=Text("What waits for your signature", "等您签字的事"),
    look=Text("Grounds and difference stand beside both buttons", "依据与差异就在两个按钮旁"),
    why=Text(
        "Who proposed may not approve: a second person always does.", "提出人不能自己同意，须由另一人。"
    ),
    page=APPROVALS,
)
COVERS = Step(
    key="covers",
    title=Text("Who covers whom", "谁代管谁"),
    look=Text(
        "Whose clients, by whom, from which day to which, and why", "谁的客户、由谁、从哪天到哪天、为什么"
    ),
    why=Text(
        "A cover ends by itself on its day, and with it what may be seen.",
        "代管到期自动结束，能看到的客户也随之收回。",
    ),
    page=("people:covers", Text("Open covers", "打开代管")),
)
OVERRIDES = Step(
    key="overrides",
    title=Text("What people decided instead of the rules", "人工改判"),
    look=Text("Before, after, grounds, last day, both names", "改判前后、依据、截止日与两个人的名字"),
    why=Text(
        "A person may differ from the rules, never alone and never for ever.",
        "人可以与规则不同，但不能一个人说了算，也不能一直有效。",
    ),
    page=("clients:overrides", Text("Open overrides", "打开改判")),
)
CONTACTS = Step(
    key="contacts",
    title=Text("What was said and promised", "谈过什么，答应什么"),
    look=Text("Every contact with author, time and promise", "每次联系的作者、时刻与承诺"),
    why=Text(
        "A promise becomes a task of the client's manager on its day.", "承诺到日成为客户经理的一件工作。"
    ),
    page=("contacts:log", Text("Open contacts", "打开联系记录")),
)
BRANCH = Step(
    key="branch",
    title=Text("Your branch in one page", "一页看营业部"),
    look=Text("Distribution, service and what waits for a decision", "分布、服务与待批"),
    why=Text("Where service falls short is seen before clients say so.", "服务缺口早于客户抱怨被看到。"),
    page=("books:branch", Text("Open the branch overview", "打开营业部总览")),
)
FIRM = Step(
    key="firm",
    title=Text("The firm in one page", "一页看全公司"),
    look=Text("Twelve classes, states, branches", "十二类、状态、各营业部"),
    why=Text("Every figure leads down to the clients behind it.", "每个数都能下钻到背后的客户。"),
    page=("books:firm", Text("Open the firm overview", "打开全司看板")),
)
LOG = Step(
    key="log",
    title=Text("Who did what, when", "谁在何时做了什么"),
    look=Text(
        "Cards opened, acts and refusals, in a sealed chain", "打开客户卡、操作与拒绝，都在封存的链条里"
    ),
    why=Text(
        "Nobody can change or remove a line without the check finding it.", "改删任何一行，核验都会发现。"
    ),
    page=("audit:log", Text("Open the audit log", "打开操作日志")),
)
RUN = Step(
    key="runs",
    title=Text("Can today's figures be used?", "今天的数能用吗？"),
    look=Text("Read = taken + quarantined + repeated, for every file", "每个文件：读 = 收 + 隔离 + 重复"),
    why=Text(
        "No row is lost in silence: what was not taken is counted.", "没有一行悄悄丢失：没收下的都有数。"
    ),
    page=("exchange:runs", Text("Open the runs", "打开运行")),
)
QUARANTINE = Step(
    key="quarantine",
    title=Text("What the source has to mend", "源系统要改什么"),
    look=Text("File, line, column, value and how to mend it", "文件、行、列、值与改法"),
    why=Text("The source gets a list to work through, not a complaint.", "交给源系统的是清单，不是抱怨。"),
    page=("exchange:quarantine", Text("Open the quarantined rows", "打开隔离行")),
)
PEOPLE = Step(
    key="people",
    title=Text("Who is here and may do what", "谁在岗，能做什么"),
    look=Text("Role, scope and last log-in of everybody", "每个人的岗位、范围与登录"),
    why=Text("No role is given by one administrator alone.", "任何岗位都不能由一位管理员单独授予。"),
    page=("people:staff", Text("Open people", "打开人员")),
)
ROLE_TABLE = Step(
    key="roles",
    title=Text("What a role may do", "岗位能做什么"),
    look=Text("Permissions and scope of the twelve roles", "十二个岗位的权限与范围"),
    why=Text(
        "One table decides for pages, exports and jobs alike.", "页面、导出与后台任务都由这一张表决定。"
    ),
    page=("people:roles", Text("Open roles", "打开角色")),
)
JOBS = Step(
    key="jobs",
    title=Text("Long work in the background", "后台做的事"),
    look=Text("Stage, n of N, and what was kept if it failed", "阶段、进度，以及失败时保留了什么"),
    why=Text("You can leave the page: the work goes on.", "离开页面也没关系，工作照常进行。"),
    page=("ui:jobs", Text("Open background jobs", "打开后台任务")),
)
IDENTITY_LIST = Step(
    key="clients",
    title=Text("Identity and accounts in your scope", "您范围内的身份与账户"),
    look=Text(
        "List and cards without service: identity, accounts, holdings",
        "列表与客户卡不含服务：身份、账户、持仓",
    ),
    why=Text(
        "What you open goes to a log of its own that others do not read.",
        "您的查阅记入专用日志，他人看不到。",
    ),
    page=("clients:list", Text("Open clients", "打开客户")),
)
PAIRS = Step(
    key="pairs",
    title=Text("Are they the same person?", "是同一人吗？"),
    look=Text(
        "Two records side by side, what differs lit, the evidence in sentences",
        "两份档案并排，不同之处点亮，依据写成句子",
    ),
    why=Text(
        "You say it once by one key, and the next run joins or parts by it.",
        "按一个键判断一次，下次运行就据此合并或分开。",
    ),
    page=("identities:pairs", Text("Open same person", "打开同一人核对")),
)
JUDGED = Step(
    key="judged",
    title=Text("What you judged, and what became of it", "您判断过什么，后来怎样"),
    look=Text("Reason, author, and whether a run has taken it", "理由、作者，以及运行是否已采用"),
    why=Text(
        "A judgement can be taken back and never vanishes: both acts stay on record.",
        "判断可以撤销，但不会消失：两次操作都留着。",
    ),
    page=("identities:judged", Text("Open what was judged", "打开已判断")),
)
DUPLICATES = Step(
    key="duplicates",
    title=Text("Is this person on file already?", "此人已有档案吗？"),
    look=Text(
        "Type a document number: the answer is a branch or none, nothing else",
        "填证件号，只答有无与营业部，不显示其他资料",
    ),
    why=Text(
        "Whoever is on file already gets no second number.",
        "已有档案的人不再另开一份，资产与联系不会拆成两处。",
    ),
    page=("identities:duplicates", Text("Open the duplicate check", "打开查重")),
)
CONFLICTS = Step(
    key="conflicts",
    title=Text("Which value is true?", "哪个值为真？"),
    look=Text(
        "What the customer numbers of one client say differently, the gravest first",
        "同一客户各客户号上互相矛盾的资料，最重的在前",
    ),
    why=Text(
        "Asked of the client once, it counts for every branch from the next run on.",
        "向客户核实一次，下次运行起各营业部都按此为准。",
    ),
    page=("identities:conflicts", Text("Open verify facts", "打开资料核实")),
)
REMEDIATION = Step(
    key="remediation",
    title=Text("Whom to bring up to date, by when", "哪些客户要补正，何时之前"),
    look=Text("How many are whole, how many a month it takes", "已齐备多少，每月要办多少"),
    why=Text("The last day is one date for all; it suspects nobody.", "期限人人相同，不代表怀疑谁。"),
    page=("identities:remediation", Text("Open remediation", "打开存量整改")),
)
WRITE_BACK = Step(
    key="write_back",
    title=Text("Do the other systems know it?", "公司其他系统知道吗？"),
    look=Text("What waits to be told, every file and its answer", "待回写多少，每份文件与回执"),
    why=Text("What is refused waits again with its reason.", "未接受的附原因退回，不会无人过问。"),
    page=("identities:write_backs", Text("Open write-back", "打开回写")),
)

ADVISING = (CALL_TODAY, ONE_PERSON, ELDER, MATURITY, COMPLAINT, LOWEST)
INSPECTING = (LOG, INSPECTED_ELDER, INSPECTED_CLASS, WHO_SEES, OVERRIDES)
AML = (ACCOUNTS, TWINS, IDENTITY_LIST)
TOURS: dict[str, tuple[Step, ...]] = {
    Role.MANAGER: ADVISING,
    Role.ADVISER: (OWN_BOOK, CALL_TODAY, MATURITY, ELDER, LOWEST, CONTACTS),
    Role.TEAM_LEADER: (LEAVER, OUTFLOW_WATCHED, COMPLAINT, ELDER, COVERS),
    Role.BRANCH_HEAD: (BRANCH, LEAVER, COMPLAINT, ELDER, REMEDIATION, SIGNATURES),
    Role.COUNTER: (DUPLICATES, ALIKE_AT_COUNTER, CONFLICTS, TWINS, LOWEST, CONTACTS),
    Role.SERVICE_DESK: (COMPLAINT, CALLS_IN, PAIRS, JOINED, LOWEST, CONTACTS),
    Role.COMPLIANCE: INSPECTING,
    Role.AUDIT: INSPECTING,
    Role.AML_BRANCH: AML,
    Role.AML_HQ: AML,
    Role.HQ_BROKERAGE: (FIRM, LEAVER_IN_FIRM, CHANGES, RUN, QUARANTINE, SIGNATURES),
    Role.ADMIN: (PEOPLE, ROLE_TABLE, SIGNATURES, RUN, QUARANTINE, JOBS),
}
AT_HEADQUARTERS: dict[str, tuple[Step, ...]] = {
    Role.SERVICE_DESK: (PAIRS, JUDGED, CONFLICTS, WRITE_BACK, DUPLICATES)
}
"""What the part of a role hears that works for headquarters and sees no client's card."""


def steps_of(role: str, *, sees_clients: bool) -> tuple[Step, ...]:
    """The steps of a role, of its part at headquarters where it sees no clients."""
    return TOURS[role] if sees_clients else AT_HEADQUARTERS.get(role, TOURS[role])
