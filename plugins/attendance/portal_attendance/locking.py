"""By the clock: schools are reminded a day before, and the list locks at its time."""

from datetime import timedelta

from portal.api import ActivityContext, JobContext
from portal_attendance import seats, telling

NAME = "attendance"
AHEAD = timedelta(days=1)
"""How long before the deadline schools that left seats free are reminded."""


def lock_lists(job: JobContext) -> None:
    """Lock every list whose deadline is over; remind where it is near."""
    for ctx in job.activities(NAME):
        look_after(ctx)


def look_after(ctx: ActivityContext) -> None:
    """The same for one event. Repeatable."""
    row = seats.list_of(ctx)
    if row is None or row.locked_at is not None:
        return
    found = seats.of_schools(ctx, ctx.schools())
    if ctx.now >= row.deadline:
        people = seats.lock(ctx, by_id=None)
        telling.tell_named(ctx, people)
        telling.tell_of_lock(ctx, seats.under_filled(found))
    elif ctx.now >= row.deadline - AHEAD:
        telling.remind_schools(ctx, row, found)
