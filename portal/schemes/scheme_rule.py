"""Who reads a scheme, and who manages it."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from portal.audit.subjects import called
from portal.permissions import Actor, Permission, register
from portal.schemes.models import Scheme, SchemeVersion
from portal.workshops.models import Workshop
from portal.workshops.rules import WorkshopRule


class SchemeRule:
    """The county's schemes: everybody reads what they are judged by.

    A workshop's own is read by whoever sees the workshop, and managed by whoever may
    edit it.
    """

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The schemes with which `actor` may do this."""
        everybodys = permission is Permission.VIEW or actor.holds(permission)
        workshops = select(Workshop.id).where(
            _workshops.where(actor, _there(permission))
        )
        return and_(
            Scheme.tenant_id == actor.tenant_id,
            or_(
                Scheme.workshop_id.is_(None) if everybodys else false(),
                Scheme.workshop_id.in_(workshops),
            ),
        )

    def allows(self, actor: Actor, permission: Permission, row: Scheme) -> bool:
        """The same about one scheme."""
        if row.tenant_id != actor.tenant_id:
            return False
        if row.workshop is not None:
            return _workshops.allows(actor, _there(permission), row.workshop)
        return permission is Permission.VIEW or actor.holds(permission)


def _there(permission: Permission) -> Permission:
    """What must be held in the workshop to do this with a scheme of its own."""
    if permission is Permission.MANAGE_SCHEMES:
        return Permission.EDIT_WORKSHOP
    return permission


_workshops = WorkshopRule()
register(Scheme, SchemeRule())
called(Scheme.id, select(Scheme.id, Scheme.title))
called(
    SchemeVersion.id,
    select(SchemeVersion.id, Scheme.title).join(SchemeVersion.scheme),
)
