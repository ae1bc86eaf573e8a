"""How far a person has come in each activity, told by the features above.

Workshops know no submissions: whoever does registers a source, and the workshop page
asks it. Without an answer for an activity its own dates speak.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.workshops.models import Activity


class Standing(StrEnum):
    """Where a person stands in an activity, the most pressing word first said."""

    NOT_OPEN = "not_open"
    RUNNING = "running"
    """It is on, and nobody knows of anything that is owed."""
    OPEN = "open"
    DRAFT = "draft"
    HANDED_IN = "handed_in"
    DONE = "done"
    """Its plugin settled it; there was nothing to hand in."""
    RETURNED = "returned"
    HELD = "held"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    LATE = "late"
    MISSED = "missed"
    EXEMPT = "exempt"
    OVER = "over"
    """It is over, and nobody knows of anything that was owed."""


@dataclass(frozen=True)
class Progress:
    """One person in one activity.

    `due` is the date that comes next, None when nothing more is due. An activity
    with several slots counts in `owed` what is owed in all and in `done` what was
    handed in and counts.
    """

    standing: Standing
    due: datetime | None = None
    done: int = 0
    owed: int = 0


Source = Callable[[Session, int, Sequence[Activity]], Mapping[int, Progress]]

_sources: list[Source] = []


def progress_source(source: Source) -> Source:
    """Decorator: ask this function (session, user id, activities) for progress.

    It answers by activity id and may leave activities out.
    """
    if source not in _sources:
        _sources.append(source)
    return source


def progress_of(
    session: Session, user_id: int, activities: Sequence[Activity], *, now: datetime
) -> dict[int, Progress]:
    """The person's progress in each of the activities, by its id."""
    told = {activity.id: by_dates(activity, now) for activity in activities}
    for source in _sources:
        told.update(source(session, user_id, activities))
    return told


def by_dates(activity: Activity, now: datetime) -> Progress:
    """What the activity's own dates say of everybody."""
    if now < activity.starts_at:
        return Progress(Standing.NOT_OPEN)
    if now < activity.ends_at:
        return Progress(Standing.RUNNING, due=activity.ends_at)
    return Progress(Standing.OVER)
