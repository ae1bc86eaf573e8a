"""Which posts count, the facts reported of them, and what a person's come to.

A post counts when a learner wrote it, it is long enough as the portal counts, and its
words are not those of an earlier post of the same person here. What is removed gives
nothing, but says so: its fact has the measure `rejected`.

Whoever changes a post holds the author's tally first (`locked_tally`), so that two
windows are judged one after the other.
"""

import hashlib
import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.exc import IntegrityError

from portal.api import ActivityContext, Evidence, PersonRef, count_characters
from portal_discussion.models import Post, Tally

DONE = "once"
"""The slot, with the number of its round from the second on."""


def slot_key(round_: int) -> str:
    """The key of the duty; a new one each time that what was enough no longer is."""
    return f"{DONE}:{round_}" if round_ else DONE


def digest(text: str) -> str:
    """The same for texts whose letters and digits are the same."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(sign for sign in plain if sign.isalnum())
    return hashlib.sha256(bare.encode("utf-8", "surrogatepass")).hexdigest()


def tally_of(ctx: ActivityContext, user_id: int) -> Tally | None:
    """What a person's posts come to here."""
    return ctx.session.scalars(
        select(Tally).where(
            Tally.activity_id == ctx.activity.id, Tally.user_id == user_id
        )
    ).one_or_none()


def locked_tally(ctx: ActivityContext, user_id: int) -> Tally:
    """The same, made where there is none, and held until the request ends."""
    found = tally_of(ctx, user_id)
    if found is None:
        fresh = Tally(activity_id=ctx.activity.id, user_id=user_id)
        try:
            with ctx.session.begin_nested():
                ctx.session.add(fresh)
            found = fresh
        except IntegrityError:
            found = tally_of(ctx, user_id)
    assert found is not None
    ctx.session.refresh(found, with_for_update=True)
    return found


def minimum(ctx: ActivityContext, *, opens: bool) -> int:
    """How many characters a topic or a reply needs to count."""
    return int(ctx.settings["topic_minimum" if opens else "reply_minimum"])


def measure(post: Post) -> None:
    """Note the length and the digest of what the post says now."""
    post.characters = count_characters(post.text).characters
    post.digest = digest(post.text)


def judge(ctx: ActivityContext, post: Post, tally: Tally) -> None:
    """Say whether the post counts, report what is new of it, and add up.

    Repeatable. Its author's tally is held.
    """
    ctx.session.flush()
    post.counts = (
        post.by_learner
        and post.removed_at is None
        and post.characters >= minimum(ctx, opens=post.opens)
        and not _is_repeat(ctx, post)
    )
    measures = _measures(post)
    if measures != post.reported:
        _report(ctx, post, measures)
    ctx.session.flush()
    _add_up(ctx, tally)


def _is_repeat(ctx: ActivityContext, post: Post) -> bool:
    """Whether the same person said the same before, removed or not."""
    found = ctx.session.scalar(
        select(Post.id)
        .where(
            Post.activity_id == post.activity_id,
            Post.author_id == post.author_id,
            Post.digest == post.digest,
            Post.id < post.id,
        )
        .limit(1)
    )
    return found is not None


def _measures(post: Post) -> dict[str, int]:
    """What the post is worth to a scheme; nothing where there is nothing to say."""
    if post.removed_at is not None and post.by_learner:
        return {"rejected": 1}
    if not post.counts:
        return {}
    return {
        "posts": 1,
        "topics" if post.opens else "replies": 1,
        "characters": post.characters,
        "essence": int(post.essence),
    }


def _report(ctx: ActivityContext, post: Post, measures: dict[str, int]) -> None:
    """A newer fact; those before stay as history."""
    key, author = f"post:{post.id}", PersonRef(post.author_id or 0, "")
    post.revision += 1
    post.reported = measures
    if not measures:
        ctx.withdraw(key, post.revision, "too short, or said before", author)
        return
    evidence = {
        "post": post.id,
        "topic": post.topic_id,
        "number": post.number,
        "version": post.version,
        "digest": post.digest,
        "reason": post.reason,
    }
    ctx.complete(
        key,
        post.revision,
        measures,
        Evidence(evidence),
        occurred_at=post.at,
        person=author,
    )


def _add_up(ctx: ActivityContext, tally: Tally) -> None:
    """Make the tally from the posts, and settle the duty or open it again."""
    row = ctx.session.execute(_SUMS.where(*_posts_of(tally))).one()
    tally.topics, tally.replies = int(row.topics or 0), int(row.replies or 0)
    tally.characters, tally.essence = int(row.characters or 0), int(row.essence or 0)
    tally.rejected, tally.last_at = int(row.rejected or 0), row.last_at
    met = is_met(ctx, tally)
    if met == tally.met:
        return
    tally.met = met
    person = PersonRef(tally.user_id, "")
    if met:
        ctx.settle(slot_key(tally.round), person)
    else:
        tally.round += 1
        ctx.of(person).save_personal({"round": tally.round})
    ctx.session.flush()


def _counted(amount: Any) -> Any:
    return func.sum(case((Post.counts, amount), else_=0))


_SUMS = select(
    _counted(case((Post.number == 1, 1), else_=0)).label("topics"),
    _counted(case((Post.number > 1, 1), else_=0)).label("replies"),
    _counted(Post.characters).label("characters"),
    _counted(case((Post.essence, 1), else_=0)).label("essence"),
    func.sum(case((Post.removed_at.is_not(None), 1), else_=0)).label("rejected"),
    func.max(Post.at).label("last_at"),
)


def _posts_of(tally: Tally) -> tuple[ColumnElement[bool], ...]:
    return Post.activity_id == tally.activity_id, Post.author_id == tally.user_id


def is_met(ctx: ActivityContext, tally: Tally | None) -> bool:
    """Whether these posts are as many as the settings ask for."""
    topics, replies = (tally.topics, tally.replies) if tally else (0, 0)
    wanted = ctx.settings["topics_required"], ctx.settings["replies_required"]
    return bool(topics >= wanted[0] and replies >= wanted[1])
