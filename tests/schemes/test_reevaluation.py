"""A new version: who gains and who loses, and moving to it without halves."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.completions.service import Report, record
from portal.db import db
from portal.errors import Conflict
from portal.jobs.models import Job, JobState
from portal.jobs.running import Stopped, run_next
from portal.schemes import comparison, reevaluation, service, versions
from portal.schemes.models import SchemeVersion, ScoreSheet
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.models import Activity, Workshop, WorkshopState

PEOPLE = 5


def document(points: int = 10, pass_mark: int = 20, most: int = 90) -> dict[str, Any]:
    title = {"zh": "考核方案", "en": "Scheme"}
    return {
        "format": 1,
        "title": title,
        "pass_mark": pass_mark,
        "items": [
            {
                "id": "journals",
                "title": title,
                "counts": [{"source": "journal", "measure": "entries"}],
                "steps": [
                    {"do": "price", "unit": 1, "points": points},
                    {"do": "cap", "limit": most},
                ],
            }
        ],
    }


@pytest.fixture
def new(app: Flask) -> Iterator[sessionmaker[Session]]:
    """Makes the sessions of a worker."""
    with app.app_context():
        yield db.sessionmaker


class Course:
    """A workshop in which the n-th of some learners wrote n journals."""

    def __init__(
        self, session: Session, workshop: Workshop, activity: Activity
    ) -> None:
        self.session, self.workshop, self.activity = session, workshop, activity
        self.first = versions.new_scheme(session, document=document(), by=None)
        versions.publish(session, self.first, by=None)
        workshop.scheme_version_id = self.first.id
        self.people = [factories.make_user(session, f"教师{n}") for n in range(PEOPLE)]
        for number, user in enumerate(self.people):
            factories.enrol(session, workshop, user)
            for week in range(number):
                self.report(user, f"week:{week}")
        session.commit()

    def report(self, user: User, key: str, entries: int = 1) -> None:
        record(
            self.session,
            Report(
                workshop_id=self.workshop.id,
                activity_id=self.activity.id,
                user_id=user.id,
                source="journal",
                key=key,
                revision=1,
                occurred_at=START,
                title="教学日志",
                measures={"entries": entries},
            ),
        )

    def next(self, **values: int) -> SchemeVersion:
        """A new version, published."""
        version = versions.draft_version(
            self.session, self.first.scheme, document(**values)
        )
        versions.publish(self.session, version, by=None)
        self.session.commit()
        return version

    def read(self) -> list[int]:
        """What everybody's total is, as pages read it, in a session of its own."""
        self.session.commit()
        self.session.expire_all()
        ids = [user.id for user in self.people]
        _, sheets = service.sheets_in(self.session, self.workshop, ids)
        _, marks = service.marks_in(self.session, self.workshop, ids)
        totals = [sheets[user_id].total for user_id in ids]
        assert totals == [marks[user_id].total for user_id in ids]
        self.session.commit()
        return [int(total) for total in totals]

    def stored(self) -> dict[int, tuple[int, Decimal]]:
        self.session.expire_all()
        rows = self.session.scalars(select(ScoreSheet))
        return {row.user_id: (row.scheme_version_id, row.total) for row in rows}


@pytest.fixture
def course(session: Session, workshop: Workshop, activity: Any) -> Course:
    return Course(session, workshop, activity("journal"))


def the_job(session: Session) -> Job:
    session.expire_all()
    return session.scalars(select(Job)).one()


# Before it is decided


def test_a_draft_says_who_gains_who_loses_and_who_qualifies(
    session: Session, course: Course, new: sessionmaker[Session]
) -> None:
    draft = versions.draft_version(
        session, course.first.scheme, document(points=12, pass_mark=36, most=36)
    )
    comparison.ask(session, draft, by=None)
    session.commit()
    assert run_next(new)
    job = comparison.asked(session, draft)
    assert job is not None
    session.refresh(job)
    found = comparison.compared(job)
    assert found is not None
    numbers = {user.id: n for n, user in enumerate(course.people)}
    assert found.people == PEOPLE
    gaining = [(numbers[each.user_id], each.gain) for each in found.gaining()]
    assert gaining == [(3, "6"), (2, "4"), (1, "2")]
    losing = [(numbers[each.user_id], each.gain) for each in found.losing()]
    assert losing == [(4, "-4")]
    assert (found.losing()[0].before, found.losing()[0].after) == ("40.0", "36.0")
    assert [numbers[s.user_id] for s in found.no_longer_qualified()] == [2]
    assert found.newly_qualified() == []
    assert course.read() == [0, 10, 20, 30, 40]


def test_an_answer_about_an_older_draft_is_none(
    session: Session, course: Course, new: sessionmaker[Session]
) -> None:
    draft = versions.draft_version(session, course.first.scheme, document(points=12))
    first = comparison.ask(session, draft, by=None)
    assert comparison.ask(session, draft, by=None).id == first.id
    versions.change_draft(session, draft, document(points=13))
    assert comparison.asked(session, draft) is None


# Moving


def test_everybody_moves_with_their_sheets(
    session: Session, course: Course, new: sessionmaker[Session], county_officer: User
) -> None:
    second = course.next(points=5)
    assert course.read() == [0, 10, 20, 30, 40]
    reevaluation.ask(session, second, by=county_officer.id)
    session.commit()
    assert run_next(new)
    assert course.read() == [0, 5, 10, 15, 20]
    assert course.stored() == {
        user.id: (second.id, 5 * n) for n, user in enumerate(course.people) if n
    }
    job = the_job(session)
    assert (job.state, job.done, job.total) == (JobState.DONE, 4, 4)
    assert course.workshop.scheme_version_id == second.id


def test_asked_twice_it_is_one_job(session: Session, course: Course) -> None:
    second = course.next(points=5)
    first = reevaluation.ask(session, second, by=None)
    assert reevaluation.ask(session, second, by=None).id == first.id


def test_nobody_moves_to_a_draft_or_to_what_was_replaced(
    session: Session, course: Course
) -> None:
    draft = versions.draft_version(session, course.first.scheme, document(points=5))
    for version in (draft, course.first):
        if version is course.first:
            course.next(points=6)
        with pytest.raises(Conflict) as refused:
            reevaluation.ask(session, version, by=None)
        assert refused.value.code == "scheme_not_published"


def test_a_closed_workshop_keeps_the_version_it_was_judged_by(
    session: Session, course: Course
) -> None:
    course.workshop.state = WorkshopState.CLOSED
    second = course.next(points=5)
    assert reevaluation.reevaluate(session, version_id=second.id) == {"sheets": 0}
    session.commit()
    assert course.workshop.scheme_version_id == course.first.id
    assert course.read() == [0, 10, 20, 30, 40]


def test_a_worker_that_stops_midway_leaves_no_halves_and_another_goes_on(
    session: Session,
    course: Course,
    new: sessionmaker[Session],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reevaluation, "STEP", 1)
    second = course.next(points=5)
    reevaluation.ask(session, second, by=None)
    session.commit()
    real = reevaluation.progress
    seen: list[list[int]] = []

    def interrupted(*args: Any) -> None:
        real(*args)
        seen.append(course.read())
        if len(seen) == 3:
            raise Stopped

    monkeypatch.setattr(reevaluation, "progress", interrupted)
    with pytest.raises(Stopped):
        run_next(new)
    monkeypatch.undo()
    assert {version for version, _ in course.stored().values()} == {
        course.first.id,
        second.id,
    }
    assert [*seen, course.read()] == [[0, 5, 10, 15, 20]] * 4
    assert run_next(new)
    assert {version for version, _ in course.stored().values()} == {second.id}
    assert the_job(session).result == {"sheets": 4}
    assert course.read() == [0, 5, 10, 15, 20]


def test_a_fact_that_comes_while_sheets_are_behind_is_counted(
    session: Session, course: Course
) -> None:
    second = course.next(points=5)
    reevaluation.move(session, second, by=None)
    session.commit()
    course.report(course.people[4], "week:9", entries=2)
    session.commit()
    assert course.read() == [0, 5, 10, 15, 30]
    assert course.stored()[course.people[4].id] == (second.id, 30)
    reevaluation.reevaluate(session, version_id=second.id)
    session.commit()
    assert course.read() == [0, 5, 10, 15, 30]


def test_what_was_reevaluated_equals_a_rebuild(
    session: Session, course: Course
) -> None:
    second = course.next(points=7, pass_mark=21)
    reevaluation.reevaluate(session, version_id=second.id)
    session.commit()
    before = {r.user_id: r.sheet for r in session.scalars(select(ScoreSheet))}
    service.rebuild(session, course.workshop)
    session.commit()
    after = {r.user_id: r.sheet for r in session.scalars(select(ScoreSheet))}
    assert {user_id: after[user_id] for user_id in before} == before
    assert sorted(s["qualified"] for s in before.values()) == [False, False, True, True]
