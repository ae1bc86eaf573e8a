"""K7: one achievement is one fact and one line, however often it is sent.

These tests commit for real, in a database of their own making: two requests at once
need two transactions.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.models import Completion
from portal.db import Base, db
from portal.plugins.manager import PluginManager
from portal.schemes.service import sheet_of
from portal.submissions.models import Submission, SubmissionVersion
from portal.testing.conftest import Trial
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User
from portal.workshops.models import Workshop


@pytest.fixture
def app(shared_app: Flask, clock: Clock) -> Iterator[Flask]:
    """The app on its own engine; what the test wrote is deleted at the end."""
    yield shared_app
    plugins: PluginManager = shared_app.extensions["portal_plugins"]
    bases = [kind.base for kind in plugins.kinds.values() if kind.base is not None]
    metadata = [*(base.metadata for base in bases), Base.metadata]
    with shared_app.app_context(), db.engine.begin() as connection:
        for table in (t for one in metadata for t in reversed(one.sorted_tables)):
            connection.execute(table.delete())


class Course:
    """One learner and one leader, and what the core says of them."""

    def __init__(
        self, session: Session, trial: Trial, learner: User, leader: FlaskClient
    ) -> None:
        self.session, self.trial = session, trial
        self.leader = leader
        self.user_id = learner.id
        session.commit()

    def facts(self) -> int:
        """How many facts stand."""
        found = self.session.scalars(
            select(Completion).where(Completion.user_id == self.user_id)
        ).all()
        newest = {fact.key: fact for fact in sorted(found, key=lambda f: f.revision)}
        self.session.commit()
        return sum(not fact.withdrawn for fact in newest.values())

    def total(self) -> Decimal:
        """The mark on the sheet."""
        workshop = self.session.get_one(Workshop, self.trial.workshop_id)
        sheet = sheet_of(self.session, workshop, self.user_id)
        self.session.commit()
        assert sheet is not None
        return sheet.total

    def versions(self) -> int:
        """How many versions there are."""
        found = len(self.session.scalars(select(SubmissionVersion.id)).all())
        self.session.commit()
        return found

    def judge(self, decision: str) -> None:
        """Let the leader decide about what was handed in."""
        given = self.session.scalars(select(Submission)).one()
        number, revision = given.id, given.revision
        self.session.commit()
        said = {"decision": decision, "advice": "请补充课堂实例", "score": "100"}
        answer = self.leader.post(
            f"/desk/{number}", data={**said, "revision": str(revision)}
        )
        assert answer.status_code == 303, answer.text

    def complete(self) -> None:
        """Let the leader accept it where handing in alone does not count."""
        if not self.facts():
            self.judge("accept")


@pytest.fixture
def course(
    session: Session,
    trial: Trial,
    learner: User,
    workshop_leader: User,
    as_user: AsUser,
) -> Course:
    """The activity with its learner and its leader."""
    return Course(session, trial, learner, as_user(workshop_leader))


def test_the_same_sample_twice_is_one_fact_and_one_line(
    trial: Trial, course: Course, hand_in: Any
) -> None:
    if trial.sample is None:
        return
    hand_in(form_key="first")
    course.complete()
    before = course.total()

    hand_in(form_key="first")
    hand_in(form_key="second")

    assert course.versions() == course.facts() == 1
    assert course.total() == before > 0


def test_the_same_sample_from_two_windows_at_once_is_one_fact_and_one_line(
    trial: Trial,
    course: Course,
    hand_in: Any,
    learner: User,
    as_user: AsUser,
) -> None:
    if trial.sample is None:
        return
    windows = {"left": as_user(learner), "right": as_user(learner)}
    with ThreadPoolExecutor(2) as threads:
        sent = [
            threads.submit(hand_in, window=window, form_key=key)
            for key, window in windows.items()
        ]
    answers = [one.result().status_code for one in sent]
    course.complete()

    assert set(answers) <= {303, 409}
    assert 303 in answers
    assert course.versions() == course.facts() == 1
    assert course.total() > 0


def test_a_return_takes_the_mark_back_and_a_revision_brings_it_again(
    trial: Trial, course: Course, hand_in: Any
) -> None:
    if trial.sample is None:
        return
    assert hand_in(form_key="first").status_code == 303
    course.complete()
    earned = course.total()

    course.judge("return")
    assert course.facts() == course.total() == 0

    hand_in(form_key="second", counter="0")
    course.complete()
    assert course.facts() == 1
    assert course.total() == earned
