"""Whether a code is the one on the screen, and who tried too many that are not.

A code that was right lately, or is that of another session, is told so and is no
guess.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select

from portal.api import ActivityContext, Invalid
from portal_attendance import codes
from portal_attendance.models import Guess, Session

MOST_GUESSES = 5
GUESSES_WITHIN = timedelta(minutes=5)


def check_code(ctx: ActivityContext, session: Session, code: str) -> None:
    """Refuse all but the code of the moment.

    Raises:
        Invalid: "code_missing", "code_stale", "code_of_another", "code_wrong",
            "too_many_guesses" with `minutes` to wait.
    """
    given = "".join(code.split())
    if not given:
        raise Invalid("code_missing")
    _must_not_guess(ctx)
    if codes.is_good(session.secret, given, ctx.now):
        return
    if codes.was_good(session.secret, given, ctx.now):
        raise Invalid("code_stale")
    if _is_of_another(ctx, session, given):
        raise Invalid("code_of_another")
    guess = Guess(activity_id=ctx.activity.id, user_id=ctx.user.id, at=ctx.now)
    ctx.session.add(guess)
    ctx.session.flush()
    raise Invalid("code_wrong")


def _must_not_guess(ctx: ActivityContext) -> None:
    """Refuse who guessed too often: they wait until the first guess is old."""
    since = ctx.now - GUESSES_WITHIN
    many, first = ctx.session.execute(
        select(func.count(), func.min(Guess.at)).where(
            Guess.user_id == ctx.user.id, Guess.at > since
        )
    ).one()
    if many >= MOST_GUESSES:
        left = first + GUESSES_WITHIN - ctx.now
        minutes = -(-left // timedelta(minutes=1))
        raise Invalid("too_many_guesses", minutes=minutes)


def _is_of_another(ctx: ActivityContext, session: Session, code: str) -> bool:
    """Whether it is the code of another session that runs now."""
    day = timedelta(days=1)
    others = ctx.session.scalars(
        select(Session.secret)
        .where(
            Session.id != session.id,
            Session.starts_at < ctx.now + day,
            Session.ends_at > ctx.now - day,
            Session.cancelled_at.is_(None),
        )
        .limit(200)
    )
    return any(codes.is_good(secret, code, ctx.now) for secret in others)


def forget_guesses(ctx: ActivityContext) -> None:
    """Delete guesses that nobody waits for any more."""
    ctx.session.execute(
        delete(Guess).where(
            Guess.activity_id == ctx.activity.id, Guess.at < ctx.now - GUESSES_WITHIN
        )
    )
