"""Marking by hand: essays, question by question, by rubric or by points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import contains_eager

from portal.api import (
    ActivityContext,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PersonRef,
)
from portal_quiz import paper, results
from portal_quiz.models import (
    Attempt,
    AttemptAnswer,
    AttemptState,
    HandMark,
    Item,
    Kind,
    QuestionVersion,
)

LONGEST_REMARK = 2000


@dataclass(frozen=True)
class Judgement:
    """What a marker says of an answer: levels of the rubric, or points; and words.

    `number` is that of the mark the marker had before them, 0 for none.
    """

    number: int
    levels: Mapping[str, int] | None = None
    points: Decimal | None = None
    remark: str = ""


def to_mark(ctx: ActivityContext, item_id: int) -> Sequence[AttemptAnswer]:
    """The handed-in answers to one question that a person must mark, by number.

    With those that were marked by hand already, which come last.
    """
    return ctx.session.scalars(
        select(AttemptAnswer)
        .join(AttemptAnswer.attempt)
        .where(
            Attempt.activity_id == ctx.activity.id,
            Attempt.state != AttemptState.OPEN,
            AttemptAnswer.item_id == item_id,
        )
        .options(contains_eager(AttemptAnswer.attempt))
        .order_by(AttemptAnswer.share.is_not(None), Attempt.handed_in_at, Attempt.id)
    ).all()


@dataclass(frozen=True)
class Task:
    """A question to be marked by hand, and how far it is."""

    item: Item
    waiting: int
    marked: int


def tasks(ctx: ActivityContext) -> list[Task]:
    """The essays of the paper with how many answers wait and are marked."""
    essays = [one for one in paper.items(ctx) if one.version.kind == Kind.ESSAY]
    rows = ctx.session.execute(
        select(
            AttemptAnswer.item_id,
            func.sum(case((AttemptAnswer.share.is_(None), 1), else_=0)),
            func.count(AttemptAnswer.id),
        )
        .join(AttemptAnswer.attempt)
        .where(
            AttemptAnswer.item_id.in_([one.id for one in essays]),
            Attempt.state != AttemptState.OPEN,
        )
        .group_by(AttemptAnswer.item_id)
    )
    many = {item_id: (waiting, total - waiting) for item_id, waiting, total in rows}
    return [Task(one, *many.get(one.id, (0, 0))) for one in essays]


def give_mark(
    ctx: ActivityContext, answer_id: int, judgement: Judgement
) -> AttemptAnswer:
    """Judge one answer; the marks before stay as its history.

    Raises:
        NotFound: there is no such answer to mark here.
        Forbidden: own_submission; nobody marks themselves.
        Conflict: marked_meanwhile, by somebody else.
        Invalid: level_missing, points_missing, points_beyond, remark_too_long.
    """
    answer = _answer(ctx, answer_id)
    attempt = answer.attempt
    if attempt.user_id == ctx.user.id:
        raise Forbidden("own_submission")
    ctx.session.refresh(attempt, with_for_update=True)
    if len(judgement.remark) > LONGEST_REMARK:
        raise Invalid("remark_too_long", most=LONGEST_REMARK)
    share = _share(ctx, answer, judgement)
    before = results.hand_marks(ctx, [answer]).get(answer.id)
    number = before.number if before else 0
    if number != judgement.number:
        raise Conflict("marked_meanwhile")
    ctx.session.add(
        HandMark(
            answer_id=answer.id,
            number=number + 1,
            by_id=ctx.user.id,
            at=ctx.now,
            share=share,
            levels=dict(judgement.levels or {}),
            remark=judgement.remark.strip(),
        )
    )
    answer.share = share
    ctx.session.flush()
    results.sum_up(attempt)
    results.bring_up_to_date(ctx.of(PersonRef(attempt.user_id, "")))
    return answer


def _share(
    ctx: ActivityContext, answer: AttemptAnswer, judgement: Judgement
) -> Decimal:
    if ctx.rubric is not None:
        return ctx.rubric.score(judgement.levels or {})
    if judgement.points is None:
        raise Invalid("points_missing")
    if not 0 <= judgement.points <= answer.points:
        raise Invalid("points_beyond", most=f"{answer.points.normalize():f}")
    return round(judgement.points / answer.points, 6)


def _answer(ctx: ActivityContext, answer_id: int) -> AttemptAnswer:
    found = ctx.session.scalars(
        select(AttemptAnswer)
        .join(AttemptAnswer.attempt)
        .join(AttemptAnswer.version)
        .where(
            AttemptAnswer.id == answer_id,
            Attempt.activity_id == ctx.activity.id,
            Attempt.state != AttemptState.OPEN,
            QuestionVersion.kind == Kind.ESSAY,
        )
        .options(contains_eager(AttemptAnswer.attempt))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found
