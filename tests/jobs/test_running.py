"""Jobs are done at least once, and what they write is kept exactly once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal import clock as portal_clock
from portal import events
from portal.events import Event
from portal.jobs import running, sweeping
from portal.jobs.models import Job, JobState
from portal.jobs.registry import KINDS, Kind, job
from portal.jobs.running import Stopped, pause_after, run_next
from portal.jobs.service import LeaseLost, enqueue, progress
from portal.jobs.sweeping import ask_for_periodic, sweep
from portal.notifications.models import Notice
from portal.tenants import Tenant
from portal.testing.fixtures import Clock

Register = Callable[..., Kind]
New = sessionmaker[Session]


def write(session: Session, title: str) -> None:
    """Leave a row behind, so that one sees whether the work was kept."""
    session.add(
        Notice(kind="notice", title=title, created_at=portal_clock.now(), params={})
    )
    session.flush()


def titles(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Notice.title).order_by(Notice.id)))


def the_job(session: Session) -> Job:
    session.expire_all()
    return session.scalars(select(Job)).one()


def ask(session: Session, name: str, **args: Any) -> Job:
    wanted = enqueue(session, name, args)
    session.commit()
    return wanted


def test_a_job_does_its_work_in_its_county(
    session: Session, tenant: Tenant, new: New, kind: Register
) -> None:
    kind("greet", lambda session, *, whom: write(session, f"您好,{whom}"))
    ask(session, "greet", whom="陈晓燕")

    assert run_next(new)
    assert titles(session) == ["您好,陈晓燕"]
    assert the_job(session).state == JobState.DONE
    assert not run_next(new)


def test_a_job_that_is_rolled_back_never_was(
    session: Session, tenant: Tenant, new: New, kind: Register
) -> None:
    kind("greet", lambda session: None)
    enqueue(session, "greet")
    session.rollback()

    assert not run_next(new)


def test_what_a_job_returns_is_kept(
    session: Session, tenant: Tenant, new: New, kind: Register
) -> None:
    kind("count", lambda session: {"rows": 3})
    ask(session, "count")
    run_next(new)

    assert the_job(session).result == {"rows": 3}


def test_a_job_waits_until_it_is_due(
    session: Session, tenant: Tenant, new: New, kind: Register, clock: Clock
) -> None:
    kind("later", lambda session: None)
    enqueue(session, "later", due_at=clock.at + timedelta(hours=1))
    session.commit()

    assert not run_next(new)
    clock.move(hours=1)
    assert run_next(new)


def test_one_key_is_one_job_also_after_it_was_done(
    session: Session, tenant: Tenant, new: New, kind: Register
) -> None:
    kind("once", lambda session: write(session, "一次"))
    for _ in range(3):
        enqueue(session, "once", unique_key="2024-09-02")
        session.commit()
        run_next(new)

    assert titles(session) == ["一次"]


def test_two_counties_may_use_the_same_key(
    session: Session, tenant: Tenant, other_tenant: Tenant, new: New, kind: Register
) -> None:
    kind("once", lambda session: None)
    first = enqueue(session, "once", unique_key="key")
    session.info["tenant_id"] = other_tenant.id
    second = enqueue(session, "once", unique_key="key")

    assert first.id != second.id


def test_a_kind_that_nobody_registered_cannot_be_asked_for(session: Session) -> None:
    with pytest.raises(KeyError):
        enqueue(session, "nothing")


def test_a_failure_keeps_nothing_but_the_error_and_is_tried_again_later(
    session: Session, tenant: Tenant, new: New, kind: Register, clock: Clock
) -> None:
    def fail_once(session: Session) -> None:
        write(session, "写到一半")
        if not tries:
            tries.append(1)
            raise OSError("邮件服务器没有应答")

    tries: list[int] = []
    kind("mail", fail_once)
    ask(session, "mail")

    assert run_next(new)
    assert titles(session) == []
    assert the_job(session).state == JobState.QUEUED
    assert the_job(session).error == "OSError: 邮件服务器没有应答"
    assert not run_next(new), "it waits before it tries again"

    clock.move(seconds=10)
    assert run_next(new)
    assert titles(session) == ["写到一半"]
    assert the_job(session).state == JobState.DONE
    assert the_job(session).error == ""


def test_a_job_that_always_fails_is_given_up_and_keeps_its_error(
    session: Session, tenant: Tenant, new: New, kind: Register, clock: Clock
) -> None:
    def fail(session: Session) -> None:
        raise ValueError("坏数据")

    kind("bad", fail, attempts=3)
    ask(session, "bad")
    for _ in range(5):
        run_next(new)
        clock.move(hours=2)

    assert the_job(session).state == JobState.FAILED
    assert the_job(session).attempts == 3
    assert the_job(session).error == "ValueError: 坏数据"


def test_one_bad_job_holds_up_no_other(
    session: Session, tenant: Tenant, new: New, kind: Register
) -> None:
    def fail(session: Session) -> None:
        raise ValueError

    kind("bad", fail)
    kind("good", lambda session: write(session, "好"))
    ask(session, "bad")
    ask(session, "good")

    assert run_next(new)
    assert run_next(new)
    assert titles(session) == ["好"]


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 10), (2, 40), (3, 160), (6, 3600), (500, 3600)]
)
def test_the_pause_grows_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert pause_after(attempts) == timedelta(seconds=seconds)


# A worker that is lost


def test_a_job_whose_worker_was_killed_is_done_by_the_next(
    session: Session, tenant: Tenant, new: New, kind: Register, clock: Clock
) -> None:
    kind("greet", lambda session: write(session, "您好"))
    ask(session, "greet")
    assert running._claim(new) is not None, "and then kill -9"

    assert sweep(new) == 0, "its lease has not run out"
    clock.move(seconds=61)
    assert sweep(new) == 1
    assert run_next(new)
    assert titles(session) == ["您好"]
    assert the_job(session).attempts == 2


def test_a_sweep_in_between_cannot_make_a_work_count_twice(
    session: Session, tenant: Tenant, new: New, kind: Register, clock: Clock
) -> None:
    def slow(session: Session) -> None:
        if the_job(session).attempts == 1:
            clock.move(minutes=5)
            write(session, "睡着的人写的")
            session.rollback()
            sweep(new)
            return
        write(session, "接手的人写的")

    kind("slow", slow)
    ask(session, "slow")

    assert run_next(new)
    assert the_job(session).state == JobState.QUEUED
    assert run_next(new)
    assert titles(session) == ["接手的人写的"]


def test_a_job_that_ends_its_workers_is_parked(
    session: Session, tenant: Tenant, new: New, kind: Register, clock: Clock
) -> None:
    kind("poison", lambda session: None, attempts=2)
    ask(session, "poison")
    for _ in range(2):
        assert running._claim(new) is not None
        clock.move(minutes=2)
        sweep(new)

    assert the_job(session).state == JobState.FAILED
    assert the_job(session).error.startswith("lost")
    assert not run_next(new)


def test_a_worker_that_is_asked_to_end_puts_its_job_back(
    session: Session, tenant: Tenant, new: New, kind: Register
) -> None:
    def interrupted(session: Session) -> None:
        write(session, "写到一半")
        raise Stopped

    kind("long", interrupted)
    ask(session, "long")

    with pytest.raises(Stopped):
        run_next(new)
    assert titles(session) == []
    assert the_job(session).state == JobState.QUEUED
    assert the_job(session).attempts == 0


# Progress


def test_progress_keeps_what_was_done_and_renews_the_lease(
    session: Session, tenant: Tenant, new: New, kind: Register, clock: Clock
) -> None:
    def steps(session: Session) -> None:
        for number in range(1, 4):
            write(session, f"第{number}步")
            clock.move(seconds=50)
            progress(session, number, 3)
        raise ValueError

    kind("steps", steps)
    ask(session, "steps")
    run_next(new)

    assert titles(session) == ["第1步", "第2步", "第3步"]
    assert (the_job(session).done, the_job(session).total) == (3, 3)


def test_progress_tells_a_worker_that_its_job_was_taken_over(
    session: Session, tenant: Tenant, new: New, kind: Register, clock: Clock
) -> None:
    heard: list[type[Exception]] = []

    def sleepy(session: Session) -> None:
        clock.move(minutes=5)
        sweep(new)
        try:
            progress(session, 1, 2)
        except LeaseLost as error:
            heard.append(type(error))
            raise

    kind("sleepy", sleepy)
    ask(session, "sleepy")
    run_next(new)

    assert heard == [LeaseLost]
    assert the_job(session).state == JobState.QUEUED


def test_progress_outside_of_a_job_commits_nothing(
    session: Session, tenant: Tenant
) -> None:
    write(session, "页面里的")
    progress(session, 1, 2)
    session.rollback()

    assert titles(session) == []


# Periodic jobs


def test_a_periodic_job_is_asked_for_once_in_its_span_in_every_county(
    session: Session,
    tenant: Tenant,
    other_tenant: Tenant,
    new: New,
    kind: Register,
    clock: Clock,
) -> None:
    def tell(session: Session) -> None:
        counties.append(session.info["tenant_id"])

    counties: list[int] = []
    kind("hourly", tell, every=timedelta(hours=1))
    for _ in range(3):
        ask_for_periodic(new)
    while run_next(new):
        pass
    assert sorted(counties) == sorted([tenant.id, other_tenant.id])

    clock.move(hours=1)
    ask_for_periodic(new)
    while run_next(new):
        pass
    assert len(counties) == 4


def test_a_span_has_one_name_from_its_first_to_its_last_second(clock: Clock) -> None:
    hourly = Kind("hourly", lambda session: None, every=timedelta(hours=1))
    first, last = clock.at, clock.at + timedelta(minutes=59, seconds=59)

    assert sweeping.occasion(hourly, first) == sweeping.occasion(hourly, last)
    assert sweeping.occasion(hourly, first) != sweeping.occasion(
        hourly, first + timedelta(hours=1)
    )


def test_jobs_done_long_ago_are_tidied_away_and_failed_ones_stay(
    session: Session, tenant: Tenant, new: New, clock: Clock
) -> None:
    for state in (JobState.DONE, JobState.FAILED):
        session.add(
            Job(
                name="x",
                args={},
                state=state,
                due_at=clock.at,
                created_at=clock.at,
                finished_at=clock.at,
            )
        )
    session.commit()
    clock.move(days=91)
    ask(session, "jobs.tidy")
    run_next(new)

    kept = session.scalars(select(Job.state).where(Job.name == "x")).all()
    assert kept == [JobState.FAILED]


def test_what_a_job_publishes_is_told_after_its_commit(
    session: Session,
    tenant: Tenant,
    new: New,
    kind: Register,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def receive(session: Session, event: Event) -> None:
        heard.append((event, titles(session)))

    def work(session: Session) -> None:
        write(session, "写好了")
        events.publish(session, happened)

    heard: list[tuple[Event, list[str]]] = []
    happened = Event(tenant_id=tenant.id, organisation_id=1, at=clock.at)
    monkeypatch.setattr(events, "_receivers", [(Event, receive)])
    kind("tell", work)
    ask(session, "tell")
    run_next(new)

    assert heard == [(happened, ["写好了"])]


def test_a_name_belongs_to_one_function() -> None:
    def first(session: Session) -> None: ...

    def second(session: Session) -> None: ...

    try:
        job("tests.name")(first)
        with pytest.raises(ValueError, match=r"tests\.name"):
            job("tests.name")(second)
    finally:
        KINDS.pop("tests.name")
