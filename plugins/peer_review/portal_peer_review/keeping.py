"""Bringing an activity to where its dates and its people want it.

The same steps from everywhere — the job, an event, the leader's button — and
repeatable: events make them quick, the job makes them certain.
"""

from portal.api import ActivityContext, JobContext
from portal_peer_review import duties, rounds
from portal_peer_review.giving import Given, distribute
from portal_peer_review.results import report
from portal_peer_review.schedule import Phase, Schedule

TYPE = "peer_review"


def keep_all(job: JobContext) -> None:
    """Bring every peer review of the county up to date."""
    for ctx in job.activities(TYPE):
        keep(ctx)


def keep(ctx: ActivityContext) -> None:
    """Give out works, begin the assessment, end it, tell the results: what is due."""
    dates = rounds.dates_of(ctx)
    match dates.phase(ctx.now):
        case Phase.COMING | Phase.SUBMISSION:
            return
        case Phase.BETWEEN:
            distribute(ctx)
        case Phase.ASSESSMENT:
            give(ctx)
        case Phase.EVALUATION:
            _end(ctx, dates)
        case Phase.CLOSED:
            _end(ctx, dates)
            _close(ctx, dates)


def give(ctx: ActivityContext, *, by: int | None = None) -> Given:
    """Give out works that lack reviewers, and tell those who got one."""
    given = distribute(ctx, by=by)
    settle_given(ctx, given)
    return given


def settle_given(ctx: ActivityContext, given: Given) -> None:
    """Let reviewers owe what they were given, and tell them, while they can do it."""
    dates = rounds.dates_of(ctx)
    if dates.phase(ctx.now) is not Phase.ASSESSMENT:
        return
    number = ctx.activity.id
    if rounds.was_done(ctx.session, number, "opened", dates.assess_until):
        duties.bring_up_to_date(ctx, given.people)
        duties.tell_of_new_works(ctx, given.added)
        return
    rows = rounds.allocations(ctx.session, number)
    people = rounds.by_reviewer(rows).keys()
    if people:
        duties.bring_up_to_date(ctx, people)
        duties.tell_that_it_begins(ctx, people)
        rounds.note(ctx, "opened", for_at=dates.assess_until)


def _end(ctx: ActivityContext, dates: Schedule) -> None:
    """Nobody owes what can be done no longer."""
    number, at = ctx.activity.id, dates.assess_until
    if rounds.was_done(ctx.session, number, "ended", at):
        return
    rows = rounds.allocations(ctx.session, number)
    duties.bring_up_to_date(ctx, {row.reviewer_id for row in rows})
    rounds.note(ctx, "ended", for_at=at)


def _close(ctx: ActivityContext, dates: Schedule) -> None:
    number, at = ctx.activity.id, dates.results_at
    if rounds.was_done(ctx.session, number, "closed", at):
        return
    report(ctx)
    authors = {w.person.id for w in ctx.handed_in()}
    if authors:
        duties.tell_of_results(ctx, authors)
    rounds.note(ctx, "closed", for_at=at)


def changed(ctx: ActivityContext) -> None:
    """Something about a work changed: give it out, or tell its new result."""
    keep(ctx)
    if rounds.dates_of(ctx).phase(ctx.now) is Phase.CLOSED:
        report(ctx)
