"""Who comes into a workshop by hand, and who leaves it.

A row of `Enrolment` is never deleted: leaving ends it.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock, events
from portal.audit.service import record
from portal.errors import Conflict, Invalid
from portal.organisations.models import Organisation
from portal.users.models import User
from portal.workshops.models import (
    Enrolment,
    Project,
    Workshop,
    WorkshopGroup,
    WorkshopRole,
    WorkshopState,
)
from portal.workshops.rules import holds_at

TAKING = (WorkshopState.DRAFT, WorkshopState.OPEN)
"""The states in which a workshop takes people in."""


def enrol(
    session: Session,
    workshop: Workshop,
    user: User,
    *,
    role: str = WorkshopRole.LEARNER,
    group: WorkshopGroup | None = None,
    source: str = "hand",
    by_id: int | None = None,
) -> Enrolment:
    """Bring a person in; who left or was removed comes back. Repeating changes nothing.

    Raises:
        Conflict: the workshop is closed or archived.
        Invalid: the role is none, or the group belongs to another workshop.
    """
    must_take(workshop)
    if role not in frozenset(WorkshopRole):
        raise Invalid("no_workshop_role", role=role)
    if group is not None and group.workshop_id != workshop.id:
        raise Invalid("group_of_another_workshop")
    lock(session, Workshop, workshop.id)
    row = session.scalars(
        select(Enrolment).where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.user_id == user.id,
            Enrolment.role == role,
        )
    ).one_or_none()
    if row is not None and lasting(row):
        if group is not None:
            row.group_id = group.id
            row.group = group
        return row
    row = bring_in(session, workshop, user.id, row, role=role, source=source)
    if group is not None:
        row.group = group
    session.flush()
    if by_id is not None:
        record(session, by_id, "enrolment.added", workshop, user_id=user.id, role=role)
    return row


def bring_in(
    session: Session,
    workshop: Workshop,
    user_id: int,
    row: Enrolment | None,
    *,
    role: str,
    source: str,
) -> Enrolment:
    """Make the row, or let the one of a person who left hold again."""
    if row is None:
        row = Enrolment(
            workshop_id=workshop.id,
            user_id=user_id,
            role=role,
            source=source,
            starts_at=clock.now(),
        )
        session.add(row)
    else:
        row.ends_at, row.removed, row.removal_reason = None, False, ""
        row.source = source
    if workshop.state == WorkshopState.OPEN:
        tell_enrolled(session, workshop, user_id)
    return row


def remove(
    session: Session, enrolment: Enrolment, *, reason: str, by_id: int | None
) -> None:
    """End a role by hand. The person keeps what they did; the rule leaves them out.

    Raises:
        Invalid: no reason is given.
        Conflict: the workshop is archived.
    """
    if not reason.strip():
        raise Invalid("removal_reason_missing")
    workshop = enrolment.workshop
    must_be_kept_up(workshop)
    if not lasting(enrolment):
        return
    enrolment.ends_at = clock.now()
    enrolment.removed = True
    enrolment.removal_reason = reason.strip()
    session.flush()
    record(
        session,
        by_id,
        "enrolment.removed",
        workshop,
        user_id=enrolment.user_id,
        role=enrolment.role,
    )
    if workshop.state == WorkshopState.OPEN and not is_in(
        session, workshop, enrolment.user_id
    ):
        events.publish(
            session,
            events.Withdrawn(
                tenant_id=workshop.tenant_id,
                organisation_id=workshop.organisation_id,
                at=clock.now(),
                workshop_id=workshop.id,
                workshop_title=workshop.title,
                user_id=enrolment.user_id,
            ),
        )


def is_in(session: Session, workshop: Workshop, user_id: int) -> bool:
    """Whether the person has any role in the workshop at present."""
    found = session.scalars(
        select(Enrolment.id).where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.user_id == user_id,
            holds_at(Enrolment, clock.now()),
        )
    )
    return found.first() is not None


def lasting(enrolment: Enrolment) -> bool:
    """Whether the enrolment has not ended."""
    return enrolment.ends_at is None or enrolment.ends_at > clock.now()


def lock(
    session: Session, model: type[Workshop | Project | Organisation], key: int
) -> None:
    """Let one transaction at a time add to what belongs to this row."""
    session.execute(select(model.id).where(model.id == key).with_for_update())


def must_take(workshop: Workshop) -> None:
    """Refuse to enrol where nobody comes in any more.

    Raises:
        Conflict: the workshop is closed or archived.
    """
    if workshop.state not in TAKING:
        raise Conflict("workshop_takes_nobody", title=workshop.title)


def must_be_kept_up(workshop: Workshop) -> None:
    """Refuse to change what was put away.

    Raises:
        Conflict: the workshop is archived.
    """
    if workshop.state == WorkshopState.ARCHIVED:
        raise Conflict("workshop_archived", title=workshop.title)


def tell_enrolled(session: Session, workshop: Workshop, user_id: int) -> None:
    """Publish that the person is in; only what is open is told of."""
    events.publish(
        session,
        events.Enrolled(
            tenant_id=workshop.tenant_id,
            organisation_id=workshop.organisation_id,
            at=clock.now(),
            workshop_id=workshop.id,
            workshop_title=workshop.title,
            user_id=user_id,
        ),
    )
