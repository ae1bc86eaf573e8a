"""More time for one person or one group (延期), in one slot or in the activity."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Invalid
from portal.users.models import User
from portal.workshops.enrolment import must_be_kept_up
from portal.workshops.models import (
    Activity,
    Enrolment,
    Extension,
    WorkshopGroup,
    WorkshopRole,
)
from portal.workshops.rules import holds_at

MOST_HOURS = 24 * 180


@dataclass(frozen=True)
class MoreTime:
    """How much more; `slot_key` None is every slot of the activity."""

    hours: int
    slot_key: str | None = None
    reason: str = ""


def extend_for_person(
    session: Session,
    activity: Activity,
    user: User,
    more: MoreTime,
    *,
    by_id: int | None,
) -> Extension:
    """Give a learner more time; it replaces what the person had for the same slot.

    Raises:
        Conflict: the workshop is archived.
        Invalid: the hours are not from 1 to `MOST_HOURS`, or the person is no
            learner of the workshop.
    """
    found = session.scalars(
        select(Enrolment.id).where(
            Enrolment.workshop_id == activity.workshop_id,
            Enrolment.user_id == user.id,
            Enrolment.role == WorkshopRole.LEARNER,
            holds_at(Enrolment, clock.now()),
        )
    )
    if found.first() is None:
        raise Invalid("no_learner_here", name=user.name)
    row = session.scalars(
        select(Extension).where(
            Extension.activity_id == activity.id,
            Extension.user_id == user.id,
            Extension.slot_key == more.slot_key,
        )
    ).first()
    row = row or Extension(
        activity_id=activity.id, user_id=user.id, slot_key=more.slot_key
    )
    return _keep(session, activity, row, more, by_id=by_id)


def extend_for_group(
    session: Session,
    activity: Activity,
    group: WorkshopGroup,
    more: MoreTime,
    *,
    by_id: int | None,
) -> Extension:
    """Give a group more time; it replaces what the group had for the same slot.

    Raises:
        Conflict: the workshop is archived.
        Invalid: the hours are not from 1 to `MOST_HOURS`, or the group belongs to
            another workshop.
    """
    if group.workshop_id != activity.workshop_id:
        raise Invalid("group_of_another_workshop")
    row = session.scalars(
        select(Extension).where(
            Extension.activity_id == activity.id,
            Extension.group_id == group.id,
            Extension.slot_key == more.slot_key,
        )
    ).first()
    row = row or Extension(
        activity_id=activity.id, group_id=group.id, slot_key=more.slot_key
    )
    return _keep(session, activity, row, more, by_id=by_id)


def _keep(
    session: Session,
    activity: Activity,
    row: Extension,
    more: MoreTime,
    *,
    by_id: int | None,
) -> Extension:
    must_be_kept_up(activity.workshop)
    if not 1 <= more.hours <= MOST_HOURS:
        raise Invalid("extension_hours", maximum=MOST_HOURS)
    row.hours, row.reason, row.by_id = more.hours, more.reason.strip(), by_id
    session.add(row)
    session.flush()
    record(
        session,
        by_id,
        "extension.given",
        activity,
        user_id=row.user_id,
        group_id=row.group_id,
        hours=more.hours,
    )
    return row


def take_back(
    session: Session, activity: Activity, row: Extension, *, by_id: int | None
) -> None:
    """Take an extension back; what was handed in meanwhile keeps its timing."""
    must_be_kept_up(activity.workshop)
    session.delete(row)
    session.flush()
    record(
        session,
        by_id,
        "extension.taken_back",
        activity,
        user_id=row.user_id,
        group_id=row.group_id,
    )
