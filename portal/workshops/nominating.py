"""Whom an officer may name for a workshop, and who may name whom (features F041, F042).

A school's officer sees no workshop of the county. The permission to nominate lets
them name people of their own branch where a workshop above it asks for names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal import clock
from portal.organisations.models import Membership, Organisation, Posting, Role
from portal.organisations.queries import current_schools, lasts, today
from portal.organisations.rules import below
from portal.permissions import Actor, Permission
from portal.users.models import User, UserState
from portal.workshops.models import Enrolment
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


def candidates(session: Session, actor: Actor) -> Sequence[User]:
    """The people posted today in the branches for which the officer names."""
    return session.scalars(
        select(User)
        .where(_posted_below(actor, today(session)), User.state != UserState.SUSPENDED)
        .order_by(User.username_key)
    ).all()


def may_name(session: Session, actor: Actor, user: User) -> bool:
    """Whether the person is posted today in a branch for which the officer names."""
    wanted = select(User.id).where(
        User.id == user.id, _posted_below(actor, today(session))
    )
    return session.scalar(wanted) is not None


def _posted_below(actor: Actor, on: date) -> ColumnElement[bool]:
    places = select(Organisation.id).where(below(actor.branches(Permission.NOMINATE)))
    return User.id.in_(
        select(Posting.user_id).where(
            Posting.organisation_id.in_(places), lasts(Posting, on)
        )
    )


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
