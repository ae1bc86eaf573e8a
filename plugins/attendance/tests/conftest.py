"""The fixtures: a training morning, a session that is over, a class with seats."""

from collections.abc import Callable

import pytest
from flask import Flask
from portal_attendance.models import Session as Meeting
from sqlalchemy.orm import Session

from plugins.attendance.tests.county_class import Class
from plugins.attendance.tests.morning import FIVE, AsUser, Morning
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users.models import User
from portal.workshops.models import Activity, Workshop


@pytest.fixture
def morning(
    app: Flask,
    session: Session,
    clock: Clock,
    county: Organisation,
    school: Organisation,
    workshop: Workshop,
    activity: Callable[..., Activity],
    learner: User,
    group_leader: User,
    workshop_leader: User,
    county_officer: User,
    as_user: AsUser,
) -> Morning:
    """An event with its theme, lecturer and place, and no session yet."""
    factories.enable_plugin(session, county, "attendance")
    other = factories.make_user(session, "赵敏", school=school)
    factories.enrol(session, workshop, other, "learner")
    people = {
        "learner": learner,
        "other": other,
        "group leader": group_leader,
        "leader": workshop_leader,
        "officer": county_officer,
    }
    clock.move(hours=1)
    made = activity("attendance", **FIVE)
    session.commit()
    return Morning(app, session, clock, made, people, as_user)


@pytest.fixture
def county_class(
    morning: Morning, school: Organisation, school_officer: User, as_user: AsUser
) -> Class:
    """A class that asks for teachers; its first session is on the third day."""
    morning.add()
    return Class(morning, school, school_officer, as_user)


@pytest.fixture
def meeting(morning: Morning) -> Meeting:
    """A session that is over: 陈晓燕 came late, 赵敏 not at all."""
    found = morning.open()
    morning.clock.move(minutes=25)
    morning.sign(found)
    morning.end(found)
    return found
