"""What the clock and other people's decisions bring about.

The same steps from a job and from an event, and repeatable: an event makes them
quick, the job makes them certain.
"""

from datetime import datetime, timedelta

from sqlalchemy import orm

from portal.api import ActivityContext, JobContext, PersonRef, open_activity
from portal_attendance import announcing, guesses, settling

TYPE = "attendance"
LEAVE_COMES_WITHIN = timedelta(days=30)
"""How long after a session leave may still be decided; after that by correction."""


def keep_all(job: JobContext) -> None:
    """Announce what is ahead, settle what is over, for every event of the county."""
    for ctx in job.activities(TYPE):
        keep(ctx)


def keep(ctx: ActivityContext) -> None:
    """One event: what the hour calls for."""
    if not settling.is_opened(ctx):
        return
    announcing.announce(ctx)
    settling.settle_due(ctx)
    guesses.forget_guesses(ctx)


def look_for_leave(job: JobContext) -> None:
    """Find leave that was approved after an absence, in case no event said so."""
    since = job.now - LEAVE_COMES_WITHIN
    for ctx in job.activities(TYPE):
        for person in settling.absences_since(ctx, since):
            settling.apply_leave(ctx, person, since, job.now)


def leave_approved(
    database: orm.Session, person_id: int, starts: datetime, ends: datetime
) -> None:
    """Leave was approved: absences that it covers are none."""
    for number in settling.activities_with_absence(database, person_id, starts, ends):
        ctx = open_activity(database, number)
        settling.apply_leave(ctx, PersonRef(person_id, ""), starts, ends)
