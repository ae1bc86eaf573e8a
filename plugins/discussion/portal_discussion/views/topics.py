"""A topic with its posts, the reply below it, and beginning a new one."""

from typing import Any

from flask import flash, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    Forbidden,
    Form,
    Invalid,
    Permission,
    keeps_form,
    requires,
)
from portal.api import gettext as _
from portal_discussion import drafts, marks, posting
from portal_discussion.drafts import NEW_TOPIC, Stale
from portal_discussion.forms import ReplyForm, TopicForm
from portal_discussion.models import Draft, Post
from portal_discussion.taking_part import check_open, is_open, may_write
from portal_discussion.views.attaching import stored
from portal_discussion.views.blueprint import (
    blueprint,
    clock_time,
    counter,
    form_key,
    go_back,
    go_to_post,
    is_anothers_page,
    posted,
)
from portal_discussion.views.showing import number_in, topic_page, writing
from portal_discussion.words import sentence


@blueprint.get("/topics/new")
@requires(Permission.VIEW)
def new_topic(ctx: ActivityContext) -> ResponseReturnValue:
    """The page on which one begins a topic."""
    if not is_open(ctx):
        return _not_open(ctx)
    draft = drafts.draft_of(ctx)
    return _new_page(ctx, TopicForm(data=draft.fields if draft else {}), draft)


def _not_open(ctx: ActivityContext) -> ResponseReturnValue:
    """Say why nothing can be written.

    Raises:
        Forbidden: the acting person only looks on.
    """
    if not may_write(ctx):
        raise Forbidden
    flash(_("现在不能发帖。"), "warn")
    return go_back(ctx)


def _new_page(
    ctx: ActivityContext,
    form: Form,
    draft: Draft | None,
    *,
    problem: str = "",
    theirs: Draft | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "discussion/new.html",
        ctx=ctx,
        problem=problem,
        **writing(ctx, form, draft, theirs, opens=True),
    )
    return page, status


@blueprint.post("/topics")
@requires(Permission.VIEW)
@keeps_form
def start(ctx: ActivityContext) -> ResponseReturnValue:
    """Begin a topic; sent twice, it is one."""
    if is_anothers_page(ctx):
        raise Forbidden("other_user")
    form = TopicForm(posted())
    try:
        check_open(ctx)
        if post := posting.sent(ctx, form_key()):
            return go_to_post(ctx, post)
        draft = drafts.save(ctx, NEW_TOPIC, counter(), _fields(form))
    except Stale as stale:
        theirs = stale.draft
        return _new_page(ctx, form, theirs, theirs=theirs, status=409)
    except Invalid as error:
        return _new_page(ctx, form, None, problem=sentence(error), status=422)
    if request.form.get("save") or not form.validate():
        return _new_page(ctx, form, draft, status=422 if form.errors else 200)
    try:
        files = stored(ctx)
    except Invalid as error:
        return _new_page(ctx, form, draft, problem=sentence(error), status=422)
    post = posting.start(ctx, form_key(), _text(form.title), _text(form.text), files)
    flash(_receipt(post), "ok" if _as_wanted(post) else "warn")
    return go_to_post(ctx, post)


@blueprint.post("/topics/draft")
@requires(Permission.VIEW)
def autosave_topic(ctx: ActivityContext) -> ResponseReturnValue:
    """Keep what is being written."""
    return _autosave(ctx, NEW_TOPIC, TopicForm(posted()))


@blueprint.get("/topics/<int:topic_id>")
@requires(Permission.VIEW)
def topic(ctx: ActivityContext, topic_id: int) -> ResponseReturnValue:
    """A page of the topic, and the sheet for a reply."""
    found = posting.topic_of(ctx, topic_id)
    draft = drafts.draft_of(ctx, found.id) if may_write(ctx) else None
    form = ReplyForm(data=draft.fields if draft else {})
    if "answer" in request.args:
        form.answers.data = request.args["answer"]
    return topic_page(ctx, found, form, draft)


@blueprint.post("/topics/<int:topic_id>")
@requires(Permission.VIEW)
@keeps_form
def reply(ctx: ActivityContext, topic_id: int) -> ResponseReturnValue:
    """Answer; sent twice, it is one reply."""
    if is_anothers_page(ctx):
        raise Forbidden("other_user")
    found = posting.topic_of(ctx, topic_id)
    form = ReplyForm(posted())
    draft = None
    try:
        check_open(ctx)
        if post := posting.sent(ctx, form_key()):
            return go_to_post(ctx, post)
        draft = drafts.save(ctx, found.id, counter(), _fields(form))
        if request.form.get("save") or not form.validate():
            status = 422 if form.errors else 200
            return topic_page(ctx, found, form, draft, status=status)
        answers = number_in(form.answers)
        text, files = _text(form.text), stored(ctx)
        post = posting.reply(ctx, topic_id, form_key(), text, files, answers=answers)
    except Stale as stale:
        theirs = stale.draft
        return topic_page(ctx, found, form, theirs, theirs=theirs, status=409)
    except Invalid as error:
        problem = sentence(error)
        return topic_page(ctx, found, form, draft, problem=problem, status=422)
    flash(_receipt(post), "ok" if _as_wanted(post) else "warn")
    return go_to_post(ctx, post)


def _as_wanted(post: Post) -> bool:
    return post.counts or not post.by_learner


def _receipt(post: Post) -> str:
    """What became of it."""
    if not post.by_learner:
        return _("已发出。")
    if post.counts:
        return _("已发出，计入考核（%(count)s 字）。", count=post.characters)
    return _("已发出。这一帖字数不够，或与您以前的帖子相同，不计入考核。")


@blueprint.post("/topics/<int:topic_id>/draft")
@requires(Permission.VIEW)
def autosave_reply(ctx: ActivityContext, topic_id: int) -> ResponseReturnValue:
    """Keep what is being written."""
    found = posting.topic_of(ctx, topic_id)
    return _autosave(ctx, found.id, ReplyForm(posted()))


def _autosave(ctx: ActivityContext, topic_id: int, form: Form) -> ResponseReturnValue:
    if is_anothers_page(ctx):
        return jsonify(error="other_user"), 403
    if not may_write(ctx):
        raise Forbidden
    try:
        draft = drafts.save(ctx, topic_id, counter(), _fields(form))
    except Stale as stale:
        return jsonify(
            error="stale",
            text=stale.draft.fields.get("text", ""),
            counter=stale.draft.counter,
        ), 409
    return jsonify(counter=draft.counter, saved_at=clock_time(ctx, draft))


def _fields(form: Form) -> dict[str, str]:
    """What a draft keeps of a form."""
    return {field.name: str(field.data or "") for field in form}


def _text(field: Any) -> str:
    return str(field.data or "")


@blueprint.post("/topics/<int:topic_id>/seen/<int:number>")
@requires(Permission.VIEW)
def seen(ctx: ActivityContext, topic_id: int, number: int) -> ResponseReturnValue:
    """The page says that it was read up to this post."""
    marks.read(ctx, posting.topic_of(ctx, topic_id), number)
    return "", 204


@blueprint.post("/seen")
@requires(Permission.VIEW)
def seen_all(ctx: ActivityContext) -> ResponseReturnValue:
    """Everything counts as read."""
    marks.read_all(ctx)
    flash(_("都标为已读了。"), "ok")
    return go_back(ctx)
