"""Marks, and what a person's attempts come to: the result, and the fact reported."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer_group

from portal.api import ActivityContext, Evidence
from portal_quiz import marking
from portal_quiz.marking import Key, Partial, Total
from portal_quiz.models import (
    Attempt,
    AttemptAnswer,
    AttemptState,
    HandMark,
    Item,
    QuestionVersion,
    Result,
)

KEY = "once"
"""The slot, and the fact that a marked attempt is reported under."""

HUNDRED = Decimal(100)
PLACES = Decimal("0.0001")


def mark_attempt(ctx: ActivityContext, attempt: Attempt) -> None:
    """Mark every answer by the key of the paper as it is now, and sum up.

    What was marked by hand keeps its mark. Repeatable; marks follow a mended key.
    """
    mark_attempts(ctx, [attempt])


def mark_attempts(ctx: ActivityContext, attempts: Sequence[Attempt]) -> list[Attempt]:
    """The same for several attempts of the activity; say whose marks changed."""
    versions = _versions_on_paper(ctx)
    answers = [answer for attempt in attempts for answer in attempt.answers]
    by_hand = hand_marks(ctx, answers)
    partial = Partial(ctx.settings["partial"])
    changed = []
    for attempt in attempts:
        before = [answer.share for answer in attempt.answers], attempt.state
        for answer in attempt.answers:
            _mark(answer, versions[answer.item_id], by_hand.get(answer.id), partial)
        sum_up(attempt)
        if before != ([answer.share for answer in attempt.answers], attempt.state):
            changed.append(attempt)
    ctx.session.flush()
    return changed


def _mark(
    answer: AttemptAnswer,
    version: QuestionVersion,
    by_hand: HandMark | None,
    partial: Partial,
) -> None:
    given = marking.mark(
        version.kind, Key.from_json(version.key), answer.response, partial
    )
    answer.share = by_hand.share if given is None and by_hand else given
    answer.marked_version_id = version.id


def _versions_on_paper(ctx: ActivityContext) -> Mapping[int, QuestionVersion]:
    """By place of the paper, with the keys."""
    rows = ctx.session.execute(
        select(Item.id, QuestionVersion)
        .join(QuestionVersion, Item.version_id == QuestionVersion.id)
        .where(Item.activity_id == ctx.activity.id)
        .options(undefer_group("key"))
        .execution_options(populate_existing=True)
    )
    return {row[0]: row[1] for row in rows}


def hand_marks(
    ctx: ActivityContext, answers: Sequence[AttemptAnswer]
) -> Mapping[int, HandMark]:
    """The newest mark by hand of each of these answers that has one."""
    numbers = [answer.id for answer in answers]
    rows = ctx.session.scalars(
        select(HandMark)
        .where(HandMark.answer_id.in_(numbers))
        .order_by(HandMark.answer_id, HandMark.number)
    )
    return {row.answer_id: row for row in rows}


def sum_up(attempt: Attempt) -> None:
    """Sum the answers of a finished attempt; complete, it is marked."""
    total = total_of(attempt)
    attempt.points = total.points
    attempt.out_of = total.out_of
    attempt.state = AttemptState.MARKED if total.complete else AttemptState.HANDED_IN


def total_of(attempt: Attempt) -> Total:
    """What the answers come to."""
    return marking.total([(one.points, one.share) for one in attempt.answers])


def result_of(ctx: ActivityContext) -> Result | None:
    """The person's result here."""
    return ctx.session.scalars(
        select(Result).where(
            Result.activity_id == ctx.activity.id, Result.user_id == ctx.user.id
        )
    ).one_or_none()


def bring_up_to_date(ctx: ActivityContext) -> Result:
    """Make the person's result from their attempts, and report it if it changed.

    A result that is the same as before is not reported again. Where nothing is
    marked there is nothing to report; what was reported before is then taken back.
    """
    result = _locked_result(ctx)
    done = [one for one in _finished(ctx) if one.state != AttemptState.OPEN]
    marked = [one for one in done if one.state == AttemptState.MARKED]
    best = _counting(ctx, marked)
    before = (result.attempts, result.attempt_id, result.score, result.passed)
    total = Total(best.points or Decimal(0), best.out_of, True) if best else None
    result.attempts = len(done)
    result.waits = len(marked) < len(done)
    result.attempt_id = best.id if best else None
    result.score = total.score if total else None
    result.passed = bool(
        total and marking.passes(total, int(ctx.settings["pass_percent"]))
    )
    now = (result.attempts, result.attempt_id, result.score, result.passed)
    if now != before:
        result.changed_at = ctx.now
        _report(ctx, result, best)
    ctx.session.flush()
    return result


def _report(ctx: ActivityContext, result: Result, best: Attempt | None) -> None:
    if best is None:
        if result.revision:
            result.revision += 1
            ctx.withdraw(KEY, result.revision, "nothing is marked any more", ctx.user)
        return
    result.revision += 1
    score = result.score or Decimal(0)
    ctx.complete(
        KEY,
        result.revision,
        {
            "attempts": result.attempts,
            "score": (score / HUNDRED).quantize(PLACES),
            "passed": int(result.passed),
        },
        Evidence(
            {
                "attempt": best.number,
                "attempts": result.attempts,
                "points": str(best.points),
                "out_of": str(best.out_of),
                "score": str(score),
                "passed": result.passed,
                "handed_in_at": _instant(best),
            }
        ),
        occurred_at=best.handed_in_at or ctx.now,
        person=ctx.user,
    )


def _instant(attempt: Attempt) -> str:
    return attempt.handed_in_at.isoformat() if attempt.handed_in_at else ""


def _counting(ctx: ActivityContext, marked: Sequence[Attempt]) -> Attempt | None:
    """The attempt that counts; of equally good ones the earliest."""
    if not marked:
        return None
    if ctx.settings["counts"] == "last":
        return max(marked, key=lambda one: one.number)
    return max(marked, key=lambda one: (_share(one), -one.number))


def _share(attempt: Attempt) -> Decimal:
    return (attempt.points or Decimal(0)) / (attempt.out_of or 1)


def _finished(ctx: ActivityContext) -> Sequence[Attempt]:
    return ctx.session.scalars(
        select(Attempt)
        .where(Attempt.activity_id == ctx.activity.id, Attempt.user_id == ctx.user.id)
        .order_by(Attempt.number)
    ).all()


def _locked_result(ctx: ActivityContext) -> Result:
    """The person's row, locked, so that two judgements report one after the other."""
    found = result_of(ctx)
    if found is None:
        fresh = Result(
            activity_id=ctx.activity.id,
            user_id=ctx.user.id,
            revision=0,
            attempts=0,
            passed=False,
            waits=False,
            changed_at=ctx.now,
        )
        try:
            with ctx.session.begin_nested():
                ctx.session.add(fresh)
            found = fresh
        except IntegrityError:
            found = result_of(ctx)
    assert found is not None
    ctx.session.refresh(found, with_for_update=True)
    return found
