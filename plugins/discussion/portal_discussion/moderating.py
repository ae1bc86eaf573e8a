"""What a leader does with posts and topics: choose, remove, bring back, pin, close."""

from sqlalchemy import func, select

from portal.api import (
    ActivityContext,
    Conflict,
    Forbidden,
    Invalid,
    Permission,
    PersonRef,
    Words,
)
from portal.api import lazy_gettext as _l
from portal_discussion.counting import judge, locked_tally
from portal_discussion.models import Post, Tally, Topic
from portal_discussion.posting import EXCERPT, excerpt, topic_of


def chooses(ctx: ActivityContext) -> bool:
    """Whether the acting person says what is essence."""
    return ctx.can(Permission.GIVE_MARKS)


def moderates(ctx: ActivityContext) -> bool:
    """Whether the acting person removes, pins and closes."""
    return ctx.can(Permission.EDIT_WORKSHOP)


def choose(ctx: ActivityContext, post: Post, *, essence: bool) -> None:
    """Call a post essence (精华), or no longer; again, it changes nothing.

    Raises:
        Forbidden: the acting person gives no marks here.
        Invalid: own_essence, not_for_essence, no_essence_left.
    """
    if not chooses(ctx):
        raise Forbidden
    tally = _held(ctx, post)
    if post.essence == essence:
        return
    if essence and post.author_id == ctx.user.id:
        raise Invalid("own_essence")
    if essence and post.removed_at is not None:
        raise Invalid("not_for_essence")
    if essence:
        _check_quota(ctx)
    post.essence = essence
    _judge(ctx, post, tally)
    if essence:
        title = _l("您的帖子被设为精华")
        _tell(ctx, post, title, excerpt(post.text, EXCERPT), "essence")


def _check_quota(ctx: ActivityContext) -> None:
    """Raises Invalid when the activity has as many as it may.

    The first topic stands for the activity: two leaders who choose at once wait for
    one another at its row.
    """
    most = ctx.settings["essence_most"]
    if most is None:
        return
    first = select(func.min(Topic.id)).where(Topic.activity_id == ctx.activity.id)
    ctx.session.scalars(
        select(Topic.id).where(Topic.id == first.scalar_subquery()).with_for_update()
    ).one()
    chosen = ctx.session.scalar(
        select(func.count(Post.id)).where(
            Post.activity_id == ctx.activity.id, Post.essence
        )
    )
    if (chosen or 0) >= most:
        raise Invalid("no_essence_left", most=most)


def remove(ctx: ActivityContext, post: Post, reason: str) -> None:
    """Hide a post from everybody else, with a reason; it is kept and gives nothing.

    Raises:
        Forbidden: the acting person does not moderate here.
        Conflict: removed_meanwhile.
    """
    if not moderates(ctx):
        raise Forbidden
    tally = _held(ctx, post)
    if post.removed_at is not None:
        raise Conflict("removed_meanwhile")
    post.removed_at, post.removed_by_id = ctx.now, ctx.user.id
    post.reason = reason.strip()
    post.essence = False
    _judge(ctx, post, tally)
    title = _l("您的帖子被删除：%(reason)s", reason=post.reason)
    _tell(ctx, post, title, excerpt(post.text, EXCERPT), "removed")


def may_restore(ctx: ActivityContext, post: Post) -> bool:
    """Whether the acting person may bring it back: not one's own from others."""
    own = post.author_id == ctx.user.id
    return moderates(ctx) and (not own or post.removed_by_id == ctx.user.id)


def restore(ctx: ActivityContext, post: Post) -> None:
    """Bring a removed post back, and let it count again; again, it changes nothing.

    Raises:
        Forbidden: the acting person does not moderate here.
        Invalid: removed_by_another.
    """
    if not moderates(ctx):
        raise Forbidden
    tally = _held(ctx, post)
    if post.removed_at is None:
        return
    if not may_restore(ctx, post):
        raise Invalid("removed_by_another")
    post.removed_at = post.removed_by_id = None
    post.reason = ""
    _judge(ctx, post, tally)
    title = _l("您的帖子已恢复")
    _tell(ctx, post, title, excerpt(post.text, EXCERPT), "restored")


def pin(ctx: ActivityContext, topic_id: int, *, pinned: bool) -> None:
    """Keep a topic above the others, or let it go.

    Raises:
        Forbidden: the acting person does not moderate here.
    """
    topic = _moderated(ctx, topic_id)
    topic.pinned_at = (topic.pinned_at or ctx.now) if pinned else None
    ctx.session.flush()


def close(ctx: ActivityContext, topic_id: int, *, closed: bool) -> None:
    """Take no more replies in a topic, or take them again.

    Raises:
        Forbidden: the acting person does not moderate here.
    """
    topic = _moderated(ctx, topic_id)
    topic.closed_at = (topic.closed_at or ctx.now) if closed else None
    ctx.session.flush()


def _moderated(ctx: ActivityContext, topic_id: int) -> Topic:
    topic = topic_of(ctx, topic_id)
    if not moderates(ctx):
        raise Forbidden
    ctx.session.refresh(topic, with_for_update=True)
    return topic


def _held(ctx: ActivityContext, post: Post) -> Tally | None:
    """Hold the author's tally and the post, and read them as they are now."""
    tally = locked_tally(ctx, post.author_id) if post.author_id else None
    ctx.session.refresh(post, with_for_update=True)
    return tally


def _judge(ctx: ActivityContext, post: Post, tally: Tally | None) -> None:
    """Report it of its author, if the portal still knows them."""
    if tally is None:
        ctx.session.flush()
    else:
        judge(ctx, post, tally)


def _tell(ctx: ActivityContext, post: Post, title: Words, body: str, what: str) -> None:
    if post.author_id is None or post.author_id == ctx.user.id:
        return
    ctx.notify(
        [PersonRef(post.author_id, "")],
        title=title,
        body=body,
        url=ctx.url("topic", topic_id=post.topic_id, at=post.number),
        once=f"{what}:{post.id}:{ctx.now.isoformat()}",
    )
