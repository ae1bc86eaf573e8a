"""Topics, the posts of a topic, and posts found: a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.api import ActivityContext
from portal_discussion.models import Post, Reading, Topic
from portal_discussion.titles import title_of

PAGE = 20
"""Topics, or posts, on one page."""

LONGEST_SEARCH = 50


@dataclass(frozen=True)
class Window:
    """Which page of how many there are, the first being 1."""

    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))

    @property
    def here(self) -> int:
        """The page that is shown: the nearest there is."""
        return min(max(self.page, 1), self.pages)

    @property
    def offset(self) -> int:
        """How many come before it."""
        return (self.here - 1) * PAGE


@dataclass(frozen=True)
class TopicLine:
    """A topic in the list, as far as the reader may see it."""

    topic: Topic
    title: str
    """As the reader may read it."""
    essence: bool
    removed: bool
    """Whether its first post was removed."""
    read: int
    """The number of the last post the reader has seen."""

    @property
    def replies(self) -> int:
        """How many answers it has."""
        return max(0, self.topic.posts - 1)

    @property
    def unread(self) -> int:
        """How many posts the reader has not seen."""
        return max(0, self.topic.posts - self.read)

    @property
    def next_post(self) -> int | None:
        """The first that the reader has not seen, if they have begun to read."""
        return self.read + 1 if self.read and self.unread else None


def topics(
    ctx: ActivityContext, page: int, *, newest: bool
) -> tuple[Sequence[TopicLine], Window]:
    """A page of topics, pinned ones first: the newest, or those last spoken in."""
    window = Window(page, _count(ctx, Topic))
    order = Topic.started_at if newest else Topic.last_at
    rows = ctx.session.execute(
        select(Topic, Post.essence, Post.removed_at, Reading.upto)
        .join(Post, and_(Post.topic_id == Topic.id, Post.number == 1))
        .outerjoin(
            Reading,
            and_(Reading.topic_id == Topic.id, Reading.user_id == ctx.user.id),
        )
        .where(Topic.activity_id == ctx.activity.id)
        .order_by(Topic.pinned_at.is_(None), order.desc(), Topic.id.desc())
        .limit(PAGE)
        .offset(window.offset)
    )
    lines = [
        TopicLine(
            topic,
            title_of(ctx, topic, removed=removed_at is not None),
            essence,
            removed_at is not None,
            upto or 0,
        )
        for topic, essence, removed_at, upto in rows
    ]
    return lines, window


def _count(ctx: ActivityContext, model: Any) -> int:
    counted = select(func.count(model.id)).where(model.activity_id == ctx.activity.id)
    return ctx.session.scalar(counted) or 0


def page_of(topic: Topic, number: int, *, newest: bool) -> int:
    """The page on which a post of this number stands."""
    place = topic.posts - number if newest else number - 1
    return max(0, place) // PAGE + 1


def posts(
    ctx: ActivityContext, topic: Topic, page: int, *, newest: bool
) -> tuple[Sequence[Post], Window]:
    """A page of a topic's posts, removed ones among them."""
    window = Window(page, topic.posts)
    rows = ctx.session.scalars(
        select(Post)
        .where(Post.topic_id == topic.id)
        .order_by(Post.number.desc() if newest else Post.number)
        .limit(PAGE)
        .offset(window.offset)
    )
    return rows.all(), window


def answered(ctx: ActivityContext, posts: Sequence[Post]) -> dict[int, Post]:
    """The posts of one topic that these answer, by their numbers."""
    numbers = {post.answers for post in posts if post.answers}
    if not numbers:
        return {}
    rows = ctx.session.scalars(
        select(Post).where(
            Post.topic_id == posts[0].topic_id, Post.number.in_(sorted(numbers))
        )
    )
    return {row.number: row for row in rows}


@dataclass(frozen=True)
class Wanted:
    """Which posts are looked for: all, by words, by author, or the chosen ones."""

    words: str = ""
    author_id: int | None = None
    essence: bool = False

    def of(self, query: Select[Any]) -> Select[Any]:
        """The query with these conditions; what was removed is not found."""
        query = query.where(Post.removed_at.is_(None))
        if self.words:
            text = Post.text.contains(self.words, autoescape=True)
            title = Topic.title.contains(self.words, autoescape=True)
            query = query.where(or_(text, and_(Post.number == 1, title)))
        if self.author_id is not None:
            query = query.where(Post.author_id == self.author_id)
        if self.essence:
            query = query.where(Post.essence)
        return query


def found(
    ctx: ActivityContext, wanted: Wanted, page: int
) -> tuple[Sequence[Post], Window]:
    """A page of the posts that are looked for, the newest first, with their topics."""
    here = Post.activity_id == ctx.activity.id
    total = ctx.session.scalar(
        wanted.of(select(func.count(Post.id)).join(Post.topic).where(here))
    )
    window = Window(page, total or 0)
    rows = ctx.session.scalars(
        wanted.of(select(Post).join(Post.topic).where(here))
        .options(joinedload(Post.topic))
        .order_by(Post.at.desc(), Post.id.desc())
        .limit(PAGE)
        .offset(window.offset)
    )
    return rows.all(), window
