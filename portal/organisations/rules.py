"""Who sees and may do what in the tree, and with the people posted in it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    bindparam,
    cast,
    false,
    null,
    or_,
    select,
)
from sqlalchemy.orm import object_session

from portal import clock
from portal.organisations.models import Membership, Organisation, Posting, Role
from portal.organisations.queries import lasts
from portal.permissions import Actor, Grant, Permission, grant_source, register
from portal.users.models import User

CHINA = ZoneInfo("Asia/Shanghai")


@grant_source(
    select(
        Membership.role,
        Role.permissions,
        Organisation.path,
        cast(null(), Integer),
        cast(null(), Integer),
    )
    .join(Organisation, Membership.organisation_id == Organisation.id)
    .join(Role, Role.code == Membership.role)
    .where(
        Membership.user_id == bindparam("user_id"),
        lasts(Membership, bindparam("today", type_=Date)),
    )
)
def role_in_the_tree(
    role: str,
    permissions: Sequence[str] | None,
    branch: str | None,
    _workshop_id: int | None,
    _group_id: int | None,
) -> Grant:
    """A role that the person holds in an organisation today."""
    return Grant(role, frozenset(permissions or ()), branch=branch)


def below(branches: Iterable[str]) -> ColumnElement[bool]:
    """The organisations at or below any of these paths."""
    tests = [Organisation.path.startswith(path) for path in branches]
    return or_(*tests) if tests else false()


class OrganisationRule:
    """A permission holds in the branches it was given for.

    One sees an organisation in whose branch one holds a role of whatever kind.
    """

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The organisations where `actor` holds `permission`."""
        return and_(
            Organisation.tenant_id == actor.tenant_id,
            below(self._branches(actor, permission)),
        )

    def allows(self, actor: Actor, permission: Permission, row: Organisation) -> bool:
        """Whether `actor` holds `permission` there."""
        return row.tenant_id == actor.tenant_id and any(
            row.path.startswith(path) for path in self._branches(actor, permission)
        )

    @staticmethod
    def _branches(actor: Actor, permission: Permission) -> tuple[str, ...]:
        if permission == Permission.VIEW:
            return tuple(grant.branch for grant in actor.grants if grant.branch)
        return actor.branches(permission)


class UserRule:
    """People are where they are posted, at home and at work alike.

    One sees oneself and those posted in branches where one holds `VIEW_PEOPLE`.
    Who holds a permission for the whole county holds it for people who are posted
    nowhere as well: those who left, those not placed yet.
    """

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The people with whom `actor` may do this."""
        if permission == Permission.VIEW:
            seen = self._placed(actor.branches(Permission.VIEW_PEOPLE))
            found = or_(User.id == actor.user_id, seen)
        else:
            found = self._placed(actor.branches(permission))
        return and_(User.tenant_id == actor.tenant_id, found)

    def allows(self, actor: Actor, permission: Permission, row: User) -> bool:
        """Whether `actor` may do this with the person."""
        session: Any = object_session(row)
        asked = select(User.id).where(User.id == row.id, self.where(actor, permission))
        return session.scalar(asked) is not None

    @staticmethod
    def _placed(branches: tuple[str, ...]) -> ColumnElement[bool]:
        if any(path.count("/") == 2 for path in branches):
            return User.id.is_not(None)
        posted = (
            select(Posting.user_id)
            .join(Organisation, Posting.organisation_id == Organisation.id)
            .where(lasts(Posting, _today()), below(branches))
        )
        return User.id.in_(posted)


def _today() -> date:
    """The date on which postings are looked at; a rule has no county at hand.

    All counties of China keep Beijing's time. A tenant set to another zone sees
    a new posting some hours early or late, and nothing else.
    """
    return clock.now().astimezone(CHINA).date()


register(Organisation, OrganisationRule())
register(User, UserRule())
