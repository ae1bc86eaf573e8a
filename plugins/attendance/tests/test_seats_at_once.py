"""Two officers at the same moment: the last seat is one person's, one request decided.

These tests commit for real: two requests at once need two transactions.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from portal_attendance.models import Base
from portal_attendance.seat_models import Naming, Seats
from sqlalchemy import select

from portal.db import Base as CoreBase
from portal.db import db
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User

LastSeat = tuple[Any, list[FlaskClient], list[User]]


@pytest.fixture
def app(shared_app: Flask, clock: Clock) -> Iterator[Flask]:
    """The app on its own engine; what the test wrote is deleted at the end."""
    yield shared_app
    with shared_app.app_context(), db.engine.begin() as connection:
        for metadata in (Base.metadata, CoreBase.metadata):
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())


def at_once(windows: list[FlaskClient], page: str, data: list[dict[str, str]]) -> Any:
    """Post from each window at the same moment; the answers."""
    with ThreadPoolExecutor(len(windows)) as threads:
        sent = [
            threads.submit(window.post, page, data=one)
            for window, one in zip(windows, data, strict=True)
        ]
    return [one.result() for one in sent]


def naming_page(morning: Any) -> str:
    """Where somebody is named for the seat."""
    (number,) = morning.session.scalars(select(Seats.id))
    return str(morning.url(f"/naming/{number}"))


@pytest.fixture
def last_seat(
    morning: Any,
    school: Organisation,
    school_officer: User,
    as_user: AsUser,
) -> LastSeat:
    """One seat of the school, its two officers, and two teachers."""
    morning.add()
    second = factories.make_user(morning.session, "林志远", school=school)
    factories.give_role(morning.session, second, "vice_head_training", school)
    teachers = [
        factories.make_user(morning.session, name, school=school)
        for name in ("孙芳", "李娜")
    ]
    school_id = str(school.id)
    leader = morning.browser("leader")
    morning.session.commit()
    leader.post(morning.url("/seats/deadline"), data={"day": "2024-09-03"})
    answer = leader.post(
        morning.url("/seats/new"), data={"schools": school_id, "number": "1"}
    )
    assert answer.status_code == 303, answer.text
    windows = [as_user(school_officer), as_user(second)]
    morning.session.commit()
    return morning, windows, teachers


def test_the_last_seat_is_given_once(
    last_seat: LastSeat,
) -> None:
    morning, windows, teachers = last_seat
    people = [{"person": str(one.id)} for one in teachers]
    page = naming_page(morning)
    morning.session.commit()

    answers = at_once(windows, page, people)

    assert {one.status_code for one in answers} == {303}
    named = morning.session.scalars(select(Naming).where(Naming.stands.is_(True))).all()
    assert len(named) == 1
    told = [window.get(morning.url("/naming")).text for window in windows]
    morning.session.commit()
    assert sum("名额已经报满" in words for words in told) == 1


def test_one_teacher_named_by_two_is_named_once(
    last_seat: LastSeat,
) -> None:
    morning, windows, teachers = last_seat
    page = naming_page(morning)
    person = {"person": str(teachers[0].id)}
    morning.session.commit()

    answers = at_once(windows, page, [person, person])

    assert {one.status_code for one in answers} == {303}
    named = morning.session.scalars(select(Naming)).all()
    assert [one.name for one in named] == ["孙芳"]
    morning.session.commit()
