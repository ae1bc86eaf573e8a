"""The titles of topics as this reader may read them: every page asks here."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from portal.api import ActivityContext
from portal.api import gettext as _
from portal_discussion.models import Post, Topic
from portal_discussion.moderating import moderates


def title_of(ctx: ActivityContext, topic: Topic, *, removed: bool) -> str:
    """The title, or that it was removed: it goes with the first post of its topic.

    Who began the topic, and who moderates, read it all the same.
    """
    if removed and topic.author_id != ctx.user.id and not moderates(ctx):
        return _("已删除的主题")
    return topic.title


def titles(ctx: ActivityContext, topics: Iterable[Topic]) -> Mapping[int, str]:
    """The titles of these topics, by the topic's id."""
    wanted = {topic.id: topic for topic in topics}
    gone = set(
        ctx.session.scalars(
            select(Post.topic_id).where(
                Post.topic_id.in_(sorted(wanted)),
                Post.number == 1,
                Post.removed_at.is_not(None),
            )
        )
    )
    return {
        key: title_of(ctx, topic, removed=key in gone) for key, topic in wanted.items()
    }
