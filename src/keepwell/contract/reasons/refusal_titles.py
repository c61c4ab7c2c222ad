"""What a refusal is called in a few words: the title of its page, and its name in the log."""

from __future__ import annotations

from keepwell.contract.reasons import plan_refusals
from keepwell.contract.reasons.plan_refusals import PlanRefusal
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.schema import Text

UNNAMED = Text("Not possible as it stands", "现在还不能办")
TITLES: dict[Refusal, Text] = {
    Refusal.NOT_FOUND: Text("Not found", "没有找到"),
    Refusal.SECOND_PERSON: Text("Another person must approve", "须由另一人同意"),
    Refusal.OVERRIDE_WITHOUT_END: Text("The override has no last day", "改判没有到期日"),
    Refusal.PURPOSE: Text("Purpose or reason is missing", "没有填用途或理由"),
    Refusal.OWN_ROLE: Text("Nobody gives themselves a role", "不能给自己加角色"),
    Refusal.NO_SOURCE_TEXT: Text("Source text is not for administrators", "系统管理员不看原文"),
    Refusal.RUN_STOPPED: Text("The run stopped", "运行停下了"),
    Refusal.NOT_THIS_ROLE: Text("This page is not for your role", "此页不在您的岗位内"),
    Refusal.LOCKED_OUT: Text("Logging in is closed for a while", "登录已暂停"),
    Refusal.NOT_MADE_UP: Text("Only for the made-up firm", "只用于模拟公司"),
    Refusal.OVERRIDE_WAITS: Text("An override already waits", "已有改判待审批"),
    Refusal.OVERRIDE_IS_SAME: Text("The value is the same", "与现值相同"),
    Refusal.OVERRIDE_END_IS_PAST: Text("The last day is past", "到期日已过"),
    Refusal.OVERRIDE_IS_DECIDED: Text("Decided meanwhile", "已有人处理"),
    Refusal.VIEW_TOO_LONG: Text("The view holds too many conditions", "视图条件过多"),
    Refusal.NOT_THE_PROPOSER: Text("Only the proposer may withdraw", "只有提出人能撤回"),
    Refusal.NOT_CLASSED: Text("The client has no class", "此客户没有分级"),
    Refusal.TOO_MANY_ROWS: Text("Too many rows for one file", "超过单次行数上限"),
    Refusal.GRADED_SINCE: Text("Graded anew since the wish", "提出后已重新评级"),
    Refusal.CHANGED_SINCE: Text("Changed since it was opened", "打开之后已有变动"),
    Refusal.SKIP_REASON: Text("The reason for skipping is missing", "没有选跳过原因"),
    Refusal.LATER_THAN_DEADLINE: Text("Later than the deadline", "晚于时限"),
    Refusal.LATER_THAN_ALLOWED: Text("Put off too far", "推后过久"),
    Refusal.DEADLINE_PASSED: Text("The deadline has passed", "时限已过"),
    Refusal.CONTACT_CAP: Text("Contacted often enough", "联系次数已达上限"),
    Refusal.ASSESSMENT_ENDED: Text("The assessment has ended", "风险测评已到期"),
    Refusal.LEVEL_TOO_HIGH: Text("Does not match", "产品不匹配"),
    Refusal.LOWEST_CLASS: Text("Of the lowest class", "属最低类别"),
    Refusal.TERM_TOO_LONG: Text("Bound for too long", "期限不匹配"),
    Refusal.KIND_NOT_WISHED: Text("Not a kind the client wants", "品种不匹配"),
    Refusal.NOT_TO_BE_OFFERED: Text("Not to be offered", "不能提供"),
    Refusal.SEEN_BY_ANOTHER: Text("Another person must look at it", "须由另一人复核"),
    Refusal.QUIET_HOURS: Text("Quiet hours", "免打扰时段"),
    Refusal.DO_NOT_CONTACT: Text("The client wants no contact", "客户不接受联系"),
    Refusal.NO_LICENCE: Text("No registration in force", "没有有效的执业登记"),
    Refusal.NOT_THE_AUTHOR: Text("Only the author may correct", "只有作者能更正"),
    Refusal.EDITED_MEANWHILE: Text("Edited by two people at once", "两人同时改过"),
    Refusal.TAKEN_BY_RUN: Text("A run has taken it in", "已有运行取走"),
    Refusal.SETTLED_ALREADY: Text("Settled already", "已经办过"),
    Refusal.WITHDRAWN: Text("Taken back already", "已撤销"),
    Refusal.LAST_ADMINISTRATOR: Text("The last administrator stays", "最后一位管理员不能停用"),
    Refusal.GRANT_IS_DECIDED: Text("Decided meanwhile", "已有人处理"),
    Refusal.LOGIN_WAITS: Text("A proposal for this login waits", "此账号已有申请待审批"),
    Refusal.LOGIN_EXISTS: Text("The login exists", "账号已存在"),
    Refusal.UNKNOWN_BRANCH: Text("No such branch", "没有这个营业部"),
    Refusal.UNKNOWN_TEAM: Text("No such team", "没有这个团队"),
    Refusal.TEAM_ELSEWHERE: Text("The team belongs to another branch", "团队属于另一营业部"),
    Refusal.COVER_OUT_OF_SCOPE: Text("Not in your scope", "不在您的范围内"),
    Refusal.COVER_OF_ONESELF: Text("Nobody covers themselves", "不能由本人代管本人"),
    Refusal.COVER_ENDS_BEFORE: Text("The last day is too early", "截止日过早"),
    Refusal.COVER_TOO_LONG: Text("The cover is too long", "代管时间过长"),
    Refusal.COVER_EXISTS: Text("Covered already", "已有代管"),
    Refusal.HOME_WITHOUT_NUMBER: Text("No customer number there", "该营业部没有客户号"),
    Refusal.TWO_VALID_IDS: Text("Two valid documents differ", "两个有效证件不同"),
    Refusal.CHECK_DIGIT: Text("The check digit does not fit", "校验位不符"),
    Refusal.JOINED_BY_RUN: Text("A run has joined them", "已有运行据此合并"),
    Refusal.SPLIT_NEEDS_TWO_SIDES: Text("A split needs two sides", "拆分须有两边"),
    Refusal.SPLIT_OF_OTHER_BRANCHES: Text("Other branches are concerned", "涉及其他营业部"),
    Refusal.SPLIT_WAITS: Text("A split waits for the next run", "已有拆分待运行"),
    Refusal.OVER_THE_LIMIT: Text("Accounts beyond the limit", "账户超过上限"),
    Refusal.ALREADY_HELD: Text("The manager has the client already", "已由此人负责"),
    Refusal.NOBODY_PROPOSED: Text("Nobody is proposed", "没有建议人选"),
    Refusal.REASSIGNED_SINCE: Text("Reassigned since", "此后又被改派"),
    Refusal.ASSIGNMENT_IN_RUN: Text("A run counts with it", "已有运行按此计算"),
    Refusal.LATER_THAN_WINDOW: Text("Later than the window", "晚于可办期限"),
    Refusal.COMPLAINED_OF: Text("The complaint is about them", "投诉对象不能经办"),
    Refusal.ANOTHERS_TASK: Text("Another role's task", "由另一岗位办理"),
    Refusal.SECRET_UNREADABLE: Text("The value does not open", "密文打不开"),
    Refusal.UNDO_WAITS: Text("Two people take it back", "撤回须两人"),
    Refusal.FILE_WAITS: Text("Waits for a second person", "等第二人同意"),
    Refusal.FILE_VOID: Text("The file never left", "文件从未发出"),
    Refusal.STAFF_NUMBER_MISSING: Text("The staff number is missing", "缺员工号"),
    Refusal.NO_DUE_DATE: Text("There is no due date", "没有核实期限"),
    Refusal.EXTENSION_WAITS: Text("A later date already waits", "已有延期待审批"),
    Refusal.EXTENDED_ALREADY: Text("Put off as often as allowed", "延期次数已满"),
    Refusal.EXTENSION_TOO_FAR: Text("That day cannot be chosen", "期限超出范围"),
    Refusal.NO_CHINESE_FONT: Text("No Chinese font on the server", "服务器没有中文字体"),
    Refusal.LINK_NOT_SENT: Text("The link cannot be sent", "暂不能发测评链接"),
    Refusal.CHECKED_ENOUGH: Text("Looked up often enough today", "今天查重次数已满"),
}


def title_of(refusal: Refusal | PlanRefusal | None) -> Text:
    """The refusal in a few words."""
    if isinstance(refusal, PlanRefusal):
        return plan_refusals.TITLES[refusal]
    return TITLES.get(refusal, UNNAMED) if refusal else UNNAMED


def title_of_code(reason: str) -> Text | None:
    """The name of a reason as the log keeps it; `None` for one that this version does not know."""
    both: tuple[Refusal | PlanRefusal, ...] = (*Refusal, *PlanRefusal)
    known = next((one for one in both if str(one) == reason), None)
    return title_of(known) if known else None
