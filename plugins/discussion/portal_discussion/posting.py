"""Starting topics, replying, and mending one's own words for a while.

A form that is sent twice is one post: its key is the person's own. The author's tally
is held before the topic, everywhere, so that nobody waits for one another.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.api import (
    ActivityContext,
    Conflict,
    FileRef,
    Forbidden,
    Invalid,
    NotFound,
    PersonRef,
    PortalError,
    Words,
)
from portal.api import lazy_gettext as _l
from portal_discussion import drafts, marks
from portal_discussion.counting import judge, locked_tally, measure
from portal_discussion.models import EarlierText, Post, Topic
from portal_discussion.taking_part import check_open, is_learner

EXCERPT = 80
"""Characters of a reply that a notice quotes."""

FIRST_REPLY = 2
"""The number of the post after the one that opens a topic."""


def topic_of(ctx: ActivityContext, topic_id: int) -> Topic:
    """A topic of this activity.

    Raises:
        NotFound: there is none of this number here.
    """
    found = ctx.session.get(Topic, topic_id)
    if found is None or found.activity_id != ctx.activity.id:
        raise NotFound
    return found


def post_of(ctx: ActivityContext, post_id: int) -> Post:
    """A post of this activity, removed or not.

    Raises:
        NotFound: there is none of this number here.
    """
    found = ctx.session.get(Post, post_id)
    if found is None or found.activity_id != ctx.activity.id:
        raise NotFound
    return found


def sent(ctx: ActivityContext, form_key: str) -> Post | None:
    """The post that this form became already; holds the person's tally.

    Two clicks wait for one another here, so that the second finds what the first did.
    """
    locked_tally(ctx, ctx.user.id)
    return ctx.session.scalars(
        select(Post).where(
            Post.activity_id == ctx.activity.id,
            Post.author_id == ctx.user.id,
            Post.form_key == form_key,
        )
    ).one_or_none()


def start(
    ctx: ActivityContext,
    form_key: str,
    title: str,
    text: str,
    files: Sequence[FileRef] = (),
) -> Post:
    """Begin a topic; the same form again is the same topic.

    Raises:
        Forbidden: the acting person only looks on.
        Invalid: not_open_yet, over.
    """
    check_open(ctx)
    if post := sent(ctx, form_key):
        return post
    topic = Topic(
        activity_id=ctx.activity.id,
        title=title.strip(),
        author_id=ctx.user.id,
        started_at=ctx.now,
        posts=0,
        last_at=ctx.now,
    )
    ctx.session.add(topic)
    ctx.session.flush()
    post = _add(ctx, topic, form_key, text, files)
    drafts.forget(ctx, drafts.NEW_TOPIC)
    return post


def reply(
    ctx: ActivityContext,
    topic_id: int,
    form_key: str,
    text: str,
    files: Sequence[FileRef] = (),
    *,
    answers: int | None = None,
) -> Post:
    """Answer in a topic, or one post of it; the same form again is the same post.

    Who began the topic is told, and whose post is answered.

    Args:
        answers: the number of that post; one that there is not answers the topic.

    Raises:
        NotFound: there is no such topic.
        Forbidden: the acting person only looks on.
        Invalid: not_open_yet, over, topic_closed.
    """
    check_open(ctx)
    if post := sent(ctx, form_key):
        return post
    topic = topic_of(ctx, topic_id)
    ctx.session.refresh(topic, with_for_update=True)
    if topic.closed_at is not None:
        raise Invalid("topic_closed")
    answered = answerable(ctx, topic, answers)
    post = _add(ctx, topic, form_key, text, files, answered)
    drafts.forget(ctx, topic.id)
    _tell(ctx, topic, post, answered)
    return post


def answerable(ctx: ActivityContext, topic: Topic, number: int | None) -> Post | None:
    """The reply of this number, to be answered: none that opens, or was removed."""
    if number is None or number < FIRST_REPLY:
        return None
    return ctx.session.scalars(
        select(Post).where(
            Post.topic_id == topic.id,
            Post.number == number,
            Post.removed_at.is_(None),
        )
    ).one_or_none()


def _add(
    ctx: ActivityContext,
    topic: Topic,
    form_key: str,
    text: str,
    files: Sequence[FileRef],
    answered: Post | None = None,
) -> Post:
    topic.posts += 1
    topic.last_at, topic.last_by_id = ctx.now, ctx.user.id
    post = Post(
        activity_id=ctx.activity.id,
        topic_id=topic.id,
        number=topic.posts,
        author_id=ctx.user.id,
        form_key=form_key,
        text=text.strip(),
        answers=answered.number if answered else None,
        files=[asdict(one) for one in files],
        at=ctx.now,
        version=1,
        by_learner=is_learner(ctx),
        counts=False,
        essence=False,
        revision=0,
        reported={},
    )
    measure(post)
    ctx.session.add(post)
    ctx.session.flush()
    judge(ctx, post, locked_tally(ctx, ctx.user.id))
    marks.read(ctx, topic, topic.posts)
    return post


def _tell(
    ctx: ActivityContext, topic: Topic, post: Post, answered: Post | None
) -> None:
    """Tell whose post is answered, and who began the topic; each of them once."""
    asked = answered.author_id if answered else None
    _notify(
        ctx,
        topic,
        post,
        asked,
        _l("“%(title)s”里有人回复了您", title=topic.title),
        "answer",
    )
    if topic.author_id != asked:
        title = _l("“%(title)s”有了新的回帖", title=topic.title)
        _notify(ctx, topic, post, topic.author_id, title, "reply")


def _notify(
    ctx: ActivityContext,
    topic: Topic,
    post: Post,
    user_id: int | None,
    title: Words,
    what: str,
) -> None:
    """One notice until they have looked, however many answer; none of one's own."""
    if user_id is None or user_id == post.author_id:
        return
    person = PersonRef(user_id, "")
    seen = marks.read_upto(ctx, topic, person)
    ctx.notify(
        [person],
        title=title,
        body=_l(
            "%(name)s：%(text)s", name=ctx.user.name, text=excerpt(post.text, EXCERPT)
        ),
        url=ctx.url("topic", topic_id=topic.id, at=post.number),
        once=f"{what}:{topic.id}:{user_id}:{seen}",
    )


def excerpt(text: str, most: int) -> str:
    """The beginning of a text in one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def edit_until(ctx: ActivityContext, post: Post) -> datetime:
    """Until when its author may mend it; what can count, only while posts are taken."""
    until = post.at + timedelta(minutes=int(ctx.settings["edit_minutes"]))
    return min(until, ctx.dates().closes) if post.by_learner else until


def may_edit(ctx: ActivityContext, post: Post) -> bool:
    """Whether the acting person may mend the post now."""
    return post.author_id == ctx.user.id and edit_refusal(ctx, post) is None


def edit_refusal(ctx: ActivityContext, post: Post) -> PortalError | None:
    """Why its author cannot mend it now."""
    if post.removed_at is not None:
        return Conflict("removed_meanwhile")
    if post.topic.closed_at is not None:
        return Invalid("topic_closed_to_edits")
    left = post.by_learner and not is_learner(ctx)
    if left or ctx.now >= edit_until(ctx, post):
        return Invalid("editing_over")
    return None


def edit(
    ctx: ActivityContext, post: Post, version: int, text: str, title: str | None = None
) -> None:
    """Mend one's own post; what it said before is kept. The same again changes nothing.

    Raises:
        Forbidden: it is another's.
        Invalid: topic_closed_to_edits, editing_over.
        Conflict: removed_meanwhile, edited_meanwhile.
    """
    if post.author_id != ctx.user.id:
        raise Forbidden
    tally = locked_tally(ctx, ctx.user.id)
    ctx.session.refresh(post, with_for_update=True)
    topic = topic_of(ctx, post.topic_id)
    ctx.session.refresh(topic, with_for_update=True)
    if refusal := edit_refusal(ctx, post):
        raise refusal
    new = text.strip(), topic.title if title is None else title.strip()
    if (post.text, topic.title) == new:
        return
    if version != post.version:
        raise Conflict("edited_meanwhile")
    _keep_earlier(ctx, post, topic)
    post.text = new[0]
    if post.opens:
        topic.title = new[1]
    post.version += 1
    post.edited_at = ctx.now
    measure(post)
    judge(ctx, post, tally)


def _keep_earlier(ctx: ActivityContext, post: Post, topic: Topic) -> None:
    ctx.session.add(
        EarlierText(
            post_id=post.id,
            version=post.version,
            title=topic.title if post.opens else "",
            text=post.text,
            until=ctx.now,
        )
    )
