"""Whom an officer may name for a workshop, and who may name whom (features F041, F042).

A school's officer sees no workshop of the county. The permission to nominate lets
them name people of their own branch where a workshop above it asks for names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.organisations.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Role,
)
from portal.organisations.queries import current_schools, lasts, today
from portal.organisations.rules import below
from portal.permissions import Actor, Permission, can
from portal.users.models import User
from portal.workshops.catchment import catchment, teachers
from portal.workshops.models import Enrolment, Workshop
from portal.workshops.rules import holds_at


@dataclass(frozen=True)
class Posted:
    """A person with the school where they teach and the roles they hold in the tree."""

    user: User
    school: Organisation | None
    roles: tuple[str, ...]


def posted(session: Session, user_ids: Sequence[int], on: date) -> list[Posted]:
    """These people with school and roles on a day, in three queries."""
    users = session.scalars(select(User).where(User.id.in_(user_ids))).all()
    schools = current_schools(session, user_ids, on)
    roles: dict[int, set[str]] = {}
    for user_id, role in session.execute(
        select(Membership.user_id, Membership.role).where(
            Membership.user_id.in_(user_ids), lasts(Membership, on)
        )
    ):
        roles.setdefault(user_id, set()).add(role)
    return [
        Posted(user, schools.get(user.id), tuple(sorted(roles.get(user.id, ()))))
        for user in users
    ]


def reach(actor: Actor, workshop: Workshop) -> tuple[str, ...]:
    """The branches from which this person names people for the workshop.

    Who manages its enrolment names in all of its catchment, an officer in the part
    of it that is theirs.
    """
    whole = catchment(workshop.organisation)
    if can(actor, Permission.MANAGE_ENROLMENT, workshop):
        return (whole,)
    if not can(actor, Permission.NOMINATE, workshop):
        return ()
    return _own_parts(actor, whole)


def _own_parts(actor: Actor, whole: str) -> tuple[str, ...]:
    """The parts of a catchment that lie in the person's branches."""
    branches = actor.branches(Permission.NOMINATE)
    return tuple(max(whole, each, key=len) for each in branches if _meet(whole, each))


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def candidates(session: Session, actor: Actor, workshop: Workshop) -> Sequence[User]:
    """The people posted today where this person names, by user name."""
    paths = reach(actor, workshop)
    if not paths:
        return []
    return session.scalars(teachers(session, paths).order_by(User.username_key)).all()


def may_name(session: Session, actor: Actor, workshop: Workshop, user: User) -> bool:
    """Whether the person is posted today where this one names."""
    paths = reach(actor, workshop)
    if not paths:
        return False
    return (
        session.scalar(teachers(session, paths).where(User.id == user.id)) is not None
    )


def schools(
    session: Session, actor: Actor, workshop: Workshop, *, while_open: bool = True
) -> Sequence[Organisation]:
    """The schools and central schools for which this person names, by code.

    Without `while_open` those in the person's charge, though the workshop takes no
    names any more: what was said of them stays theirs to read.
    """
    paths = (
        reach(actor, workshop)
        if while_open
        else _own_parts(actor, catchment(workshop.organisation))
    )
    return session.scalars(
        select(Organisation)
        .where(
            below(paths),
            Organisation.kind.in_(
                (OrganisationKind.SCHOOL, OrganisationKind.TOWNSHIP_ORG)
            ),
        )
        .order_by(Organisation.code)
    ).all()


def officers(session: Session, organisation_id: int) -> Sequence[User]:
    """Who holds, in this very organisation, a role that nominates."""
    on = today(session)
    held = session.execute(
        select(User, Role.permissions)
        .join(Membership, Membership.user_id == User.id)
        .join(Role, Role.code == Membership.role)
        .where(Membership.organisation_id == organisation_id, lasts(Membership, on))
        .order_by(User.username_key)
    )
    found = {row[0].id: row[0] for row in held if Permission.NOMINATE in row[1]}
    return list(found.values())


def place_of(
    session: Session, workshop_id: int, user_id: int, role: str
) -> Enrolment | None:
    """The person's enrolment in this role, where it holds now."""
    return session.scalars(
        select(Enrolment).where(
            Enrolment.workshop_id == workshop_id,
            Enrolment.user_id == user_id,
            Enrolment.role == role,
            holds_at(Enrolment, clock.now()),
        )
    ).one_or_none()
