"""What the pages of topics show: posts with what they answer, and the sheet below."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.api import ActivityContext, count_characters
from portal_discussion import lists, moderating, posting
from portal_discussion.counting import minimum
from portal_discussion.forms import ReplyForm
from portal_discussion.models import MOST_FILES, Draft, Post, Topic
from portal_discussion.people import People
from portal_discussion.taking_part import is_learner, is_open
from portal_discussion.titles import titles
from portal_discussion.views.attaching import readable
from portal_discussion.views.blueprint import clock_time, form_key, page_at


def writing(
    ctx: ActivityContext,
    form: Any,
    draft: Draft | None,
    theirs: Draft | None,
    *,
    opens: bool,
) -> dict[str, object]:
    """What the sheet needs on which one writes."""
    return {
        "form": form,
        "most_files": MOST_FILES,
        "theirs": theirs,
        "counter": draft.counter if draft else 0,
        "saved_at": clock_time(ctx, draft) if draft else None,
        "form_key": form_key(),
        "least": minimum(ctx, opens=opens) if is_learner(ctx) else 0,
        "length": count_characters(form.text.data or "").characters,
    }


def number_in(field: Any) -> int | None:
    """The number in a field that nobody types; None where there is none."""
    text = str(field.data or "")
    return int(text) if text.isascii() and text.isdigit() else None


def topic_page(
    ctx: ActivityContext,
    found: Topic,
    form: ReplyForm,
    draft: Draft | None,
    *,
    problem: str = "",
    theirs: Draft | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    newest = request.args.get("order") == "newest"
    page = page_at(ctx, found.id, newest=newest)
    rows, window = lists.posts(ctx, found, page, newest=newest)
    people = People(ctx)
    quoted = posting.answerable(ctx, found, number_in(form.answers))
    form.answers.data = str(quoted.number) if quoted else ""
    earlier = lists.answered(ctx, rows)
    html = render_template(
        "discussion/topic.html",
        ctx=ctx,
        topic=found,
        title=titles(ctx, [found])[found.id],
        rows=[_shown(ctx, people, post, earlier) for post in rows],
        quoted=_quoted(people, quoted) if quoted else None,
        window=window,
        newest=newest,
        at=request.args.get("at", type=int),
        upto=max((post.number for post in rows), default=0),
        open=is_open(ctx),
        moderates=moderating.moderates(ctx),
        chooses=moderating.chooses(ctx),
        problem=problem,
        people=people,
        **writing(ctx, form, draft, theirs, opens=False),
    )
    return html, status


QUOTED = 40
"""Characters of a post that a reply to it repeats."""


def _quoted(people: People, post: Post) -> dict[str, Any]:
    """The line by which a reply says what it answers; no words of what was removed."""
    removed = post.removed_at is not None
    return {
        "number": post.number,
        "name": people.name(post.author_id),
        "words": "" if removed else posting.excerpt(post.text, QUOTED),
        "removed": removed,
    }


def _shown(
    ctx: ActivityContext, people: People, post: Post, earlier: Mapping[int, Post]
) -> dict[str, Any]:
    """A post as the page shows it: what was removed only to its author and leaders."""
    own = post.author_id == ctx.user.id
    removed = post.removed_at is not None
    answered = earlier.get(post.answers or 0)
    return {
        "answers": _quoted(people, answered) if answered else None,
        "post": post,
        "title": people.name(post.author_id),
        "time": post.at,
        "guides": people.guides(post.author_id),
        "removed": removed,
        "by_guide": post.removed_by_id in people.staff,
        "readable": readable(ctx, post),
        "own": own,
        "restores": moderating.may_restore(ctx, post),
        "edits": posting.may_edit(ctx, post),
        "least": minimum(ctx, opens=post.opens),
    }
