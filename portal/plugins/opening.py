"""Contexts where there is no request: for jobs and for what hears of events."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.activity import ActivityType
from portal.errors import NotFound
from portal.plugins.context import CoreContext
from portal.users.models import User
from portal.workshops.models import Activity


def open_activity(
    session: Session,
    kinds: dict[str, ActivityType],
    activity_id: int,
    user_id: int,
    *,
    now: datetime | None = None,
) -> CoreContext:
    """The context for jobs and events, where there is no request.

    Raises:
        NotFound: no such activity or person here, or its plugin is not working.
    """
    activity, user = session.get(Activity, activity_id), session.get(User, user_id)
    kind = kinds.get(activity.type) if activity else None
    if activity is None or user is None or kind is None:
        raise NotFound
    return CoreContext(session, activity, kind, user, now=now)
