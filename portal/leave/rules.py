"""Who sees leave and decides on it; never one's own."""

from sqlalchemy import ColumnElement, and_, or_, select

from portal.audit.subjects import called
from portal.files.models import StoredFile
from portal.files.rules import reached_by
from portal.leave.models import Leave
from portal.organisations.models import Organisation
from portal.organisations.rules import below
from portal.permissions import Actor, Permission, register
from portal.users.models import User

P = Permission
_DECIDE = (P.APPROVE_LEAVE, P.APPROVE_LEAVE_FINALLY)


class LeaveRule:
    """One's own, and of others in one's branch what was put before the school."""

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The leaves with which `actor` may do this."""
        mine = Leave.user_id == actor.user_id
        if permission in _DECIDE:
            reached = and_(~mine, self._submitted_within(actor.branches(permission)))
        elif permission is P.VIEW:
            branches = [path for each in _DECIDE for path in actor.branches(each)]
            reached = or_(mine, self._submitted_within(tuple(branches)))
        else:
            reached = mine
        return and_(Leave.tenant_id == actor.tenant_id, reached)

    @staticmethod
    def _submitted_within(branches: tuple[str, ...]) -> ColumnElement[bool]:
        places = select(Organisation.id).where(below(branches))
        return and_(Leave.submitted_at.is_not(None), Leave.organisation_id.in_(places))

    def allows(self, actor: Actor, permission: Permission, row: Leave) -> bool:
        """The same about one leave."""
        mine = row.user_id == actor.user_id
        path = row.organisation.path
        submitted = row.submitted_at is not None
        if row.tenant_id != actor.tenant_id:
            return False
        if permission in _DECIDE:
            return not mine and submitted and actor.within(permission, path)
        if permission is P.VIEW:
            decides = any(actor.within(each, path) for each in _DECIDE)
            return mine or (submitted and decides)
        return mine


_rule = LeaveRule()
register(Leave, _rule)


@reached_by
def _proofs(actor: Actor) -> ColumnElement[bool]:
    """The proof of a leave is opened by whoever sees the leave."""
    seen = select(Leave.proof_file_id).where(
        Leave.proof_file_id.is_not(None), _rule.where(actor, P.VIEW)
    )
    return StoredFile.id.in_(seen)


called(Leave.id, select(Leave.id, User.name).join(User, User.id == Leave.user_id))
