"""Who may open a file: its owner, and whom a feature above says (promise V25).

`reached_by` lets features add a way: a submission's file is opened by whoever may
read the submission.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, literal, or_, select
from sqlalchemy.orm import object_session

from portal.files.models import StoredFile
from portal.permissions import Actor, Permission, register

Way = Callable[[Actor], ColumnElement[bool]]
_ways: list[Way] = []


def reached_by(way: Way) -> Way:
    """Decorator: this predicate on StoredFile opens files to an actor, too."""
    if way not in _ways:
        _ways.append(way)
    return way


class FileRule:
    """One predicate answers for a query and for a file in hand."""

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The files that `actor` may open; nobody may do anything else to one."""
        mine = StoredFile.owner_id == actor.user_id
        if permission is not Permission.VIEW:
            return mine
        return or_(mine, *(way(actor) for way in _ways))

    def allows(self, actor: Actor, permission: Permission, row: StoredFile) -> bool:
        """The same question about one file, put to the database."""
        session = object_session(row)
        assert session is not None
        found = select(literal(1)).where(
            StoredFile.id == row.id, self.where(actor, permission)
        )
        return session.scalar(found) is not None


register(StoredFile, FileRule())
