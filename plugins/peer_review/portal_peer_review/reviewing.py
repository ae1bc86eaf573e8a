"""One person and the works they were given: finding one, and assessing it."""

from portal.api import ActivityContext, AssignedWork, NotFound, Purpose, SubmissionRef
from portal_peer_review import assessing, duties, rounds
from portal_peer_review.assessing import Opinion
from portal_peer_review.models import Allocation
from portal_peer_review.rubric import rubric_of


def given(ctx: ActivityContext, number: int) -> Allocation:
    """The person's work of this number.

    Raises:
        NotFound: they were given none, or it was taken back.
    """
    for row in rounds.given_to(ctx.session, ctx.activity.id, ctx.user.id):
        if row.author_number == number:
            return row
    raise NotFound


def assigned(ctx: ActivityContext, mine: Allocation) -> AssignedWork | None:
    """The work itself; None while its author revises it."""
    for found in ctx.assigned(Purpose.REVIEW):
        if found.submission.id == mine.submission_id:
            return found
    return None


def assess(
    ctx: ActivityContext,
    mine: Allocation,
    work: SubmissionRef,
    opinion: Opinion,
    *,
    counter: int,
) -> None:
    """Hand the assessment in, and take the work off what the person owes.

    Raises:
        SavedElsewhere: the window is older than what was saved.
        Invalid: a level is missing, or the rubric lacks it.
    """
    assessing.hand_in(
        ctx.session,
        mine,
        opinion,
        rubric_of(ctx),
        counter=counter,
        submission_version=work.version,
        now=ctx.now,
    )
    duties.bring_up_to_date(ctx, [ctx.user.id])
