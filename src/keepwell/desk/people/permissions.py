"""What each permission lets one do, in words: the rows of the page of roles."""

from __future__ import annotations

from typing import Any

from keepwell.contract.schema import Text
from keepwell.desk.columns import lazy_text

TEXTS: dict[str, Text] = {
    "assessments.export_check": Text("Export the half-yearly self-check of suitability", "导出适当性自查"),
    "assessments.export_forms": Text("Export questionnaires sent", "导出测评链接清单"),
    "assessments.read_check": Text("Half-yearly self-check of suitability", "适当性自查"),
    "assessments.read_forms": Text("Questionnaires sent", "已发测评"),
    "assessments.read_letter": Text("Letters on results", "测评结果告知函"),
    "assessments.read_notices": Text("Clients to be told of a new grading", "应告知客户"),
    "assessments.send": Text("Send the link to the risk assessment", "发测评链接"),
    "assessments.tell": Text("Record that a client was told of a new grading", "记录已告知客户"),
    "audit.export": Text("Take the audit log away", "导出操作日志"),
    "audit.read": Text("Read the audit log", "查看操作日志"),
    "audit.read_auditors": Text("Read what auditors did", "查看稽核人员的操作"),
    "books.answer_objection": Text("Answer objections to plans", "答复分配异议"),
    "books.approve_plan": Text("Approve proposed allocations", "审批分配建议"),
    "books.confirm_profile": Text("Confirm managers' profiles", "确认经理专长"),
    "books.declare_profile": Text("Declare the own profile", "申报本人专长"),
    "books.export_fairness": Text("Take the grounds of fairness away", "导出公平依据"),
    "books.object": Text("Object to plans of allocation", "对分配方案提出异议"),
    "books.read_branch": Text("Branch overview", "营业部总览"),
    "books.read_fairness": Text("Fairness of allocation", "公平"),
    "books.read_firm": Text("Firm overview", "全司看板"),
    "books.print_letter": Text("Letters to clients about a new manager", "客户更换经理告知函"),
    "books.read_handovers": Text("Hand-overs", "交接"),
    "books.read_mine": Text("Own book", "我的名册"),
    "books.read_plans": Text("Plans of allocation", "客户分配"),
    "books.read_pool": Text("Pool of clients without a manager", "待分配"),
    "books.read_profiles": Text("Strengths and needs", "专长与需求"),
    "books.read_team": Text("Team board", "覆盖与负荷"),
    "books.reassign": Text("Reassign clients", "改派客户"),
    "books.record_need": Text("Record what a client needs", "登记客户需求"),
    "books.review_plan": Text("Review and change plans of allocation", "审核与更改分配方案"),
    "books.try_policy": Text("Try out allocations", "分配试算"),
    "books.sign_handover": Text("Sign hand-overs", "签收交接"),
    "classes.export": Text("Take classes and who moved away", "导出分类分级"),
    "classes.read": Text("Classes and who moved", "分类分级与变动"),
    "clients.approve_override": Text("Approve overrides", "审批改判"),
    "clients.choose_home": Text("Note the home branch a client wishes", "登记客户意愿的归属营业部"),
    "clients.export": Text("Take the client list away", "导出客户清单"),
    "clients.propose_override": Text("Propose overrides", "提出改判"),
    "clients.read": Text("Read clients", "查看客户"),
    "clients.read_access": Text("Who can see a client", "谁能看见客户"),
    "clients.read_changes": Text("Changes overnight", "昨夜变化"),
    "clients.read_explanation": Text("How figures are made", "怎么算的"),
    "clients.read_overrides": Text("Read overrides", "查看改判"),
    "clients.read_service": Text("Class, state and service of clients", "客户的分级、状态与服务"),
    "clients.reveal": Text("Show phone, document number, address", "显示手机、证件号、地址"),
    "clients.save_view": Text("Save views", "存为视图"),
    "clients.search": Text("Search clients", "搜索客户"),
    "contacts.read": Text("Read contacts with clients", "查看客户联系"),
    "contacts.read_log": Text("Contact log", "联系记录"),
    "contacts.read_today": Text("Today", "今日"),
    "contacts.record": Text("Record contacts", "记录联系"),
    "gates.match": Text("Check product matches", "产品匹配"),
    "exchange.export_quarantine": Text("Take quarantined rows away", "导出隔离行"),
    "exchange.read_quarantine": Text("Read quarantined rows", "查看隔离行"),
    "exchange.read_runs": Text("Read runs", "查看运行"),
    "exchange.read_source_text": Text("Read source text", "查看原文"),
    "identities.agree_write_back": Text(
        "Let a write-back file with many values in full go", "同意发出回写文件"
    ),
    "identities.approve_extension": Text("Agree to a later due date of a conflict", "同意延期"),
    "identities.check_duplicate": Text("Duplicate check", "查重"),
    "identities.export_remediation": Text("Take clients to be brought up to date away", "导出存量整改清单"),
    "identities.judge": Text("Judge whether two records are one client", "同一人核对"),
    "identities.read_conflicts": Text("Read facts in conflict", "查看待核实资料"),
    "identities.read_merges": Text("Read merges and splits", "查看合并历史"),
    "identities.read_remediation": Text(
        "Read what client data must be mended by when", "查看存量整改与资料质量"
    ),
    "identities.second": Text("Agree as second person to one client", "复核同一人判断"),
    "identities.settle_conflict": Text("Find out which value is true", "资料核实"),
    "identities.split": Text("Split clients", "拆分客户"),
    "identities.write_back": Text(
        "Write corrected identity data back to other systems", "回写更正后的身份资料"
    ),
    "people.approvals": Text("Approve what waits", "待我审批"),
    "people.cover": Text("Set covers", "设代管"),
    "people.disable": Text("Disable logins", "停用人员"),
    "people.grant": Text("Propose and approve roles", "提出与审批角色"),
    "people.own": Text("Own settings", "我的设置"),
    "people.read": Text("Read people and roles", "查看人员与角色"),
    "ui.gallery": Text("Gallery", "组件样例"),
    "ui.read_all_jobs": Text("All background jobs", "全部后台任务"),
}


def told(permission: str) -> Any:
    """The permission in the reader's language; one without words yet by its name."""
    text = TEXTS.get(permission)
    return lazy_text(text) if text else permission
