"""Who sees and settles imports and transfers."""

from sqlalchemy import ColumnElement, and_, or_, select

from portal.audit.subjects import called
from portal.organisations.models import Organisation
from portal.organisations.rules import below
from portal.permissions import Actor, Permission, register
from portal.roster.models import RosterImport, TransferRequest

P = Permission


class ImportRule:
    """Who manages the people of the whole branch that the import may fill."""

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The imports with which `actor` may do this."""
        branches = actor.branches(_asked(permission))
        places = select(Organisation.id).where(below(branches))
        return and_(
            RosterImport.tenant_id == actor.tenant_id,
            RosterImport.organisation_id.in_(places),
        )

    def allows(self, actor: Actor, permission: Permission, row: RosterImport) -> bool:
        """The same about one import."""
        return row.tenant_id == actor.tenant_id and actor.within(
            _asked(permission), row.organisation.path
        )


def _asked(permission: Permission) -> Permission:
    return P.MANAGE_PEOPLE if permission is P.VIEW else permission


class TransferRule:
    """Both schools see a request; it is settled by who stands above both."""

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The requests with which `actor` may do this."""
        asked = P.MANAGE_PEOPLE if permission is P.VIEW else permission
        places = select(Organisation.id).where(below(actor.branches(asked)))
        to = TransferRequest.to_organisation_id.in_(places)
        from_ = TransferRequest.from_organisation_id.in_(places)
        nowhere = TransferRequest.from_organisation_id.is_(None)
        if permission is P.VIEW:
            reached = or_(to, from_, self.where(actor, _SETTLE))
        else:
            reached = and_(to, or_(nowhere, from_))
        return and_(TransferRequest.tenant_id == actor.tenant_id, reached)

    def allows(
        self, actor: Actor, permission: Permission, row: TransferRequest
    ) -> bool:
        """The same about one request."""
        to = row.to_organisation.path
        from_ = row.from_organisation.path if row.from_organisation else None
        if row.tenant_id != actor.tenant_id:
            return False
        if permission is P.VIEW:
            places = [to] if from_ is None else [to, from_]
            managed = any(actor.within(P.MANAGE_PEOPLE, path) for path in places)
            return managed or self.allows(actor, _SETTLE, row)
        return actor.within(permission, to) and (
            from_ is None or actor.within(permission, from_)
        )


_SETTLE = P.SETTLE_TRANSFERS

register(RosterImport, ImportRule())
register(TransferRequest, TransferRule())
called(RosterImport.id, select(RosterImport.id, RosterImport.file_name))
