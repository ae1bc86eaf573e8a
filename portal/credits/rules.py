"""Who sees claims, entries and lists, and who decides; never about oneself."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from portal.audit.subjects import called
from portal.credits.models import (
    CreditClaim,
    CreditEntry,
    CreditEvent,
    Publicity,
)
from portal.organisations.models import Organisation
from portal.organisations.rules import below
from portal.permissions import Actor, Permission, register
from portal.users.models import User

P = Permission

OFFICERS = (P.PRECHECK_CREDITS, P.AUDIT_CREDITS, P.PUBLISH_CREDITS, P.ADJUST_CREDITS)
"""Who holds one of these in a branch sees the credits of its teachers."""


class CreditRowRule:
    """The rule of claims and entries: both are about a person and a school.

    One sees one's own, and an officer those of the branch; a workshop's leader sees
    what became of its participants. An officer decides on others in the branch.
    """

    def __init__(self, model: type[CreditClaim | CreditEntry]) -> None:
        self._model = model

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The rows with which `actor` may do this."""
        mine = self._model.user_id == actor.user_id
        if permission is P.VIEW:
            branches = [path for each in OFFICERS for path in actor.branches(each)]
            reached = or_(mine, self._within(branches), self._led(actor))
        elif permission in OFFICERS:
            reached = and_(~mine, self._within(actor.branches(permission)))
        else:
            reached = false()
        return and_(self._model.tenant_id == actor.tenant_id, reached)

    def _within(self, branches: list[str] | tuple[str, ...]) -> ColumnElement[bool]:
        places = select(Organisation.id).where(below(branches))
        return self._model.organisation_id.in_(places)

    def _led(self, actor: Actor) -> ColumnElement[bool]:
        led = sorted(actor.workshops(P.EDIT_WORKSHOP))
        events = select(CreditEvent.id).where(CreditEvent.workshop_id.in_(led))
        return self._model.event_id.in_(events)

    def allows(
        self, actor: Actor, permission: Permission, row: CreditClaim | CreditEntry
    ) -> bool:
        """The same about one row."""
        mine = row.user_id == actor.user_id
        path = row.organisation.path
        if row.tenant_id != actor.tenant_id:
            return False
        if permission is P.VIEW:
            led = row.event.workshop_id in actor.workshops(P.EDIT_WORKSHOP)
            return mine or led or any(actor.within(each, path) for each in OFFICERS)
        if permission in OFFICERS:
            return not mine and actor.within(permission, path)
        return False


class PublicityRule:
    """A list is for everybody in the county to see; officers of the county publish."""

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The lists with which `actor` may do this."""
        mine = Publicity.tenant_id == actor.tenant_id
        return and_(mine, true() if _reaches(actor, permission) else false())

    def allows(self, actor: Actor, permission: Permission, row: Publicity) -> bool:
        """The same about one list."""
        return row.tenant_id == actor.tenant_id and _reaches(actor, permission)


def _reaches(actor: Actor, permission: Permission) -> bool:
    return permission is P.VIEW or (
        permission is P.PUBLISH_CREDITS and actor.holds(permission)
    )


register(CreditClaim, CreditRowRule(CreditClaim))
register(CreditEntry, CreditRowRule(CreditEntry))
register(Publicity, PublicityRule())
for _row in (CreditClaim, CreditEntry):
    called(_row.id, select(_row.id, User.name).join(User, User.id == _row.user_id))
