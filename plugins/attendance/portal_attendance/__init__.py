"""线下活动： events with sessions, sign-in by rotating code or list, and circulars."""

from collections.abc import Iterable

from portal.api import ActivityType, hookimpl
from portal_attendance.activity import Attendance

attendance = Attendance()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: the event."""
    return [attendance]
