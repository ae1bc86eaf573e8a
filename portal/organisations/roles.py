"""Giving and ending roles in the tree. Nobody gives more than they hold (V30)."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.errors import Forbidden, Invalid
from portal.organisations import queries
from portal.organisations.models import Membership, Organisation, Role
from portal.permissions import WORKSHOP_ROLES, Actor, Permission
from portal.users.models import User


def grant_role(
    session: Session,
    user: User,
    organisation: Organisation,
    role: str,
    *,
    by: Actor | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Give a person a role in an organisation and below it.

    Args:
        by: who gives it; None is the operator at the command line or the
            demonstration, from whom the first officer has their role.
        starts_on: the first day; None is today.
        ends_on: the first day no longer; None leaves it open.

    Raises:
        Forbidden: "no_self_grant"; "role_above_own" when the giver lacks a
            permission of the role there; else when they may give no roles there.
        Invalid: "unknown_role", "dates_reversed", "role_held_already".
    """
    starts_on = starts_on or queries.today(session)
    row = _role(session, role)
    if by is not None:
        _refuse_above(by, user, row, organisation)
    if ends_on is not None and ends_on <= starts_on:
        raise Invalid("dates_reversed")
    if _held(session, user, organisation, role, starts_on):
        raise Invalid("role_held_already")
    membership = Membership(
        user_id=user.id,
        organisation_id=organisation.id,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by_id=by.user_id if by else None,
    )
    session.add(membership)
    session.flush()
    record(
        session,
        by.user_id if by else None,
        "role.granted",
        user,
        role=role,
        organisation_id=organisation.id,
    )
    return membership


def end_membership(
    session: Session,
    membership: Membership,
    *,
    by: Actor | None,
    on: date | None = None,
) -> None:
    """End a role from a day on, today if none is given.

    Who could not give a role cannot take it either, and nobody ends their own: the
    last officer of a county would lock it.

    Raises:
        Forbidden: as `grant_role`.
    """
    on = on or queries.today(session)
    user, organisation = membership.user, membership.organisation
    if by is not None:
        _refuse_above(by, user, _role(session, membership.role), organisation)
    if membership.starts_on >= on:
        session.delete(membership)
    else:
        membership.ends_on = on
    session.flush()
    record(
        session,
        by.user_id if by else None,
        "role.ended",
        user,
        role=membership.role,
        organisation_id=organisation.id,
    )


def grantable(session: Session, by: Actor, organisation: Organisation) -> list[str]:
    """The roles that `by` can give in an organisation, by code."""
    if not by.within(Permission.GRANT_ROLES, organisation.path):
        return []
    rows = session.scalars(select(Role).order_by(Role.code))
    return [
        row.code
        for row in rows
        if row.code not in WORKSHOP_ROLES
        and not queries.lacking(by, row.permissions, organisation.path)
    ]


def _role(session: Session, code: str) -> Role:
    """A role of the tree; those of workshops are given by enrolling."""
    row = session.scalars(select(Role).where(Role.code == code)).one_or_none()
    if row is None or code in WORKSHOP_ROLES:
        raise Invalid("unknown_role", role=code)
    return row


def _refuse_above(by: Actor, user: User, role: Role, place: Organisation) -> None:
    if by.user_id == user.id:
        raise Forbidden("no_self_grant")
    if not by.within(Permission.GRANT_ROLES, place.path):
        raise Forbidden
    if missing := queries.lacking(by, role.permissions, place.path):
        raise Forbidden("role_above_own", permissions=", ".join(missing))


def _held(
    session: Session, user: User, organisation: Organisation, role: str, on: date
) -> bool:
    found = session.scalar(
        select(Membership.id).where(
            Membership.user_id == user.id,
            Membership.organisation_id == organisation.id,
            Membership.role == role,
            queries.lasts(Membership, on),
        )
    )
    return found is not None
