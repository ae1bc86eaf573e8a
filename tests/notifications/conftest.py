"""People of a second group and a leader beside them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.notifications.models import Notice, NoticeReceipt
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.users.models import User
from portal.workshops.models import Workshop, WorkshopGroup


@pytest.fixture
def other_group(session: Session, workshop: Workshop) -> WorkshopGroup:
    """The second group of the workshop."""
    return factories.make_group(session, workshop, "第二组")


@pytest.fixture
def stranger(
    session: Session,
    other_school: Organisation,
    workshop: Workshop,
    other_group: WorkshopGroup,
) -> User:
    """A learner of the second group."""
    user = factories.make_user(session, "赵小兰", school=other_school)
    factories.enrol(session, workshop, user, "learner", other_group)
    return user


@pytest.fixture
def outsider(session: Session, other_school: Organisation) -> User:
    """A teacher who is in no workshop."""
    return factories.make_user(session, "孙立", school=other_school)


@pytest.fixture
def got(session: Session) -> Callable[[Notice], set[str]]:
    """`got(notice)` names who received it."""

    def names(notice: Notice) -> set[str]:
        return set(
            session.scalars(
                select(User.name)
                .join(NoticeReceipt, NoticeReceipt.user_id == User.id)
                .where(NoticeReceipt.notice_id == notice.id)
            )
        )

    return names
