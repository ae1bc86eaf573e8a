"""Reads with a name about leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.leave.models import Leave, LeaveState
from portal.organisations.models import Organisation
from portal.permissions import Actor, Permission, require, visible

P = Permission

RECENT = 50


def leave_for(
    session: Session, actor: Actor, leave_id: int, permission: Permission
) -> Leave:
    """The leave, for somebody who may do this with it.

    Raises:
        NotFound: there is none, or one does not see it.
        Forbidden: one sees it but may not do this.
    """
    found = session.get(Leave, leave_id)
    require(actor, permission, found)
    assert found is not None
    return found


def leaves_of(session: Session, user_id: int) -> Sequence[Leave]:
    """A person's leaves, the latest first."""
    return session.scalars(
        select(Leave)
        .where(Leave.user_id == user_id)
        .order_by(Leave.starts_at.desc(), Leave.id.desc())
    ).all()


def _waiting(actor: Actor) -> Select[Leave]:
    """What waits for this person, at either step."""
    at_school = visible(actor, Leave, P.APPROVE_LEAVE).with_only_columns(Leave.id)
    finally_ = visible(actor, Leave, P.APPROVE_LEAVE_FINALLY).with_only_columns(
        Leave.id
    )
    return select(Leave).where(
        or_(
            and_(Leave.state == LeaveState.AT_SCHOOL, Leave.id.in_(at_school)),
            and_(
                Leave.state == LeaveState.AT_BUREAU,
                Leave.id.in_(finally_),
                func.coalesce(Leave.school_by_id, 0) != actor.user_id,
            ),
        )
    )


def waiting(session: Session, actor: Actor) -> Sequence[Leave]:
    """What this person can decide now; what begins first comes first."""
    return session.scalars(
        _waiting(actor)
        .options(joinedload(Leave.user), joinedload(Leave.organisation))
        .order_by(Leave.starts_at, Leave.id)
    ).all()


def waiting_count(session: Session, actor: Actor) -> int:
    """How much this person can decide now."""
    return session.scalar(count_waiting(actor)) or 0


def count_waiting(actor: Actor) -> Select[int]:
    """The count of it, for the menu to ask together with others."""
    return select(func.count()).select_from(_waiting(actor).subquery())


def decided(session: Session, actor: Actor) -> Sequence[Leave]:
    """What this person let pass, approved or refused lately, newest first."""
    return session.scalars(
        visible(actor, Leave)
        .where(
            or_(
                Leave.school_by_id == actor.user_id,
                Leave.bureau_by_id == actor.user_id,
            )
        )
        .options(joinedload(Leave.user), joinedload(Leave.organisation))
        .order_by(func.coalesce(Leave.bureau_at, Leave.school_at).desc())
        .limit(RECENT)
    ).all()


def times_approved(
    session: Session, user_ids: Iterable[int], since: datetime
) -> dict[int, int]:
    """How often each of these people had leave that began since then."""
    rows = session.execute(
        select(Leave.user_id, func.count())
        .where(
            Leave.user_id.in_(list(user_ids)),
            Leave.state == LeaveState.APPROVED,
            Leave.starts_at >= since,
        )
        .group_by(Leave.user_id)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class SchoolCount:
    """How much approved leave the teachers of a school had."""

    school: Organisation
    people: int
    times: int


def approved_by_school(
    session: Session, actor: Actor, since: datetime
) -> list[SchoolCount]:
    """Approved leave that began since then, by school, the most first."""
    seen = visible(actor, Leave).with_only_columns(Leave.id)
    rows = session.execute(
        select(
            Organisation, func.count(func.distinct(Leave.user_id)), func.count(Leave.id)
        )
        .join(Leave, Leave.organisation_id == Organisation.id)
        .where(
            Leave.id.in_(seen),
            Leave.user_id != actor.user_id,
            Leave.state == LeaveState.APPROVED,
            Leave.starts_at >= since,
        )
        .group_by(Organisation.id)
        .order_by(func.count(Leave.id).desc(), Organisation.code)
    )
    return [SchoolCount(school, people, times) for school, people, times in rows]
