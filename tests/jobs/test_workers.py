"""Several workers at one table, one of them killed: on real transactions."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from portal import clock as portal_clock
from portal.db import db
from portal.jobs.models import Job, JobState
from portal.jobs.registry import Kind
from portal.jobs.running import run_next
from portal.jobs.service import enqueue
from portal.jobs.sweeping import sweep
from portal.jobs.transport import Messages, messages
from portal.jobs.worker import drain

New = sessionmaker[Session]

DOOMED = """
import os, sys, time
from portal.app import create_app
from portal.db import db
from portal.jobs.registry import job
from portal.jobs.running import run_next

@job("doomed")
def doomed(session):
    print("begun", flush=True)
    time.sleep(60)

app = create_app({"DATABASE_URL": sys.argv[1]})
with app.app_context():
    print(run_next(db.sessionmaker), flush=True)
"""


@pytest.fixture
def real(shared_app: Flask) -> Iterator[New]:
    """Sessions with transactions of their own, whose jobs are deleted at the end."""
    with shared_app.app_context():
        yield db.sessionmaker
        with db.sessionmaker() as session:
            session.execute(delete(Job))
            session.commit()


def test_four_workers_do_each_job_once(
    shared_app: Flask, real: New, kind: Callable[..., Kind]
) -> None:
    def work() -> None:
        with shared_app.app_context():
            while run_next(real):
                pass

    done: list[int] = []
    kind("count", lambda session, *, number: done.append(number))
    with real() as session:
        for number in range(24):
            enqueue(session, "count", {"number": number})
        session.commit()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(done) == list(range(24))
    with real() as session:
        assert set(session.scalars(select(Job.attempts))) == {1}


def test_asked_for_by_two_at_once_a_key_is_one_job(
    real: New, kind: Callable[..., Kind]
) -> None:
    def ask() -> None:
        with real() as session:
            enqueue(session, "once", unique_key="key")
            session.commit()

    kind("once", lambda session: None)
    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    with real() as session:
        assert len(session.scalars(select(Job)).all()) == 1


def test_a_job_whose_worker_is_killed_is_done_by_another(
    shared_app: Flask, real: New, kind: Callable[..., Kind], tmp_path: Path
) -> None:
    kind("doomed", lambda session: {"by": "another"})
    with real() as session:
        enqueue(session, "doomed")
        session.commit()
    worker = start_doomed(shared_app, tmp_path)
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == "begun"

    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    assert not run_next(real), "the lease still runs"
    now = portal_clock.now()
    portal_clock.set_source(lambda: now + timedelta(minutes=2))
    try:
        assert sweep(real) == 1
        assert run_next(real)
    finally:
        portal_clock.set_source(None)

    with real() as session:
        found = session.scalars(select(Job)).one()
        assert (found.state, found.attempts) == (JobState.DONE, 2)
        assert found.result == {"by": "another"}


def start_doomed(app: Flask, folder: Path) -> subprocess.Popen[str]:
    """A worker in a process of its own, at this test's database."""
    secrets = ("SECRET_KEY", "ID_NUMBER_KEY", "CODE_PEPPER")
    settings = {f"PORTAL_{key}": str(app.config[key]) for key in secrets}
    url: Any = app.config["DATABASE_URL"]
    return subprocess.Popen(
        [sys.executable, "-c", DOOMED, url],
        env=os.environ | settings | {"PORTAL_INSTANCE": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_worker_does_all_that_is_due_in_one_round(
    shared_app: Flask, real: New, kind: Callable[..., Kind]
) -> None:
    done: list[int] = []
    kind("count", lambda session: done.append(1))
    with real() as session:
        enqueue(session, "count")
        enqueue(session, "count")
        session.commit()

    drain(shared_app)

    assert done == [1, 1]


# Messages


def test_a_commit_wakes_a_worker_and_a_rollback_too_at_worst(
    shared_app: Flask, real: New, kind: Callable[..., Kind]
) -> None:
    kind("count", lambda session: None)
    queue = messages(shared_app)
    while queue.wait(0.01):
        pass
    with real() as session:
        enqueue(session, "count")
        assert not queue.wait(0.01), "nobody is woken before the commit"
        session.commit()

    assert queue.wait(0.5)


def test_a_message_wakes_at_once_and_none_lets_wait(tmp_path: Path) -> None:
    queue = Messages(None, tmp_path)
    queue.wake()

    started = time.monotonic()
    assert queue.wait(5)
    assert time.monotonic() - started < 1
    assert not queue.wait(0.05)


def test_a_queue_that_is_gone_fails_nobody(tmp_path: Path) -> None:
    queue = Messages(None, tmp_path)
    queue._storage = None

    queue.wake()
    assert not queue.wait(0.05)
