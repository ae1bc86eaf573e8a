"""Marking again when a key was mended: everybody's attempts, by the same rules."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.api import ActivityContext, PersonRef
from portal_quiz import paper, results
from portal_quiz.models import Attempt, AttemptAnswer, AttemptState


def regrade(ctx: ActivityContext) -> int:
    """Let the paper have the newest versions and mark every finished attempt again.

    Marks by hand stay. Returns how many attempts came to something else; only for
    those persons a new fact is reported. Doing it twice changes nothing more.
    """
    paper.renew(ctx)
    attempts = ctx.session.scalars(
        select(Attempt)
        .where(
            Attempt.activity_id == ctx.activity.id,
            Attempt.state != AttemptState.OPEN,
        )
        .options(selectinload(Attempt.answers).joinedload(AttemptAnswer.version))
        .order_by(Attempt.id)
        .with_for_update(of=Attempt)
    ).all()
    changed = results.mark_attempts(ctx, attempts)
    ctx.participants()  # read at once, so that `of` need not ask for one by one
    for user_id in sorted({attempt.user_id for attempt in changed}):
        results.bring_up_to_date(ctx.of(PersonRef(user_id, "")))
    return len(changed)
