"""The two who approve leave, and one who does so elsewhere."""

import pytest
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing.factories import give_role, make_user
from portal.users.models import User


@pytest.fixture
def head_of_centre(session: Session, school: Organisation) -> User:
    """The head of the central school, who looks after the school."""
    user = make_user(session, "冯建国", school=school)
    give_role(session, user, "central_head", school)
    session.commit()
    return user


@pytest.fixture
def director(session: Session, county: Organisation) -> User:
    """The bureau's deputy director in charge."""
    user = make_user(session, "马春兰", school=county)
    give_role(session, user, "deputy_director", county)
    session.commit()
    return user


@pytest.fixture
def other_head(session: Session, other_school: Organisation) -> User:
    """The head who looks after another school."""
    user = make_user(session, "韩雪", school=other_school)
    give_role(session, user, "central_head", other_school)
    session.commit()
    return user
