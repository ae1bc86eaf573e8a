"""The course that the tests of the credit path stand on."""

import pytest
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing.course import Course, make_course
from portal.testing.fixtures import Clock
from portal.users.models import User


@pytest.fixture
def course(
    session: Session,
    clock: Clock,
    county: Organisation,
    school: Organisation,
    school_officer: User,
    county_officer: User,
) -> Course:
    """A workshop of 18 hours and 3 credits, in its tenth week."""
    return make_course(session, clock, county, school, school_officer, county_officer)


@pytest.fixture
def second(course: Course, county: Organisation) -> Course:
    """Another workshop of the county, with the same officers."""
    return make_course(
        course.session,
        course.clock,
        county,
        course.school,
        course.checker,
        course.auditor,
    )
