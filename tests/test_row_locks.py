"""Locks on rows, as both databases take them."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.users.models import User
from portal.workshops.models import Enrolment


def test_a_row_that_was_loaded_with_others_can_be_locked(
    session: Session, learner: User
) -> None:
    """PostgreSQL refused to lock the empty side of the join: every judgement failed."""
    session.flush()
    session.expunge_all()
    found = session.scalars(
        select(Enrolment)
        .where(Enrolment.user_id == learner.id)
        .options(joinedload(Enrolment.user), joinedload(Enrolment.group))
    ).one()
    session.refresh(found, with_for_update=True)
    assert found.user.name == learner.name
