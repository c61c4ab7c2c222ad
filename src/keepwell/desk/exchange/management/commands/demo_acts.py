"""`manage demo_acts`: what the made-up firm's people did before a visitor comes, by the same acts as at the desk.

On the evening before the last run they talk, settle, judge and decide, so that the run shows that they did; on the
morning after it they leave what a visitor finds waiting.
"""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from keepwell.contract.codes import (
    Agreement,
    Channel,
    ContactDirection,
    ContactOutcome,
    ContactTopic,
    EvidenceField,
    Role,
)
from keepwell.contract.contacts import SkipReason, TaskOutcome
from keepwell.contract.reasons.refusals import Refusal
from keepwell.contract.same_client import Judgement, JudgementReason
from keepwell.contract.verdict import refuse
from keepwell.desk.clients import actions as clients
from keepwell.desk.clients import queries, rules, waiting
from keepwell.desk.clients.acted import Override
from keepwell.desk.clients.exporting import NAME as CLIENT_LIST
from keepwell.desk.clients.models import ClientLine, Staff
from keepwell.desk.clients.scope import visible_one
from keepwell.desk.contacts import sentences
from keepwell.desk.contacts.actions import record_contact, record_outcome
from keepwell.desk.contacts.models import Contact
from keepwell.desk.contacts.queries import records_of
from keepwell.desk.exchange.told import of_whom
from keepwell.desk.gates.signed import desk_day
from keepwell.desk.generations.models import Generation
from keepwell.desk.generations.queries import read_current
from keepwell.desk.identities.models import PairLine
from keepwell.desk.identities.pairs import actions as judging
from keepwell.desk.identities.pairs import force
from keepwell.desk.identities.pairs import queries as pairs
from keepwell.desk.identities.pairs.rules import may_be_one
from keepwell.desk.people import actions as people
from keepwell.desk.people import rules as people_rules
from keepwell.desk.people.exports import request_export
from keepwell.desk.people.grants import propose_grant
from keepwell.desk.people.models import Cover, Grant, User
from keepwell.desk.tour.models import Story
from keepwell.desk.tour.telling import heard
from keepwell.desk.work.queries import Item, open_items

AFTERNOON = dt.time(15, 20)  # on the last day of the data, after the close
MORNING_CALL = dt.time(10, 5)  # on the desk's day
COVER_DAYS, OVERRIDE_DAYS, PROMISE_DAYS = 21, 90, 3
TASKS_READ, PAIRS_READ = 30, 60
SAME = (Judgement.SAME, JudgementReason.SAME_DETAILS, "已电话核对，联系方式与往来吻合")
RENAMED = (Judgement.SAME, JudgementReason.SAME_DOCUMENT, "已核验公安机关更名证明，更名前后是同一人")
NOT_SAME = (Judgement.NOT_SAME, JudgementReason.OTHER_DOCUMENT, "已调阅两份证件影像")
EVENING, MORNING = "evening", "morning"
MADE_UP = "（虚构示例）"
ONE_UP = {"basic": "regular", "regular": "important", "important": "strategic"}
LARGE, LARGEST = "assets=100", "assets=500"  # filters of the client list: more than 50 clients, and few
# Who spoke with the client of which story: channel, who turned to whom, topic, words, promise.
SAID: tuple[tuple[str, str, Channel, ContactDirection, ContactTopic, str, str], ...] = (
    (
        "manager",
        "twins",
        Channel.PHONE,
        ContactDirection.OUT,
        ContactTopic.IDENTITY,
        "确认联系地址与常用手机",
        "发送账户变更办理须知",
    ),
    (
        "adviser",
        "elder",
        Channel.VISIT,
        ContactDirection.OUT,
        ContactTopic.MARKET,
        "家人在场，逐只说明持仓与风险等级",
        "寄送持仓说明",
    ),
    (
        "service_desk",
        "lowest_class",
        Channel.PHONE,
        ContactDirection.IN,
        ContactTopic.ASSESSMENT,
        "来电询问测评结果的含义",
        "",
    ),
    (
        "counter",
        "two_numbers",
        Channel.COUNTER,
        ContactDirection.IN,
        ContactTopic.IDENTITY,
        "到店核对两个客户号的资料",
        "",
    ),
)


@dataclass(frozen=True, slots=True)
class Day:
    """The run, the instant, and the people by user name."""

    generation: Generation
    at: dt.datetime
    users: dict[str, User]

    @property
    def run(self) -> str:
        """The run people see."""
        return self.generation.run_id

    def client(self, user: User, story: str) -> ClientLine | None:
        """The first client of a story whom the user sees, with all that hangs on the line."""
        lines = heard(user, story)
        return queries.one(user, lines[0].client_id) if lines else None

    def storied(self, user: User) -> set[str]:
        """Clients of any story: what is told of them stays as it is told."""
        return {line.client_id for story in Story.objects.all() for line in heard(user, story.key)}


class Command(BaseCommand):
    """Each part once: what was done already is not done again."""

    help = "What people did at the made-up firm: contacts, decisions, covers, a role, files; so that no page is empty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which part of the day, both unless named."""
        parser.add_argument(
            "part", nargs="?", choices=(EVENING, MORNING), help="before or after the last run"
        )

    def handle(self, *_args: object, **options: object) -> None:
        """A part whole or not at all; print a line an act."""
        generation = read_current()
        if generation is None:
            raise CommandError("No run has been loaded: run `keepwell run`, then `manage load_run`.")
        if not generation.is_made_up:
            raise CommandError(refuse(Refusal.NOT_MADE_UP).in_language("en"))
        users = {user.username: user for user in User.objects.filter(is_active=True)}
        day = Day(generation, timezone.now(), users)
        for part, is_done in ((EVENING, Contact.objects.exists()), (MORNING, Cover.objects.exists())):
            if is_done or options["part"] not in {None, part}:
                continue
            with transaction.atomic(), translation.override("zh-hans"):
                for line in filter(None, (act(day) for act in ACTS[part])):
                    self.stdout.write(f"  {line}")


def contacts(day: Day) -> str:
    """Some words with clients on the last afternoon, one with a promise."""
    n = 0
    for at, (username, story, channel, direction, topic, note, promise) in enumerate(SAID):
        user = day.users.get(username)
        line = day.client(user, story) if user else None
        if user is None or line is None:
            continue
        then = dt.datetime.combine(day.generation.as_of_on, AFTERNOON, timezone.get_current_timezone())
        on = desk_day(day.generation)
        facts: dict[str, Any] = {
            "channel": str(channel),
            "direction": str(direction),
            "minutes": 6 + at,
            "note": note,
        }
        facts |= {"outcome": str(ContactOutcome.REACHED), "topic": str(topic)}
        if promise:
            facts |= {"promise": promise, "promise_due_on": on + dt.timedelta(days=PROMISE_DAYS)}
        record_contact(
            client_id=line.client_id,
            record_code=queries.records(line)[0].record_code,
            facts=facts,
            contacted_at=then + dt.timedelta(minutes=17 * at),
            is_capped=direction is ContactDirection.OUT,
            by=user,
            at=day.at,
            on=on,
            run=day.run,
        )
        n += 1
    return f"contacts recorded: {n}" if n else ""


def cover(day: Day) -> str:
    """The leader lets a manager of the team see the adviser's clients for three weeks."""
    leader, away, covering = (day.users.get(name) for name in ("team_leader", "adviser", "manager2"))
    if leader is None or away is None or covering is None:
        return ""
    today = timezone.localdate(day.at)
    until_on = today + dt.timedelta(days=COVER_DAYS)
    if not people_rules.may_cover(leader, away, covering, today, until_on, today):
        return ""
    reason = f"参加投顾培训，客户由同组代管{MADE_UP}"
    people.set_cover(
        covered=away, covering=covering, from_on=today, until_on=until_on, reason=reason, by=leader, at=day.at
    )
    return f"cover: {covering.display_name} for {away.display_name} until {until_on}"


def tasks(day: Day) -> str:
    """The manager settles the first two tasks that no story tells of: one by a call, one left out with a reason."""
    manager = day.users.get("manager")
    if manager is None:
        return ""
    on, storied = desk_day(day.generation), day.storied(manager)
    found = [item for item in open_items(manager, on, limit=TASKS_READ) if item.client_id not in storied]
    for item, outcome in zip(found, (TaskOutcome.REACHED, TaskOutcome.SKIPPED), strict=False):
        _settle(day, manager, item, outcome)
    return f"tasks settled: {min(2, len(found))}" if found else ""


def _settle(day: Day, manager: User, item: Item, outcome: TaskOutcome) -> None:
    on = desk_day(day.generation)
    is_left_out = outcome is TaskOutcome.SKIPPED
    record_outcome(
        item=item,
        outcome=str(outcome),
        record_code=item.record_code or str(records_of(item.line, manager.branch_code)[0].record_code),
        said=None
        if is_left_out
        else {"channel": sentences.channel_of(item), "topic": sentences.topic_of(item)},
        settled={"reason": str(SkipReason.ELSEWHERE), "note": f"已在柜台办理{MADE_UP}"}
        if is_left_out
        else None,
        contacted_at=dt.datetime.combine(on, MORNING_CALL, timezone.get_current_timezone()),
        by=manager,
        at=day.at,
        on=on,
        run=day.run,
    )


def judgement(day: Day) -> str:
    """The service desk of headquarters judges the pair in which most agrees: by documents, and by name or its proof."""
    steward = day.users.get("service_desk2")
    pair = _likeliest(steward, day) if steward else None
    if steward is None or pair is None:
        return ""
    fits = may_be_one(pair, *pairs.valid_documents(pair.left_code, pair.right_code))
    same = SAME if _agreement(pair).get(EvidenceField.CLIENT_NAME) == Agreement.SAME else RENAMED
    said, reason, note = same if fits else NOT_SAME
    left, right = (pair.left_code, pair.left_client_id), (pair.right_code, pair.right_client_id)
    judging.judge_pair(
        couple=force.Couple.of(left, right),
        judgement=str(said),
        reason=str(reason),
        note=f"{note}{MADE_UP}",
        generation=day.generation,
        by=steward,
        at=day.at,
    )
    return f"judged {said}: {pair.left_code} and {pair.right_code}"


def _likeliest(steward: User, day: Day) -> PairLine | None:
    """Of the first pairs that wait, none of a story's clients, the one a visitor would judge alike.

    Of one name before all others, then with one document number, then where most agrees and least does not.
    """
    codes = set(of_whom())
    found = pairs.queue(steward, day.generation, PAIRS_READ)
    free = [pair for pair in found if not codes & {pair.left_code, pair.right_code}]
    return max(free, key=_alike, default=None)


def _alike(pair: PairLine) -> tuple[bool, bool, int]:
    agreement = _agreement(pair)
    said = list(agreement.values())
    return (
        agreement.get(EvidenceField.CLIENT_NAME) == Agreement.SAME,
        agreement.get(EvidenceField.ID_NUMBER) == Agreement.SAME,
        said.count(Agreement.SAME) - said.count(Agreement.DIFFERENT),
    )


def _agreement(pair: PairLine) -> dict[str, str]:
    """How the two records agree, by field."""
    return {row.evidence_field: row.agreement for row in pairs.evidence(pair)}


def approved(day: Day) -> str:
    """The leader proposes a grade, and the branch head approves it."""
    leader, head = day.users.get("team_leader"), day.users.get("branch_head")
    if leader is None or head is None:
        return ""
    asked = _proposed(day, leader, "twins", f"已核外部资产证明，合计达到上一级{MADE_UP}")
    if asked is None:
        return ""
    title = partial(waiting.title, asked, visible_one(head, asked.client_id).first())
    reason = "已核对资产证明原件"
    clients.decide_override(
        override=asked, is_approved=True, reason=reason, title=title, run=day.run, by=head, at=day.at
    )
    return f"override approved by {head.display_name}"


def proposed(day: Day) -> str:
    """Another grade that the leader proposes waits for the branch head."""
    leader = day.users.get("team_leader")
    told = f"家人同在本部开户，合计资产达到上一级{MADE_UP}"
    return "override proposed" if leader and _proposed(day, leader, "elder", told) else ""


def _proposed(day: Day, leader: User, story: str, reason: str) -> Override | None:
    line = day.client(leader, story)
    to = ONE_UP.get(line.grade or "") if line else None
    if line is None or to is None:
        return None
    today = timezone.localdate(day.at)
    expires_on = today + dt.timedelta(days=OVERRIDE_DAYS)
    if not rules.may_propose_this(leader, line, ("grade", to), reason, expires_on, today):
        return None
    policy = getattr(line.client.grade, "policy_version", "")
    told = clients.Asked(
        partial(waiting.title_of, line, "grade", to), rules.APPROVE, line.home_branch_code, policy
    )
    return clients.propose_override(
        client_id=line.client_id,
        record_code=queries.records(line)[0].record_code,
        field="grade",
        from_value=line.grade,
        to_value=to,
        reason=reason,
        expires_on=expires_on,
        told=told,
        run=day.run,
        by=leader,
        at=day.at,
    )


def role(day: Day) -> str:
    """An administrator proposes a login for a newcomer; the other one finds it waiting."""
    admin = day.users.get("admin2")
    known = [user.staff_code for user in day.users.values() if user.staff_code]
    of_counter = Staff.objects.filter(role=str(Role.COUNTER), left_on=None).exclude(pk__in=known)
    someone = of_counter.order_by("pk").first()
    if admin is None or someone is None:
        return ""
    row = {
        "username": someone.pk.lower(),
        "display_name": someone.staff_name,
        "role": str(Role.COUNTER),
        "staff_code": someone.pk,
        "branch_code": someone.branch_code,
        "team_code": "",
    }
    if not people_rules.may_propose(admin, Grant.Kind.NEW, [row]):
        return ""
    propose_grant(kind=Grant.Kind.NEW, rows=[row], reason=f"新到岗柜员{MADE_UP}", by=admin, at=day.at)
    return f"login proposed for {someone.staff_name}"


def files(day: Day) -> str:
    """Headquarters asks for a file that a second person lets go; a branch head for a small one, made at once."""
    n = 0
    for username, query, purpose in (
        ("hq_brokerage2", LARGE, "季度服务例会名单"),
        ("branch_head", LARGEST, "营业部回访安排"),
    ):
        if user := day.users.get(username):
            request_export(
                kind=CLIENT_LIST,
                query=query,
                form="csv",
                purpose=f"{purpose}{MADE_UP}",
                run=day.run,
                by=user,
                at=day.at,
            )
            n += 1
    return f"files asked for: {n}" if n else ""


ACTS: dict[str, tuple[Callable[[Day], str], ...]] = {
    EVENING: (contacts, tasks, judgement, approved),
    MORNING: (cover, proposed, role, files),
}
