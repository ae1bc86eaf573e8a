"""Standing in for a group leader: taking over the group's queue for a time."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Invalid
from portal.users.models import User
from portal.workshops import parts
from portal.workshops.enrolment import must_be_kept_up
from portal.workshops.models import (
    Enrolment,
    StandIn,
    Workshop,
    WorkshopGroup,
    WorkshopRole,
)
from portal.workshops.rules import holds_at


def stand_in(
    session: Session,
    workshop: Workshop,
    group: WorkshopGroup,
    user: User,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    by_id: int | None,
) -> StandIn:
    """Let a person do a group leader's work in `[starts_at, ends_at)`.

    The leader keeps the role, so that both can work on what is left. The same again
    is the same.

    Raises:
        Invalid: the dates are reversed or past, the group belongs to another
            workshop, or the person leads the group anyway.
    """
    must_be_kept_up(workshop)
    if group.workshop_id != workshop.id:
        raise Invalid("group_of_another_workshop")
    if ends_at is not None and not max(starts_at, clock.now()) < ends_at:
        raise Invalid("stand_in_dates")
    if _leads(session, group, user):
        raise Invalid("leads_already", name=user.name)
    wanted = (group.id, user.id, starts_at, ends_at)
    for there in parts.stand_ins(session, workshop):
        if (there.group_id, there.user_id, there.starts_at, there.ends_at) == wanted:
            return there
    row = StandIn(
        group_id=group.id, user_id=user.id, starts_at=starts_at, ends_at=ends_at
    )
    session.add(row)
    session.flush()
    detail = {"user_id": user.id, "group_id": group.id}
    record(session, by_id, "stand_in.added", workshop, **detail)
    return row


def _leads(session: Session, group: WorkshopGroup, user: User) -> bool:
    """Whether the person leads the group anyway."""
    found = session.scalars(
        select(Enrolment.id).where(
            Enrolment.group_id == group.id,
            Enrolment.user_id == user.id,
            Enrolment.role == WorkshopRole.GROUP_LEADER,
            holds_at(Enrolment, clock.now()),
        )
    )
    return found.first() is not None


def end_stand_in(
    session: Session, workshop: Workshop, row: StandIn, *, by_id: int | None
) -> None:
    """Let standing in end now; one that has not begun never was."""
    if row.starts_at >= clock.now():
        session.delete(row)
    else:
        row.ends_at = clock.now()
    session.flush()
    record(
        session,
        by_id,
        "stand_in.ended",
        workshop,
        user_id=row.user_id,
        group_id=row.group_id,
    )
