"""What a plugin says that people owe: listed on My study until it is settled."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

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
    row = session.scalars(
        select(Duty).where(
            Duty.activity_id == activity_id, Duty.user_id == user_id, Duty.key == key
        )
    ).one_or_none()
    if row is None:
        row = Duty(activity_id=activity_id, user_id=user_id, key=key)
        session.add(row)
    row.title, row.due_at, row.url = title[:LONGEST_TITLE], due, url
    session.flush()
    return row


def settle(session: Session, activity_id: int, user_id: int, key: str) -> None:
    """Take the duty off the list; harmless when there is none."""
    session.execute(
        delete(Duty).where(
            Duty.activity_id == activity_id, Duty.user_id == user_id, Duty.key == key
        )
    )
