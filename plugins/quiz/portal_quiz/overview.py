"""What the quiz's first page shows: one's attempts, or how the quiz is going."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select

from portal.api import ActivityContext, Permission
from portal_quiz.attempts import attempts_left, attempts_of, ends_at, is_over
from portal_quiz.closing import is_closed
from portal_quiz.disclosure import Shown, shown
from portal_quiz.models import Attempt, AttemptState, Item, Result
from portal_quiz.results import result_of


@dataclass(frozen=True)
class Line:
    """One attempt of the reader, as the list shows it."""

    attempt: Attempt
    url: str
    over: bool
    """Whether its time has run out, though nobody has closed it yet."""
    shown: Shown
    counts: bool

    @property
    def open(self) -> bool:
        """Whether one can go on answering."""
        return self.attempt.state == AttemptState.OPEN and not self.over

    @property
    def score(self) -> Decimal | None:
        """Of a hundred, where it may be seen and is known."""
        if not self.shown.marks or self.attempt.state != AttemptState.MARKED:
            return None
        share = (self.attempt.points or Decimal(0)) / (self.attempt.out_of or 1)
        return round(100 * share, 2)


def overview(ctx: ActivityContext) -> Mapping[str, object]:
    """All that the template needs."""
    count, worth = _paper(ctx)
    leads = ctx.can(Permission.EDIT_WORKSHOP)
    mine = ctx.can(Permission.PARTICIPATE) and not leads
    return {
        "questions": count,
        "worth": worth,
        "mine": _mine(ctx, has_paper=bool(count)) if mine else None,
        "progress": _progress(ctx) if leads else None,
        "marks_by_hand": ctx.can(Permission.GIVE_MARKS),
        "ctx": ctx,
    }


def _paper(ctx: ActivityContext) -> tuple[int, Decimal]:
    row = ctx.session.execute(
        select(func.count(Item.id), func.sum(Item.points)).where(
            Item.activity_id == ctx.activity.id
        )
    ).one()
    return row[0], row[1] or Decimal(0)


def _mine(ctx: ActivityContext, *, has_paper: bool) -> dict[str, Any]:
    begun = attempts_of(ctx)
    result = result_of(ctx)
    dates = ctx.dates()
    left = attempts_left(ctx, begun)
    closed = ctx.now >= dates.closes
    what = shown(
        ctx.settings,
        closed=closed and bool(begun) and is_closed(ctx),
        may_try_again=left > 0 and not closed,
    )
    lines = [
        Line(
            attempt,
            ctx.url("attempt", attempt_id=attempt.id),
            is_over(ctx, attempt),
            what,
            result is not None and result.attempt_id == attempt.id and len(begun) > 1,
        )
        for attempt in begun
    ]
    current = next((line for line in lines if line.open), None)
    return {
        "lines": lines,
        "result": result,
        "shown": what,
        "current": current,
        "ends": ends_at(ctx, current.attempt) if current else None,
        "left": left,
        "closes": dates.closes,
        "opens": dates.opens,
        "minutes": _minutes(ctx, dates.time_factor),
        "begins": has_paper
        and not current
        and left > 0
        and dates.opens <= ctx.now < dates.closes,
        "early": ctx.now < dates.opens,
        "closed": closed,
    }


def _minutes(ctx: ActivityContext, factor: Decimal) -> int | None:
    """The person's own limit, extra time included."""
    minutes = ctx.settings["time_limit"]
    return int(minutes * factor) if minutes else None


def _progress(ctx: ActivityContext) -> dict[str, int]:
    """How many handed in, passed, and wait to be marked."""
    row = ctx.session.execute(
        select(
            func.count(Result.id),
            func.sum(case((Result.passed, 1), else_=0)),
            func.sum(case((Result.waits, 1), else_=0)),
        ).where(Result.activity_id == ctx.activity.id, Result.attempts > 0)
    ).one()
    sitting = ctx.session.scalar(
        select(func.count(Attempt.id)).where(
            Attempt.activity_id == ctx.activity.id,
            Attempt.state == AttemptState.OPEN,
        )
    )
    return {
        "handed_in": row[0],
        "passed": row[1] or 0,
        "waits": row[2] or 0,
        "sitting": sitting or 0,
    }
