"""What somebody is writing, kept by the server until it is sent."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.api import ActivityContext, Conflict
from portal_discussion.models import Draft

NEW_TOPIC = 0
"""Stands for the topic where there is none yet."""

WORDS = ("title", "text")
"""The fields of a draft that somebody typed."""


class Stale(Conflict):
    """Another window saved since; `draft` holds what it saved."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("stale")
        self.draft = draft


def draft_of(ctx: ActivityContext, topic_id: int = NEW_TOPIC) -> Draft | None:
    """What the person is writing there."""
    row = _row(ctx, topic_id)
    return row if row is not None and any(map(row.fields.get, WORDS)) else None


def _row(ctx: ActivityContext, topic_id: int) -> Draft | None:
    return ctx.session.scalars(
        select(Draft).where(
            Draft.activity_id == ctx.activity.id,
            Draft.user_id == ctx.user.id,
            Draft.topic_id == topic_id,
        )
    ).one_or_none()


def save(
    ctx: ActivityContext, topic_id: int, counter: int, fields: Mapping[str, str]
) -> Draft:
    """Keep what is being written.

    Raises:
        Stale: another window saved something else since.
    """
    draft = _row(ctx, topic_id) or _begin(ctx, topic_id)
    ctx.session.refresh(draft, with_for_update=True)
    if draft.fields == dict(fields):
        return draft
    if draft.counter and counter != draft.counter:
        raise Stale(draft)
    draft.fields, draft.saved_at = dict(fields), ctx.now
    draft.counter += 1
    ctx.session.flush()
    return draft


def _begin(ctx: ActivityContext, topic_id: int) -> Draft:
    """An empty one; where another window was quicker, that one's."""
    fresh = Draft(
        activity_id=ctx.activity.id,
        user_id=ctx.user.id,
        topic_id=topic_id,
        fields={},
        counter=0,
        saved_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(fresh)
    except IntegrityError:
        found = _row(ctx, topic_id)
        assert found is not None
        return found
    return fresh


def forget(ctx: ActivityContext, topic_id: int) -> None:
    """It was sent. The row stays, so that a window that saves meanwhile finds it."""
    row = _row(ctx, topic_id)
    if row is not None:
        row.fields, row.counter = {}, 0
        ctx.session.flush()
