"""A notice is seen by who got it and who sent it, and by nobody else."""

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import object_session

from portal.notifications.models import Notice, NoticeReceipt
from portal.permissions import Actor, Permission, register


class NoticeRule:
    """The recipients and the sender."""

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The notices with which `actor` may do this: look."""
        if permission is not Permission.VIEW:
            return false()
        got = select(NoticeReceipt.notice_id).where(
            NoticeReceipt.user_id == actor.user_id
        )
        return and_(
            Notice.tenant_id == actor.tenant_id,
            or_(Notice.sender_id == actor.user_id, Notice.id.in_(got)),
        )

    def allows(self, actor: Actor, permission: Permission, row: Notice) -> bool:
        """The same about one notice."""
        if permission is not Permission.VIEW or row.tenant_id != actor.tenant_id:
            return False
        session = object_session(row)
        assert session is not None
        key = (row.id, actor.user_id)
        return (
            row.sender_id == actor.user_id
            or session.get(NoticeReceipt, key) is not None
        )


register(Notice, NoticeRule())
