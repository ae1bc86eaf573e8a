"""线下活动： events with sessions, sign-in by rotating code or list, and circulars."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.api import ActivityType, Event, Job, LeaveDecided, hookimpl
from portal_attendance.activity import Attendance
from portal_attendance.locking import lock_lists
from portal_attendance.upkeep import keep_all, leave_approved, look_for_leave

attendance = Attendance()


@hookimpl
def portal_activity_types() -> Iterable[ActivityType]:
    """One type: the event."""
    return [attendance]


@hookimpl
def portal_jobs() -> Iterable[Job]:
    """Announce and settle sessions; and what events missed."""
    return [
        Job("keep", timedelta(minutes=5), keep_all),
        Job("lock_lists", timedelta(minutes=5), lock_lists),
        Job("look_for_leave", timedelta(hours=1), look_for_leave),
    ]


@hookimpl
def portal_on_event(event: Event, session: Session) -> None:
    """Let leave that was approved later take the place of absences."""
    match event:
        case LeaveDecided(approved=True):
            leave_approved(session, event.user_id, event.starts_at, event.ends_at)
