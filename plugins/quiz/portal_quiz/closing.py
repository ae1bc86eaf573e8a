"""When nobody can answer any more, and keys may be seen (promise V18)."""

from sqlalchemy import select

from portal.api import ActivityContext
from portal_quiz.attempts import GRACE
from portal_quiz.models import Attempt, AttemptState


def is_closed(ctx: ActivityContext) -> bool:
    """Whether the quiz is over for everybody, those with more time included."""
    return ctx.now >= ctx.closes_for_all and not _is_somebody_sitting(ctx)


def _is_somebody_sitting(ctx: ActivityContext) -> bool:
    """Whether answers of anybody are still taken, those on their way included."""
    found = ctx.session.scalar(
        select(Attempt.id)
        .where(
            Attempt.activity_id == ctx.activity.id,
            Attempt.state == AttemptState.OPEN,
            Attempt.due_at >= ctx.now - GRACE,
        )
        .limit(1)
    )
    return found is not None
