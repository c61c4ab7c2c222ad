"""Issue 3: what every page asks is put into SQL once, and is nevertheless answered anew each time."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from keepwell.desk.people.models import User
from keepwell.desk.ui import notices, often

MakeUser = Callable[..., Any]


@pytest.fixture
def makes() -> list[str]:
    """The keys whose query was put together, in order."""
    often.forget()
    return []


def ask(makes: list[str], key: str, rows: Callable[[], QuerySet[Any, Any]]) -> int:
    def make() -> QuerySet[Any, Any]:
        makes.append(key)
        return rows()

    return len(often.asked(key, make))


def test_issue3_a_kept_question_is_put_together_once_and_sees_new_rows(
    make_user: MakeUser, makes: list[str]
) -> None:
    def managers() -> QuerySet[Any, Any]:
        return User.objects.filter(role="manager").values("pk")

    assert ask(makes, "managers", managers) == 0
    make_user("manager")
    assert ask(makes, "managers", managers) == 1
    assert makes == ["managers"]


def test_issue3_a_question_made_from_other_rows_or_of_a_day_is_put_together_each_time(
    make_user: MakeUser, makes: list[str]
) -> None:
    make_user("manager")

    def of_rows() -> QuerySet[Any, Any]:
        return User.objects.filter(pk__in=list(User.objects.values_list("pk", flat=True))).values("pk")

    def of_an_instant() -> QuerySet[Any, Any]:
        return User.objects.filter(created_at__lte=timezone.now() + dt.timedelta(days=1)).values("pk")

    def of_nobody() -> QuerySet[Any, Any]:
        return User.objects.none().values("pk")

    for rows, n in ((of_rows, 1), (of_an_instant, 1), (of_nobody, 0)):
        assert [ask(makes, rows.__name__, rows) for _ in range(2)] == [n, n]
        assert makes[-2:] == [rows.__name__] * 2


def test_issue3_the_count_of_notices_comes_and_goes_with_each_person_s_own(make_user: MakeUser) -> None:
    one, other = make_user("manager"), make_user("team_leader")
    assert notices.n_unread(one) == 0
    kind = next(iter(notices._kinds))
    notices.tell(to=one.pk, kind=kind, key="a", at=timezone.now())
    notices.tell(to=one.pk, kind=kind, key="b", at=timezone.now())
    assert (notices.n_unread(one), notices.n_unread(other)) == (2, 0)
    notices.read(notices.of(one)[0], timezone.now())
    assert notices.n_unread(one) == 1
    notices.read_all(one, timezone.now())
    assert notices.n_unread(one) == 0
