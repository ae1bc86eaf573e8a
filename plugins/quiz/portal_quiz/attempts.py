"""Attempts: begun once, saved as they grow, handed in once, by the server's clock.

The time that decides is that of the request. What arrives up to `GRACE` after the end
is taken as having been sent in time; nothing later is, and then what was saved before
counts. An attempt whose time ran out is closed by the next request that writes, or by
the job. A limit that grows (more time was granted) moves the end of open attempts; an
end is never moved to before what its taker was told.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from secrets import SystemRandom
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from portal.api import ActivityContext, Conflict, Invalid, NotFound, PersonRef
from portal_quiz import paper, results
from portal_quiz.models import (
    Attempt,
    AttemptAnswer,
    AttemptState,
    Item,
    Kind,
    QuestionVersion,
)
from portal_quiz.questions import FALSE, TRUE

GRACE = timedelta(seconds=30)
"""How long an answer may be on its way."""

LONGEST_TEXT = 20_000
"""Characters of one written answer."""

Responses = Mapping[int, Mapping[str, Any]]
"""What was answered, by the id of the attempt's answer."""

chance = SystemRandom()


class Stale(Conflict):
    """Another window saved since; `attempt` holds what it saved."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__("stale")
        self.attempt = attempt


def attempts_of(ctx: ActivityContext) -> Sequence[Attempt]:
    """The person's attempts, the first first."""
    return ctx.session.scalars(
        select(Attempt)
        .where(Attempt.activity_id == ctx.activity.id, Attempt.user_id == ctx.user.id)
        .order_by(Attempt.number)
    ).all()


def attempt_with_answers(ctx: ActivityContext, attempt_id: int) -> Attempt:
    """An attempt in this activity with its answers and questions, without the keys.

    Raises:
        NotFound: there is none of this number here.
    """
    found = ctx.session.scalars(
        select(Attempt)
        .where(Attempt.id == attempt_id, Attempt.activity_id == ctx.activity.id)
        .options(selectinload(Attempt.answers).joinedload(AttemptAnswer.version))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def own_attempt(ctx: ActivityContext, attempt_id: int) -> Attempt:
    """The person's own attempt.

    Raises:
        NotFound: it is another's, or there is none.
    """
    found = attempt_with_answers(ctx, attempt_id)
    if found.user_id != ctx.user.id:
        raise NotFound
    return found


def attempts_left(ctx: ActivityContext, begun: Sequence[Attempt]) -> int:
    """How many more attempts the person may begin, by their number alone."""
    return max(0, int(ctx.settings["attempts"]) - len(begun))


def end_of(ctx: ActivityContext, started_at: datetime) -> datetime:
    """When an attempt begun then ends for the person: the limit, or the close."""
    dates = ctx.dates()
    minutes = ctx.settings["time_limit"]
    if not minutes:
        return dates.closes
    limit = timedelta(minutes=float(Decimal(minutes) * dates.time_factor))
    return min(dates.closes, started_at + limit)


def ends_at(ctx: ActivityContext, attempt: Attempt) -> datetime:
    """When the attempt ends now: later than it was said, if more time was granted."""
    return max(attempt.due_at, end_of(ctx, attempt.started_at))


def is_over(ctx: ActivityContext, attempt: Attempt) -> bool:
    """Whether nothing more is taken."""
    return attempt.state != AttemptState.OPEN or ctx.now > ends_at(ctx, attempt) + GRACE


def start(ctx: ActivityContext) -> Attempt:
    """Begin an attempt, or go on with the one that is open.

    Raises:
        Invalid: not_open_yet, closed, no_paper, no_attempt_left.
    """
    begun = attempts_of(ctx)
    if begun and begun[-1].state == AttemptState.OPEN:
        if not is_over(ctx, begun[-1]):
            return begun[-1]
        finish(ctx, own_attempt(ctx, begun[-1].id))
    dates = ctx.dates()
    if ctx.now < dates.opens:
        raise Invalid("not_open_yet")
    if ctx.now >= dates.closes:
        raise Invalid("closed")
    if not attempts_left(ctx, begun):
        raise Invalid("no_attempt_left")
    asked = paper.items(ctx)
    if not asked:
        raise Invalid("no_paper")
    return _begin(ctx, len(begun) + 1, asked)


def _begin(ctx: ActivityContext, number: int, asked: Sequence[Item]) -> Attempt:
    """A new attempt; where another window was quicker, that one's."""
    attempt = Attempt(
        activity_id=ctx.activity.id,
        user_id=ctx.user.id,
        number=number,
        state=AttemptState.OPEN,
        started_at=ctx.now,
        due_at=end_of(ctx, ctx.now),
        out_of=paper.out_of(asked),
        answers=[
            AttemptAnswer(
                item_id=item.id,
                version_id=item.version_id,
                position=place,
                layout=_layout(item.version, shuffled=bool(ctx.settings["shuffle"])),
                points=item.points,
            )
            for place, item in enumerate(asked, 1)
        ],
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(attempt)
    except IntegrityError:
        return attempts_of(ctx)[-1]
    return attempt


def _layout(version: QuestionVersion, *, shuffled: bool) -> dict[str, Any]:
    names = [option["key"] for option in version.options]
    return {"options": chance.sample(names, len(names)) if shuffled else names}


def save(
    ctx: ActivityContext, attempt: Attempt, counter: int, responses: Responses
) -> None:
    """Keep what was answered so far.

    Raises:
        Conflict: handed_in, time_over; `Stale` where another window saved since.
    """
    ctx.session.refresh(attempt, with_for_update=True)
    if attempt.state != AttemptState.OPEN:
        raise Conflict("handed_in")
    end = ends_at(ctx, attempt)
    if ctx.now > end + GRACE:
        raise Conflict("time_over")
    given = {
        answer.id: clean(answer, responses.get(answer.id, {}))
        for answer in attempt.answers
    }
    if all(answer.response == given[answer.id] for answer in attempt.answers):
        return
    if counter != attempt.counter:
        raise Stale(attempt)
    for answer in attempt.answers:
        answer.response = given[answer.id]
    attempt.counter += 1
    attempt.saved_at = ctx.now
    attempt.due_at = end
    ctx.session.flush()


def clean(answer: AttemptAnswer, response: Mapping[str, Any]) -> dict[str, Any]:
    """What can be answered to this question at all; nothing else is kept."""
    kind = answer.version.kind
    if kind in (Kind.SHORT, Kind.ESSAY):
        text = str(response.get("text", "")).replace("\r\n", "\n")[:LONGEST_TEXT]
        return {"text": text} if text.strip() else {}
    names = [option["key"] for option in answer.version.options] or [TRUE, FALSE]
    chosen = [name for name in names if name in response.get("chosen", ())]
    if kind != Kind.MULTIPLE:
        chosen = chosen[:1]
    return {"chosen": chosen} if chosen else {}


def hand_in(
    ctx: ActivityContext, attempt: Attempt, counter: int, responses: Responses
) -> bool:
    """Hand the attempt in with these answers; done already, it stays as it is.

    Returns whether these answers were taken: they are not when another window handed
    in before, or time was over; then what was saved in time counts.

    Raises:
        Stale: another window saved since; nothing is handed in.
    """
    try:
        save(ctx, attempt, counter, responses)
    except Stale:
        raise
    except Conflict:
        taken = same_answers(attempt, responses)
        finish(ctx, attempt)
        return taken
    finish(ctx, attempt)
    return True


def same_answers(attempt: Attempt, responses: Responses) -> bool:
    """Whether these are the answers that are kept."""
    return all(
        answer.response == clean(answer, responses.get(answer.id, {}))
        for answer in attempt.answers
    )


def finish(ctx: ActivityContext, attempt: Attempt) -> None:
    """Close the attempt, mark what can be marked, and say what it comes to.

    Repeatable: only the first time does anything. The context is its person's.
    """
    ctx.session.refresh(attempt, with_for_update=True)
    if attempt.state != AttemptState.OPEN:
        return
    end = ends_at(ctx, attempt)
    attempt.ran_out = ctx.now > end + GRACE
    attempt.handed_in_at = min(ctx.now, end)
    attempt.state = AttemptState.HANDED_IN
    results.mark_attempt(ctx, attempt)
    results.bring_up_to_date(ctx)
    ctx.settle("once", ctx.user)


def close_overdue(contexts: Sequence[ActivityContext], now: datetime) -> int:
    """Close the attempts whose time ran out; how many there were.

    Each is closed with the rights of the portal, in its own person's name.
    """
    by_activity = {ctx.activity.id: ctx for ctx in contexts}
    if not by_activity:
        return 0
    session = contexts[0].session
    rows = session.scalars(
        select(Attempt)
        .where(
            Attempt.activity_id.in_(sorted(by_activity)),
            Attempt.state == AttemptState.OPEN,
            Attempt.due_at < now - GRACE,
        )
        .options(selectinload(Attempt.answers).joinedload(AttemptAnswer.version))
        .order_by(Attempt.id)
    ).all()
    closed = 0
    for attempt in rows:
        ctx = by_activity[attempt.activity_id].of(PersonRef(attempt.user_id, ""))
        if is_over(ctx, attempt):
            finish(ctx, attempt)
            closed += 1
        else:
            attempt.due_at = ends_at(ctx, attempt)
    session.flush()
    return closed
