"""How far people have read: written when they say so, never by looking at a page."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.api import ActivityContext, PersonRef
from portal_discussion.models import Reading, Topic


def read_upto(ctx: ActivityContext, topic: Topic, person: PersonRef) -> int:
    """The number of the last post the person has seen; 0 for none."""
    found = ctx.session.scalar(
        select(Reading.upto).where(
            Reading.user_id == person.id, Reading.topic_id == topic.id
        )
    )
    return found or 0


def read(ctx: ActivityContext, topic: Topic, upto: int) -> None:
    """Note that the person has seen the posts up to this one; never fewer."""
    row = _row(ctx, topic)
    row.upto = max(row.upto, min(upto, topic.posts))
    ctx.session.flush()


def read_all(ctx: ActivityContext) -> None:
    """Note that the person has seen everything there is."""
    topics = ctx.session.scalars(
        select(Topic).where(Topic.activity_id == ctx.activity.id).order_by(Topic.id)
    ).all()
    known = {
        row.topic_id: row
        for row in ctx.session.scalars(
            select(Reading).where(
                Reading.activity_id == ctx.activity.id, Reading.user_id == ctx.user.id
            )
        )
    }
    for topic in topics:
        row = known.get(topic.id) or _row(ctx, topic)
        row.upto = max(row.upto, topic.posts)
    ctx.session.flush()


def _row(ctx: ActivityContext, topic: Topic) -> Reading:
    found = _find(ctx, topic)
    if found is not None:
        return found
    fresh = Reading(
        activity_id=ctx.activity.id, topic_id=topic.id, user_id=ctx.user.id, upto=0
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(fresh)
    except IntegrityError:
        found = _find(ctx, topic)
        assert found is not None
        return found
    return fresh


def _find(ctx: ActivityContext, topic: Topic) -> Reading | None:
    return ctx.session.scalars(
        select(Reading).where(
            Reading.user_id == ctx.user.id, Reading.topic_id == topic.id
        )
    ).one_or_none()
