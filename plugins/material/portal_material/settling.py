"""What is counted and in no fact yet is put down and reported.

The job does it for who just went away, the close of a workshop for everybody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.api import ActivityContext, PersonRef
from portal_material import records
from portal_material.models import Day, Seat
from portal_material.seats import STALE


def settle(contexts: Sequence[ActivityContext], now: datetime) -> int:
    """Put down and report what is left over; how many days got a fact.

    A place that is locked belongs to somebody who is back, and looks after itself.
    """
    by_activity = {ctx.activity.id: ctx for ctx in contexts}
    if not by_activity:
        return 0
    session = contexts[0].session
    idle = (
        Seat.activity_id.in_(sorted(by_activity)),
        Seat.beat_at < now - STALE,
        or_(Seat.counted_ms > 0, Seat.lost_ms > 0),
    )
    for seat in _seats(session, *idle, wait=False):
        records.keep(session, seat)
    return _report(session, by_activity, wait=False)


def wind_up(ctx: ActivityContext) -> None:
    """Report all that was counted, and end every opening: the workshop closes.

    It waits for heartbeats that are under way, and those that come later find that
    their page was left. So no page shows a minute that no fact says.
    """
    for seat in _seats(ctx.session, Seat.activity_id == ctx.activity.id, wait=True):
        records.keep(ctx.session, seat)
        seat.left = True
    _report(ctx.session, {ctx.activity.id: ctx}, wait=True)


def _seats(
    session: Session, *wanted: ColumnElement[bool], wait: bool
) -> Sequence[Seat]:
    """Places as they are now, locked in one order."""
    return session.scalars(
        select(Seat)
        .where(*wanted)
        .order_by(Seat.id)
        .with_for_update(skip_locked=not wait)
        .execution_options(populate_existing=True)
    ).all()


def _report(
    session: Session, by_activity: Mapping[int, ActivityContext], *, wait: bool
) -> int:
    """Say in facts what was put down and grew; how many days there were."""
    rows = session.scalars(
        select(Day)
        .where(Day.unreported, Day.activity_id.in_(sorted(by_activity)))
        .order_by(Day.id)
        .with_for_update(skip_locked=not wait)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        person = PersonRef(row.user_id, "")
        records.report(by_activity[row.activity_id].of(person), row)
    session.flush()
    return len(rows)
