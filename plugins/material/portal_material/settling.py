"""The job: what people who just went away have learned is put down and reported."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

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
    session, ids = contexts[0].session, sorted(by_activity)
    idle = session.scalars(
        select(Seat)
        .where(
            Seat.activity_id.in_(ids),
            Seat.beat_at < now - STALE,
            or_(Seat.counted_ms > 0, Seat.lost_ms > 0),
        )
        .order_by(Seat.id)
        .with_for_update(skip_locked=True)
    ).all()
    for seat in idle:
        records.keep(session, seat)
    rows = session.scalars(
        select(Day)
        .where(Day.unreported, Day.activity_id.in_(ids))
        .order_by(Day.id)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        person = PersonRef(row.user_id, "")
        records.report(by_activity[row.activity_id].of(person), row)
    session.flush()
    return len(rows)
