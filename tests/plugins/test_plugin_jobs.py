"""What a plugin does by the clock: in each county, with its own rows, contained."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activity import Job, JobContext
from portal.jobs.models import Job as JobRow
from portal.jobs.registry import KINDS
from portal.jobs.running import run_next
from portal.jobs.service import enqueue
from portal.plugins import pages
from portal.plugins.manager import PluginFailed
from portal.plugins.opening import run_job
from portal.testing import factories
from portal.testing.broken import Mischief
from portal.users.models import User
from portal.workshops.models import Activity, Duty, Workshop, WorkshopState

EVERY = timedelta(minutes=5)


@pytest.fixture
def journal(activity: Callable[..., Activity]) -> Activity:
    return activity("journal")


@pytest.fixture
def doing(shared_app: Flask, app: Flask, monkeypatch: Any) -> Iterator[Any]:
    """`doing(function)` gives the journal a job that does it."""
    plugins = shared_app.extensions["portal_plugins"]

    def install(run: Callable[[JobContext], None]) -> None:
        changed = replace(plugins.plugins["journal"], jobs=(Job("tidy", EVERY, run),))
        monkeypatch.setitem(plugins.plugins, "journal", changed)

    with app.app_context():
        yield install


def owe(job: JobContext) -> None:
    for ctx in job.activities("journal"):
        for person in ctx.participants():
            ctx.owe("tidy", person, job.now, "/x", title="整理")


def test_a_job_acts_for_everybody_in_open_workshops(
    session: Session, journal: Activity, learner: User, workshop: Workshop, doing: Any
) -> None:
    doing(owe)

    run_job(session, "journal", "tidy")

    assert session.scalars(select(Duty.user_id)).all() == [learner.id]
    workshop.state = WorkshopState.CLOSED
    session.flush()
    session.expire_all()
    seen: list[Any] = []
    doing(lambda job: seen.extend(job.activities("journal")))
    run_job(session, "journal", "tidy")
    assert seen == []


def test_a_job_leaves_alone_what_is_paused_and_what_is_anothers(
    session: Session, journal: Activity, doing: Any
) -> None:
    place = journal.workshop.organisation
    seen: list[Any] = []
    doing(lambda job: seen.extend(job.activities("quiz")))
    run_job(session, "journal", "tidy")
    factories.enable_plugin(session, place, "journal", enabled=False)
    doing(lambda job: seen.extend(job.activities("journal")))
    run_job(session, "journal", "tidy")
    assert seen == []


def test_a_job_that_fails_leaves_nothing_and_says_whose_it_was(
    session: Session, journal: Activity, learner: User, doing: Any, shared_app: Flask
) -> None:
    def owe_and_fail(job: JobContext) -> None:
        owe(job)
        raise Mischief("on purpose")

    doing(owe_and_fail)
    plugins = shared_app.extensions["portal_plugins"]
    plugins._propagate = False
    try:
        with pytest.raises(PluginFailed):
            run_job(session, "journal", "tidy")
    finally:
        plugins._propagate = True
    assert session.scalars(select(Duty)).all() == []


def test_the_worker_does_a_plugins_job(
    session: Session, journal: Activity, learner: User, doing: Any, app: Flask
) -> None:
    from portal.db import db

    doing(owe)
    pages.schedule("journal", Job("tidy", EVERY, owe))
    try:
        assert KINDS["journal.tidy"].every == EVERY
        enqueue(session, "journal.tidy")
        session.commit()
        assert run_next(db.sessionmaker)
    finally:
        KINDS.pop("journal.tidy")

    session.expire_all()
    assert session.scalars(select(Duty.user_id)).all() == [learner.id]
    assert session.scalars(select(JobRow.state)).all() == ["done"]


def test_a_job_comes_once_a_minute_at_most() -> None:
    with pytest.raises(ValueError, match="minute"):
        Job("tidy", timedelta(seconds=1), owe)
