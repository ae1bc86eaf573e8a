"""The paper of an activity: which questions, in which order, for how much.

Once somebody has begun, the paper stays as it is; only a mended version may take the
place of the one before it, and then the attempts are marked again.
"""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.api import ActivityContext, Conflict, Invalid, NotFound
from portal_quiz.models import Attempt, Item, QuestionVersion
from portal_quiz.questions import newest_versions

MOST_POINTS = Decimal(1000)
MOST_ITEMS = 200


def items(ctx: ActivityContext) -> Sequence[Item]:
    """The paper in its order, each place with its version, without the keys."""
    return ctx.session.scalars(
        select(Item)
        .where(Item.activity_id == ctx.activity.id)
        .options(joinedload(Item.version).joinedload(QuestionVersion.question))
        .order_by(Item.position, Item.id)
    ).all()


def item(ctx: ActivityContext, item_id: int) -> Item:
    """One place of this activity's paper.

    Raises:
        NotFound: there is none of this number here.
    """
    found = ctx.session.get(Item, item_id)
    if found is None or found.activity_id != ctx.activity.id:
        raise NotFound
    return found


def is_in_use(ctx: ActivityContext) -> bool:
    """Whether somebody has begun."""
    first = select(Attempt.id).where(Attempt.activity_id == ctx.activity.id).limit(1)
    return ctx.session.scalar(first) is not None


def add(ctx: ActivityContext, question_ids: Sequence[int], points: Decimal) -> int:
    """Put questions at the end, in their newest versions; those there already stay.

    Returns how many were added.

    Raises:
        Conflict: somebody has begun.
        Invalid: the points are out of range, or the paper is too long.
    """
    _not_in_use(ctx)
    _check(points)
    there = {one.question_id for one in items(ctx)}
    fresh = [number for number in dict.fromkeys(question_ids) if number not in there]
    if len(there) + len(fresh) > MOST_ITEMS:
        raise Invalid("paper_too_long", most=MOST_ITEMS)
    versions = newest_versions(ctx, fresh)
    last = ctx.session.scalar(
        select(func.max(Item.position)).where(Item.activity_id == ctx.activity.id)
    )
    for place, number in enumerate(
        (n for n in fresh if n in versions), (last or 0) + 1
    ):
        ctx.session.add(
            Item(
                activity_id=ctx.activity.id,
                position=place,
                question_id=number,
                version_id=versions[number].id,
                points=points,
            )
        )
    ctx.session.flush()
    return len(versions)


def set_points(ctx: ActivityContext, worth: dict[int, Decimal]) -> None:
    """Say what places are worth, by their ids.

    Raises:
        Conflict: somebody has begun.
        Invalid: points are out of range.
    """
    _not_in_use(ctx)
    for one in items(ctx):
        points = worth.get(one.id)
        if points is not None:
            _check(points)
            one.points = points
    ctx.session.flush()


def remove(ctx: ActivityContext, item_id: int) -> None:
    """Take a question off the paper; it stays in the bank.

    Raises:
        Conflict: somebody has begun.
    """
    _not_in_use(ctx)
    ctx.session.delete(item(ctx, item_id))
    ctx.session.flush()


def move(ctx: ActivityContext, item_id: int, *, by: int) -> None:
    """Move a place up (-1) or down (1); beyond the ends it stays.

    Raises:
        Conflict: somebody has begun.
    """
    _not_in_use(ctx)
    row = list(items(ctx))
    here = row.index(item(ctx, item_id))
    there = min(max(here + by, 0), len(row) - 1)
    row.insert(there, row.pop(here))
    for place, one in enumerate(row, 1):
        one.position = place
    ctx.session.flush()


def renew(ctx: ActivityContext) -> list[Item]:
    """Let every place have the newest version of its question; say which changed.

    Also while the quiz is in use: that is how a mended key reaches the paper.
    """
    paper = items(ctx)
    numbers = [one.question_id for one in paper]
    versions = newest_versions(ctx, numbers, retired=True)
    changed = [
        one
        for one in paper
        if one.question_id in versions
        and versions[one.question_id].id != one.version_id
    ]
    for one in changed:
        one.version = versions[one.question_id]
    ctx.session.flush()
    return changed


def outdated(paper: Sequence[Item]) -> list[Item]:
    """The places whose question has a newer version than the paper uses."""
    return [one for one in paper if one.version.number < one.version.question.newest]


def out_of(paper: Sequence[Item]) -> Decimal:
    """What the paper is worth in all."""
    return sum((one.points for one in paper), Decimal(0))


def _not_in_use(ctx: ActivityContext) -> None:
    if is_in_use(ctx):
        raise Conflict("paper_in_use")


def _check(points: Decimal) -> None:
    if not (0 < points <= MOST_POINTS) or points != round(points, 2):
        raise Invalid("points_out_of_range", most=MOST_POINTS)


def bring_over(ctx: ActivityContext, source: ActivityContext) -> None:
    """Make the paper that another activity has, in the newest versions.

    A question that was taken out of the bank meanwhile stays on the paper.
    """
    there = items(source)
    newest = newest_versions(ctx, [one.question_id for one in there], retired=True)
    for one in there:
        version = newest.get(one.question_id)
        ctx.session.add(
            Item(
                activity_id=ctx.activity.id,
                position=one.position,
                question_id=one.question_id,
                version_id=version.id if version else one.version_id,
                points=one.points,
            )
        )
    ctx.session.flush()
