"""R235: work in the background belongs to one worker at a time, ends exactly once, and its file to its owner alone."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.desk.audit.models import FirmEntry
from keepwell.desk.ui import jobs, jobs_running, notices
from keepwell.desk.ui.models import Job

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def count_to_three(job: Job) -> Iterator[jobs.Step]:
    for n in (1, 2, 3):
        yield "counting", n, 3
    job.result = "counted"


def write_a_file(job: Job) -> Iterator[jobs.Step]:
    with job.open_file("rows.csv") as file:
        file.write(b"a,b\n")
        yield "writing", 1, 1


def give_up(job: Job) -> Iterator[jobs.Step]:
    yield "trying", 0, 1
    raise jobs.Failed("The file is not there. Upload it again.")


@pytest.fixture
def kinds(settings: Any, tmp_path: Any) -> Iterator[list[int]]:
    settings.MEDIA_ROOT = tmp_path
    ends: list[int] = []
    before = dict(jobs._kinds)
    jobs.register("tests.count", "Count", count_to_three, finished=lambda job, _at: ends.append(job.pk))
    jobs.register("tests.file", "File", write_a_file)
    jobs.register("tests.fail", "Fail", give_up)
    jobs.register("tests.whole", "Whole", count_to_three, can_stop=False)
    yield ends
    jobs._kinds.clear()
    jobs._kinds.update(before)


def start(user: Any, kind: str = "tests.count", key: str = "1") -> Job:
    return jobs.start(kind=kind, payload={"id": 1}, by=user, at=NOW, key=key)


def test_the_same_key_starts_once(kinds: list[int], make_user: Callable[..., Any]) -> None:
    user = make_user("manager")
    assert start(user).pk == start(user).pk
    assert FirmEntry.objects.filter(verb="ui.start_job").count() == 1


def test_an_unknown_kind_is_refused_by_name(kinds: list[int], make_user: Callable[..., Any]) -> None:
    with pytest.raises(KeyError, match=r"tests\.none"):
        start(make_user("manager"), "tests.none")


def test_a_job_is_done_once_traced_and_told(kinds: list[int], make_user: Callable[..., Any]) -> None:
    user = make_user("manager")
    job = start(user)
    assert jobs_running.work_off() == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == ("done", "counted", 1)
    assert kinds == [job.pk]
    assert FirmEntry.objects.filter(verb="ui.finish_job", subject_id=str(job.pk)).count() == 1
    assert notices.n_unread(user) == 1
    notices.read_all(user, timezone.now())
    assert notices.n_unread(user) == 0


def test_a_worker_that_lost_its_lease_changes_nothing(
    kinds: list[int], make_user: Callable[..., Any]
) -> None:
    start(make_user("manager"))
    slow = jobs_running.claim("slow", NOW)
    assert slow is not None
    assert jobs_running.sweep(NOW + jobs_running.LEASE * 2) == 1
    assert jobs_running.work_off() == 1
    with pytest.raises(jobs_running.Lost):
        jobs_running.work(slow)
    assert len(kinds) == 1
    assert not jobs_running.renew(slow, NOW)


def test_three_broken_attempts_end_it(kinds: list[int], make_user: Callable[..., Any]) -> None:
    job = start(make_user("manager"))
    at = NOW
    for _ in range(jobs_running.MOST_ATTEMPTS):
        assert jobs_running.claim("killed", at) is not None
        at += jobs_running.LEASE * 2
        jobs_running.sweep(at)
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.trouble
    assert kinds == []


def test_a_failure_says_why_and_what_was_kept(kinds: list[int], log_in: Callable[..., Client]) -> None:
    from keepwell.desk.people.models import User

    browser = log_in("manager")
    job = start(User.objects.get(username="manager"), "tests.fail")
    jobs_running.work_off()
    page = browser.get("/ui/jobs/").content.decode()
    assert "The file is not there. Upload it again." in page
    assert str(jobs.kept_by(job)) in page
    assert browser.post(f"/ui/jobs/{job.pk}/again/").status_code == 302
    job.refresh_from_db()
    assert (job.state, job.attempts, job.trouble) == ("waiting", 0, "")


def test_stopping(kinds: list[int], make_user: Callable[..., Any]) -> None:
    user = make_user("manager")
    waiting, whole = start(user), start(user, "tests.whole")
    assert jobs.stop(job=waiting, by=user, at=NOW)
    assert not jobs.stop(job=whole, by=user, at=NOW)
    running = start(user, key="2")
    jobs_running.claim("a", NOW)  # takes the one that cannot be stopped
    taken = jobs_running.claim("b", NOW)
    assert taken is not None
    assert taken.pk == running.pk
    assert jobs.stop(job=running, by=user, at=NOW)
    jobs_running.work(taken)
    running.refresh_from_db()
    assert running.state == "stopped"
    assert kinds == []


def test_the_file_is_its_owners_alone(kinds: list[int], log_in: Callable[..., Client]) -> None:
    from keepwell.desk.people.models import User

    browser, other, admin = log_in("manager"), log_in("adviser"), log_in("admin")
    job = start(User.objects.get(username="manager"), "tests.file")
    assert browser.get(f"/ui/jobs/{job.pk}/file/").status_code == 404
    jobs_running.work_off()
    job.refresh_from_db()
    assert job.path.stat().st_mode & 0o077 == 0
    assert job.path.parent.stat().st_mode & 0o077 == 0
    answer = browser.get(f"/ui/jobs/{job.pk}/file/")
    assert b"".join(answer.streaming_content) == b"a,b\n"  # type: ignore[attr-defined]  # a streaming answer
    assert [
        other.get(f"/ui/jobs/{job.pk}/file/").status_code,
        admin.get(f"/ui/jobs/{job.pk}/file/").status_code,
    ] == [
        404,
        404,
    ]
    assert other.get(f"/ui/jobs/{job.pk}/progress/").status_code == 404
    assert "manager" not in other.get("/ui/jobs/").content.decode()
    assert FirmEntry.objects.filter(verb="ui.fetch_job").count() == 1
    Job.objects.update(expires_at=NOW - dt.timedelta(days=30))
    assert browser.get(f"/ui/jobs/{job.pk}/file/").status_code == 404
    jobs_running.sweep(timezone.now())
    assert not job.path.exists()


def test_progress_ends_by_286_and_aml_jobs_are_theirs(
    kinds: list[int], log_in: Callable[..., Client]
) -> None:
    from keepwell.desk.people.models import User

    officer, admin = log_in("aml_hq"), log_in("admin")
    job = start(User.objects.get(username="aml_hq"))
    assert officer.get(f"/ui/jobs/{job.pk}/progress/").status_code == 200
    assert admin.get(f"/ui/jobs/{job.pk}/progress/").status_code == 404
    jobs_running.work_off()
    assert officer.get(f"/ui/jobs/{job.pk}/progress/").status_code == 286
    assert not FirmEntry.objects.filter(verb__startswith="ui.").exists()


def test_a_desk_without_jobs_says_so(log_in: Callable[..., Client]) -> None:
    assert "没有后台任务。" in log_in("manager").get("/ui/jobs/").content.decode()


def test_a_job_of_an_ended_login_is_not_done(kinds: list[int], make_user: Callable[..., Any]) -> None:
    user = make_user("manager")
    job = start(user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    jobs_running.work_off()
    job.refresh_from_db()
    assert job.state == "failed"
    assert kinds == []
