"""One post: mending it, what it said before; and posts found by words or author."""

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.api import (
    ActivityContext,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Permission,
    count_characters,
    keeps_form,
    requires,
)
from portal.api import gettext as _
from portal_discussion import lists, moderating, posting
from portal_discussion.counting import minimum
from portal_discussion.forms import ReplyForm, TopicForm
from portal_discussion.lists import LONGEST_SEARCH, Wanted
from portal_discussion.models import EarlierText, Post
from portal_discussion.people import People
from portal_discussion.titles import titles
from portal_discussion.views.blueprint import (
    blueprint,
    go_to_post,
    posted,
    say_no,
)
from portal_discussion.words import sentence


@blueprint.get("/posts/<int:post_id>/edit")
@requires(Permission.VIEW)
def edit_page(ctx: ActivityContext, post_id: int) -> ResponseReturnValue:
    """One's own post, to be mended while there is time."""
    post = _own(ctx, post_id)
    if refusal := posting.edit_refusal(ctx, post):
        say_no(refusal)
        return go_to_post(ctx, post)
    form = _form(post, data={"title": post.topic.title, "text": post.text})
    return _edit_page(ctx, post, form)


@blueprint.post("/posts/<int:post_id>/edit")
@requires(Permission.VIEW)
@keeps_form
def edit(ctx: ActivityContext, post_id: int) -> ResponseReturnValue:
    """Keep what it says now; what it said before stays."""
    post = _own(ctx, post_id)
    form = _form(post, posted())
    if not form.validate():
        return _edit_page(ctx, post, form, status=422)
    version = request.form.get("version", 0, type=int)
    title = str(form.title.data) if post.opens else None
    try:
        posting.edit(ctx, post, version, str(form.text.data), title)
    except Invalid as error:
        return _edit_page(ctx, post, form, problem=sentence(error), status=422)
    except Conflict as error:
        return _edit_page(ctx, post, form, problem=sentence(error), status=409)
    flash(_("已修改。"), "ok")
    return go_to_post(ctx, post)


def _own(ctx: ActivityContext, post_id: int) -> Post:
    post = posting.post_of(ctx, post_id)
    if post.author_id != ctx.user.id:
        raise Forbidden
    return post


def _form(post: Post, *sent: Any, **values: Any) -> Any:
    return (TopicForm if post.opens else ReplyForm)(*sent, **values)


def _edit_page(
    ctx: ActivityContext,
    post: Post,
    form: Any,
    *,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "discussion/edit.html",
        ctx=ctx,
        post=post,
        topic_title=_title(ctx, post),
        form=form,
        problem=problem,
        now=post.text if status == 409 else None,
        until=posting.edit_until(ctx, post),
        least=minimum(ctx, opens=post.opens) if post.by_learner else 0,
        length=count_characters(form.text.data or "").characters,
    )
    return page, status


def _title(ctx: ActivityContext, post: Post) -> str:
    return titles(ctx, [post.topic])[post.topic_id]


@blueprint.get("/posts/<int:post_id>/versions")
@requires(Permission.VIEW)
def versions(ctx: ActivityContext, post_id: int) -> ResponseReturnValue:
    """What a post said before; for its author and those who moderate.

    Raises:
        NotFound: it is not the reader's to see.
    """
    post = posting.post_of(ctx, post_id)
    if post.author_id != ctx.user.id and not moderating.moderates(ctx):
        raise NotFound
    rows = ctx.session.scalars(
        select(EarlierText)
        .where(EarlierText.post_id == post.id)
        .order_by(EarlierText.version.desc())
    ).all()
    return render_template(
        "discussion/versions.html",
        ctx=ctx,
        post=post,
        topic_title=_title(ctx, post),
        rows=rows,
        people=People(ctx),
    )


@blueprint.get("/posts")
@requires(Permission.VIEW)
def find(ctx: ActivityContext) -> ResponseReturnValue:
    """Posts by words, by author, or the chosen ones."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    people = People(ctx)
    author = request.args.get("author", type=int)
    person = people.person(author) if author else None
    if author and person is None:
        raise NotFound
    wanted = Wanted(words, person.id if person else None, "essence" in request.args)
    page = request.args.get("page", 1, type=int)
    rows, window = lists.found(ctx, wanted, page)
    return render_template(
        "discussion/find.html",
        ctx=ctx,
        rows=rows,
        titles=titles(ctx, (post.topic for post in rows)),
        window=window,
        wanted=wanted,
        person=person,
        people=people,
        excerpt=posting.excerpt,
    )
