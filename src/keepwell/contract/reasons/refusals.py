"""Why the desk says no: what happened, why, and what makes it possible (flows.md §4)."""

from __future__ import annotations

from keepwell.contract.schema import Code


class Refusal(Code):
    """Refusals with their sentence; the number is the one of flows.md where it has one.

    Two sentences of one number are told apart after a colon; the log keeps the number alone.
    """

    NOT_FOUND = (
        "M01",
        "Not found or outside your scope. Check the number or ask your team leader.",
        "没有找到，或不在您的范围内。请核对号码，或问团队长。",
    )
    SECOND_PERSON = (
        "M12",
        "You proposed this, so another person must approve. {approver_name} has been told.",
        "您是提出人，须由另一人同意。已通知{approver_name}。",
    )
    OVERRIDE_WITHOUT_END = (
        "M13",
        "An override needs a day until which it holds. Fill it in, then propose.",
        "改判须有到期日。填好即可提交。",
    )
    OVER_THE_LIMIT = (
        "over_the_limit",
        "Accounts opened beyond the limit cannot be kept as needed. Once they are closed, this is gone by itself.",
        "限户规定施行后超上限开立的账户，不能以「确有需要」保留。请办理销户，办妥后此件自动消失。",
    )
    PURPOSE = (
        "M20",
        "Give a purpose or a reason to go on; this leaves a trace.",
        "请填用途或理由，才能继续；此举会留痕。",
    )
    OWN_ROLE = (
        "M22",
        "You cannot give yourself a role. Ask another administrator.",
        "不能给自己加角色。请另一位管理员操作。",
    )
    NO_SOURCE_TEXT = (
        "M23",
        "Administrators do not see source text. The HQ brokerage department can.",
        "系统管理员看不到原文。可由总部经纪业务部查看。",
    )
    RUN_STOPPED = (
        "M24",
        "Run #{run} stopped at {stage}; run #{current} ({day}) stays in use. Mend it and run again: it goes on.",
        "运行 #{run} 停在“{stage}”，现仍用 #{current}（{day}）。修好后重跑会接着算。",
    )
    NOT_THIS_ROLE = (
        "not_this_role",
        "Your role, {role_name}, does not open this page. An administrator can change roles.",
        "您的岗位「{role_name}」不含此页。角色由系统管理员调整。",
    )
    LOCKED_OUT = (
        "locked_out",
        "5 failed attempts, so logging in is closed for 15 minutes. Then try again, or ask an administrator.",
        "连续 5 次未能登录，已暂停 15 分钟。到时可再试，或请系统管理员重设密码。",
    )
    NOT_MADE_UP = (
        "not_made_up",
        "This run is not the made-up firm's, so no demo logins are made. Create people by name instead.",
        "当前运行不是模拟公司的数据，不能生成演示账号。请逐人新建。",
    )
    OVERRIDE_WAITS = (
        "override_waits",
        "An override of this already waits for approval. Withdraw it first, or wait for the decision.",
        "此项已有一件改判待审批。可先撤回，或等审批结果。",
    )
    OVERRIDE_IS_SAME = (
        "override_is_same",
        "The client already has this value. Choose another one.",
        "客户现值即为此值。请另选一项。",
    )
    OVERRIDE_END_IS_PAST = (
        "override_end_is_past",
        "The last day must lie after today, {today_on}. Choose a later one.",
        "到期日须晚于今天（{today_on}）。请选更晚的日期。",
    )
    OVERRIDE_IS_DECIDED = (
        "override_is_decided",
        "Somebody has decided or changed this override since you read it. Read it again.",
        "您打开之后，这件改判已被处理或改动。请重新查看。",
    )
    VIEW_TOO_LONG = (
        "view_too_long",
        "These filters take {n_letters} letters, a view holds {at_most}. Take some values away, then save.",
        "这组筛选共 {n_letters} 个字符，一个视图最多 {at_most} 个。请减少几个条件再保存。",
    )
    NOT_THE_PROPOSER = (
        "not_the_proposer",
        "{proposer_name} proposed this, so only they may withdraw it. An approver can return it.",
        "这件由{proposer_name}提出，只有本人可以撤回。审批人可以退回。",
    )
    NOT_CLASSED = (
        "not_classed",
        "Only existing clients have a grade and a service type; this one has none to override.",
        "只对存量客户分类分级，此客户没有可改判的分级。",
    )
    ALREADY_HELD = (
        "already_held",
        "{manager_name} looks after this client already. Choose somebody else.",
        "这位客户已由{manager_name}负责。请另选一位。",
    )
    NOBODY_PROPOSED = (
        "nobody_proposed",
        "The run proposes nobody who may take this client here. Choose a manager yourself.",
        "本次运行没有建议可接手的人选。请自行选定经理。",
    )
    REASSIGNED_SINCE = (
        "reassigned_since",
        "This client has been reassigned since. Look at the history first.",
        "此后这位客户又被改派过。请先看归属变动。",
    )
    ASSIGNMENT_IN_RUN = (
        "assignment_in_run",
        "A run counts with this already, so it cannot be taken back. Reassign the client instead.",
        "已有运行按此计算，不能撤销。可再改派。",
    )
    TOO_MANY_ROWS = (
        "M21",
        "{n_found} rows match; one file holds at most {at_most}. Narrow the filters, or take it away in parts.",
        "命中 {n_found} 行，单次上限 {at_most}。请缩小筛选，或申请分批导出。",
    )
    CHANGED_SINCE = (
        "M25",
        "{changed_by} changed or decided this at {changed_at}, after you opened it. Read it again, then decide.",
        "{changed_by} {changed_at} 改动或处理过这件，晚于您打开的时间。请重新查看后再定。",
    )
    SKIP_REASON = ("M03", "Choose why you skip it; then it leaves Today.", "请选跳过原因，才能移出今日。")
    LATER_THAN_DEADLINE = (
        "M04",
        "Put it off to {latest_on} at the latest, the day of its deadline. Choose an earlier date.",
        "最晚推到 {latest_on}：这件事当天到时限。请选更早的日期。",
    )
    LATER_THAN_WINDOW = (
        "later_than_window",
        "Put it off to {latest_on} at the latest: after that day it is no longer listed. Choose an earlier date.",
        "最晚推到 {latest_on}：过了这天就不再列出。请选更早的日期。",
    )
    LATER_THAN_ALLOWED = (
        "later_than_allowed",
        "Put it off to a day from tomorrow to {latest_on}. Choose one of these.",
        "可推到明天至 {latest_on} 之间的一天。请另选日期。",
    )
    DEADLINE_PASSED = (
        "deadline_passed",
        "The deadline was {due_on}, so it cannot wait longer. Contact the client, or skip it with a reason.",
        "时限 {due_on} 已过，不能再推后。请联系客户，或选原因跳过。",
    )
    CONTACT_CAP = (
        "M05",
        "{n_contacts} marketing contacts in {n_days} days ({last_on}). Possible from {from_on}; or appoint a day.",
        "{n_days} 天内已有 {n_contacts} 次营销联系（{last_on}）。{from_on}起可联系，可先「预约」。",
    )
    COMPLAINED_OF = (
        "M26",
        "The complaint is about {staff_name}, who cannot deal with it. Choose another; with none left, headquarters.",
        "投诉对象是{staff_name}，不能由其经办。请选他人；无人可选时转总部。",
    )
    ANOTHERS_TASK = (
        "anothers_task",
        "By the signed rule this is for the {owner_name}. Record what the client says: it stands on the card at once.",
        "按签署的规则，此事由{owner_name}办理。您可「记录联系」，对方在客户卡上随即可见。",
    )
    QUIET_HOURS = (
        "M06",
        "It is {now}, in the quiet hours {from_time}–{to_time}. Possible {morning}; you can make an appointment.",
        "现在 {now}，免打扰时段 {from_time}–{to_time}。{morning}可联系，可先「预约」。",
    )
    ASSESSMENT_ENDED = (
        "M08",
        "The assessment ended on {ended_on}: nothing may be recommended or opened on it. The client answers it anew.",
        "风险测评已于 {ended_on}到期，不能主动推荐或开新权限。可「发测评链接」，由本人完成。",
    )
    LEVEL_TOO_HIGH = (
        "M09",
        "{product_level} exceeds the client's {risk_level}: not to be recommended. See {n_found} products in {levels}.",
        "{product_level} 高于客户 {risk_level}，不能主动推荐。可看 {levels} 共 {n_found} 只。",
    )
    LOWEST_CLASS = (
        "M09:lowest",
        "Of the lowest class: {product_level} may not be sold, whoever asks. See {n_found} products in {levels}.",
        "客户属最低类别，{product_level} 不得销售，无论由谁提出。可看 {levels} 共 {n_found} 只。",
    )
    TERM_TOO_LONG = (
        "M09:term",
        "Bound for {term_days_left} days, the client has {term_days_at_most}: not recommended. See {n_found} products.",
        "资金占用 {term_days_left} 天，客户只有 {term_days_at_most} 天不用，不能主动推荐。可看相配的 {n_found} 只。",
    )
    KIND_NOT_WISHED = (
        "M09:kind",
        "{product_kind} is not what the client wants: not to be recommended. See {n_found} products that match.",
        "{product_kind}不在客户的意向品种内，不能主动推荐。可看相配的 {n_found} 只。",
    )
    NOT_TO_BE_OFFERED = ("M09:why", "Not to be offered. {why}", "不能提供。{why}")
    SEEN_BY_ANOTHER = (
        "seen_by_another",
        "You checked this match, so another person must look at it. A colleague who sees the client can.",
        "这次匹配由您查询，须由另一人复核。可请看得到该客户的同事处理。",
    )
    GRADED_SINCE = (
        "graded_since",
        "Graded anew since the wish of {asked_on}: then {then}, now {now}. Check again; warn of today's levels.",
        "{asked_on} 提出后已重新评级：当时 {then}，现在 {now}。请重新查匹配，警示须写明当日等级。",
    )
    DO_NOT_CONTACT = (
        "do_not_contact",
        "On {since_on} the client asked not to be contacted. Legal notices stay possible; the client may change it.",
        "客户 {since_on} 表示不接受联系。法定告知仍可进行；客户改变意愿后可在客户卡更改。",
    )
    NO_LICENCE = (
        "no_licence",
        "No registration of yours is in force on {on}, so you cannot contact clients. Ask your team leader.",
        "您没有 {on} 有效的执业登记，不能联系客户。请找团队长处理。",
    )
    NOT_THE_AUTHOR = (
        "M19",
        "{author_name} recorded this, so only they can correct it. You can add a remark.",
        "这条由{author_name}记录，只有本人能更正。可「补充说明」。",
    )
    EDITED_MEANWHILE = (
        "M25:fields",
        "{changed_by} changed this at {changed_at}; {n_fields} fields differ. Choose one by one; yours are kept.",
        "{changed_by} {changed_at} 改过，{n_fields} 处与您不同。请逐项选定；您写的都在。",
    )
    TAKEN_BY_RUN = (
        "taken_by_run",
        "A run has taken this in, so it cannot be taken back. You can correct the contact.",
        "已有运行取走这件，不能撤销。可更正联系记录。",
    )
    SETTLED_ALREADY = (
        "settled_already",
        "This task is settled already. Nothing is left to do.",
        "这件事已经办过，不用再办。",
    )
    WITHDRAWN = (
        "withdrawn",
        "This contact was taken back, so it cannot be changed. Record a new one.",
        "这条联系记录已撤销，不能更改。可另记一条。",
    )
    LAST_ADMINISTRATOR = (
        "last_administrator",
        "This is the last administrator. Create another one first, then disable this login.",
        "这是最后一位管理员。先新建一位，再停用。",
    )
    GRANT_IS_DECIDED = (
        "grant_is_decided",
        "This proposal has been decided already. See what was decided under People.",
        "这件申请已有结果。可在「人员」查看。",
    )
    LOGIN_WAITS = (
        "login_waits",
        "A proposal for {username} already waits for approval. Have it decided first.",
        "{username} 已有一件申请待审批。请先等审批结果。",
    )
    LOGIN_EXISTS = (
        "login_exists",
        "{username} exists already. Open it and change the role there.",
        "{username} 已存在。请打开此人，在那里改角色。",
    )
    UNKNOWN_BRANCH = (
        "unknown_branch",
        "The firm has no branch “{code}”. Choose one of the list.",
        "公司没有营业部“{code}”。请从列表中选一个。",
    )
    UNKNOWN_TEAM = (
        "unknown_team",
        "The firm has no team “{code}”. Choose one of the list.",
        "公司没有团队“{code}”。请从列表中选一个。",
    )
    TEAM_ELSEWHERE = (
        "team_elsewhere",
        "The team “{team_name}” belongs to {branch_name}. Choose a team of the branch, or that branch.",
        "团队“{team_name}”属于{branch_name}。请选本营业部的团队，或改选该营业部。",
    )
    COVER_OUT_OF_SCOPE = (
        "cover_out_of_scope",
        "{name} does not work in your scope. Choose people of your team or branch.",
        "{name}不在您的范围内。请选本团队或本营业部的人员。",
    )
    COVER_OF_ONESELF = (
        "cover_of_oneself",
        "One cannot cover oneself. Choose another person.",
        "不能由本人代管本人。请另选一位。",
    )
    COVER_ENDS_BEFORE = (
        "cover_ends_before",
        "The last day lies before the first, or is past. Choose a later day.",
        "截止日早于开始日，或已过去。请选更晚的日期。",
    )
    COVER_TOO_LONG = (
        "cover_too_long",
        "A cover lasts {n_days} days at most, to {latest_on}. Choose an earlier day; for longer, change the manager.",
        "代管最长 {n_days} 天，至 {latest_on}。请选更早的日期；需要更久可改派客户经理。",
    )
    COVER_EXISTS = (
        "cover_exists",
        "{name} already covers this person on some of these days. Choose other days, or end that cover first.",
        "{name}在其中几天已代管此人。请另选日期，或先结束原代管。",
    )
    HOME_WITHOUT_NUMBER = (
        "home_without_number",
        "The client has no customer number at this branch. Choose a branch where there is one.",
        "客户在此营业部没有客户号。请选有客户号的营业部。",
    )
    TWO_VALID_IDS = (
        "M17",
        "Two document numbers are valid and differ. “The same client” needs a proof of the change and a second person.",
        "两个证件号都有效且不同。判「同一人」须附变更证明，由第二人复核。",
    )
    CHECK_DIGIT = (
        "M18",
        "The check digit does not fit: the last one should be {expected}. See the original; kept to be verified.",
        "证件号校验位不符，末位应为 {expected}。请核对原件；已存为待核实。",
    )
    JOINED_BY_RUN = (
        "joined_by_run",
        "A run has joined the two by this judgement. Part them under merges, where the consequences are shown first.",
        "已有运行据此合并。可到「合并历史」拆分，那里先列出后果。",
    )
    UNDO_WAITS = (
        "undo_waits",
        "Two people agreed to this, so two take it back. It waits for the second person's word.",
        "这件由两人同意，撤回也须两人。现等复核人处理。",
    )
    FILE_WAITS = (
        "file_waits",
        "Values in full in this file: {n_secrets}. It leaves once a second person has agreed, who has been told.",
        "文件含 {n_secrets} 项完整资料，须第二人同意后才能取走。已通知对方。",
    )
    FILE_VOID = (
        "file_void",
        "The file was returned or withdrawn and never left. What stood in it waits for the next file.",
        "此文件已退回或撤回，从未发出。其内容并入下一个文件。",
    )
    STAFF_NUMBER_MISSING = (
        "staff_number_missing",
        "A login needs its person's staff number: by it two people are told from one with two logins. Fill it in.",
        "登录账号须填员工号：系统据此分辨两个人与一人两号。请填写后再提交。",
    )
    SPLIT_NEEDS_TWO_SIDES = (
        "split_needs_two_sides",
        "Choose at least one customer number to take out, and leave at least one.",
        "请至少选一个要拆出的客户号，并至少留下一个。",
    )
    SPLIT_OF_OTHER_BRANCHES = (
        "split_of_other_branches",
        "Customer numbers of other branches are concerned, so the service desk of headquarters decides.",
        "涉及其他营业部的客户号，须由总部客服处理。",
    )
    SPLIT_WAITS = (
        "split_waits",
        "A split of these customer numbers waits for the next run. Take it back first, or wait for the run.",
        "这些客户号已有拆分在等下次运行。可先撤销那次拆分，或等运行完成。",
    )
    NO_DUE_DATE = (
        "no_due_date",
        "No due date is set for this conflict, so there is none to put off.",
        "这项冲突没有设核实期限，无须延期。",
    )
    EXTENSION_WAITS = (
        "extension_waits",
        "A later due date already waits for approval. Withdraw it first, or wait for the decision.",
        "已有一件延期待审批。可先撤回，或等审批结果。",
    )
    EXTENDED_ALREADY = (
        "extended_already",
        "Put off {n_times} times already, to {due_on}: the signed rule allows no more. Find out what is true.",
        "已延期 {n_times} 次，至 {due_on}，规则不再允许延期。请尽快核实。",
    )
    EXTENSION_TOO_FAR = (
        "extension_too_far",
        "The new due date lies after {from_on} and not after {latest_on}. Choose one of these days.",
        "新期限须晚于 {from_on}，且不晚于 {latest_on}。请另选日期。",
    )
    CHECKED_ENOUGH = (
        "checked_enough",
        "You have looked up {at_most} numbers today, the daily limit. Go on tomorrow, or ask a colleague.",
        "今天已查重 {at_most} 次，达到每日上限。可明天继续，或请同事查。",
    )
    SECRET_UNREADABLE = (
        "secret_unreadable",
        "This value does not open: its key is missing, or it was changed. Tell the administrator.",
        "密文打不开：缺少对应的密钥，或载入后被改动。请告知系统管理员。",
    )
    NO_CHINESE_FONT = (
        "no_chinese_font",
        "This server has no Chinese font, so no letter can be made. The administrator installs one (fonts-noto-cjk).",
        "服务器没有中文字体，不能生成告知函。请系统管理员安装（fonts-noto-cjk）。",
    )
    LINK_NOT_SENT = ("link_not_sent", "{why}", "{why}")  # `contract.reasons.forms` says why
