"""What a plugin says that people owe: listed on My study until it is settled."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.workshops.models import Duty

LONGEST_TITLE = 120
"""Characters of a title that are kept."""


def owe(
    session: Session,
    activity_id: int,
    user_id: int,
    key: str,
    *,
    title: str,
    due: datetime,
    url: str,
) -> Duty:
    """Put a duty on the person's list; again, it gets the new title, date and page."""
    row = _duty(session, activity_id, user_id, key)
    row.title, row.due_at, row.url = title[:LONGEST_TITLE], due, url
    row.settled_at = None
    session.flush()
    return row


def settle(session: Session, activity_id: int, user_id: int, key: str) -> None:
    """Take the duty off the list, or the slot of that key; repeatable."""
    row = _duty(session, activity_id, user_id, key)
    row.settled_at = row.settled_at or clock.now()
    session.flush()


def _duty(session: Session, activity_id: int, user_id: int, key: str) -> Duty:
    row = session.scalars(
        select(Duty).where(
            Duty.activity_id == activity_id, Duty.user_id == user_id, Duty.key == key
        )
    ).one_or_none()
    if row is None:
        row = Duty(activity_id=activity_id, user_id=user_id, key=key)
        session.add(row)
    return row


def settled(
    session: Session, activity_ids: Iterable[int], user_ids: Iterable[int]
) -> set[tuple[int, int, str]]:
    """What these people settled there: (activity id, user id, key)."""
    rows = session.execute(
        select(Duty.activity_id, Duty.user_id, Duty.key).where(
            Duty.activity_id.in_(sorted(activity_ids)),
            Duty.user_id.in_(sorted(user_ids)),
            Duty.settled_at.is_not(None),
        )
    )
    return {(row.activity_id, row.user_id, row.key) for row in rows}
