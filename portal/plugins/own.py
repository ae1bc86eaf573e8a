"""What a page has read of its reader, once for itself and for what plugins add."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.permissions import Actor
from portal.submissions.works import Work, works_of
from portal.workshops.dates import Timetable, timetable
from portal.workshops.models import Activity


@dataclass(frozen=True)
class Own:
    """What a page has read already of its reader, in several activities."""

    activities: Sequence[Activity]
    timetable: Timetable
    works: Mapping[int, Mapping[str, Work]]
    """By activity id and slot key."""


def own_of(session: Session, actor: Actor, activities: Sequence[Activity]) -> Own:
    """The acting person's dates and work in these activities, read at once."""
    ids = [activity.id for activity in activities]
    return Own(
        activities,
        timetable(session, activities, [actor.user_id]),
        works_of(session, actor, actor.user_id, ids),
    )
