"""What leaders do: choose, remove with a reason, bring back, pin, close, look over."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import ActivityContext, Conflict, Invalid, Permission, requires
from portal.api import gettext as _
from portal_discussion import moderating, overview, posting
from portal_discussion.forms import RemovalForm
from portal_discussion.models import Post
from portal_discussion.people import People
from portal_discussion.views.blueprint import blueprint, go, go_to_post, posted, say_no


@blueprint.post("/posts/<int:post_id>/essence")
@requires(Permission.GIVE_MARKS)
def choose(ctx: ActivityContext, post_id: int) -> ResponseReturnValue:
    """Call a post essence, or no longer."""
    post = posting.post_of(ctx, post_id)
    essence = _on()
    try:
        moderating.choose(ctx, post, essence=essence)
    except Invalid as error:
        say_no(error)
    else:
        flash(_("已设为精华。") if essence else _("已取消精华。"), "ok")
    return go_to_post(ctx, post)


@blueprint.get("/posts/<int:post_id>/remove")
@requires(Permission.EDIT_WORKSHOP)
def removal(ctx: ActivityContext, post_id: int) -> ResponseReturnValue:
    """Ask why."""
    post = posting.post_of(ctx, post_id)
    if post.removed_at is not None:
        return go_to_post(ctx, post)
    return _removal_page(ctx, post, RemovalForm())


@blueprint.post("/posts/<int:post_id>/remove")
@requires(Permission.EDIT_WORKSHOP)
def remove(ctx: ActivityContext, post_id: int) -> ResponseReturnValue:
    """Hide it from everybody else, and tell the author."""
    post = posting.post_of(ctx, post_id)
    form = RemovalForm(posted())
    if not form.validate():
        return _removal_page(ctx, post, form, status=422)
    try:
        moderating.remove(ctx, post, str(form.reason.data))
    except Conflict as error:
        say_no(error)
    else:
        flash(_("已删除，并告诉了作者。"), "ok")
    return go_to_post(ctx, post)


def _removal_page(
    ctx: ActivityContext, post: Post, form: RemovalForm, *, status: int = 200
) -> ResponseReturnValue:
    name = People(ctx).name(post.author_id)
    page = render_template(
        "ui/confirm.html",
        title=_("删除这一帖"),
        text=posting.excerpt(post.text, posting.EXCERPT),
        items=[
            _("别人看不到正文，只看到删除的原因。"),
            _("%(name)s会收到通知，这一帖不再计入考核。", name=name),
            _("原文仍然留存，可以随时恢复。"),
        ],
        form=form,
        action=ctx.url("remove", post_id=post.id),
        cancel_url=ctx.url("topic", topic_id=post.topic_id, at=post.number),
        button_label=_("删除"),
        breadcrumbs=[(ctx.activity.title, ctx.activity.url)],
    )
    return page, status


@blueprint.post("/posts/<int:post_id>/restore")
@requires(Permission.EDIT_WORKSHOP)
def restore(ctx: ActivityContext, post_id: int) -> ResponseReturnValue:
    """Show it again, and let it count."""
    post = posting.post_of(ctx, post_id)
    try:
        moderating.restore(ctx, post)
    except Invalid as error:
        say_no(error)
    else:
        flash(_("已恢复。"), "ok")
    return go_to_post(ctx, post)


@blueprint.post("/topics/<int:topic_id>/pin")
@requires(Permission.EDIT_WORKSHOP)
def pin(ctx: ActivityContext, topic_id: int) -> ResponseReturnValue:
    """Keep the topic above the others, or let it go."""
    moderating.pin(ctx, topic_id, pinned=_on())
    flash(_("已置顶。") if _on() else _("已取消置顶。"), "ok")
    return go(ctx, "topic", topic_id=topic_id)


@blueprint.post("/topics/<int:topic_id>/close")
@requires(Permission.EDIT_WORKSHOP)
def close(ctx: ActivityContext, topic_id: int) -> ResponseReturnValue:
    """Take no more replies, or take them again."""
    moderating.close(ctx, topic_id, closed=_on())
    flash(_("已关闭，不再接受回帖。") if _on() else _("已重新打开。"), "ok")
    return go(ctx, "topic", topic_id=topic_id)


def _on() -> bool:
    return request.form.get("on") == "yes"


@blueprint.get("/people")
@requires(Permission.VIEW_OVERVIEW)
def people_page(ctx: ActivityContext) -> ResponseReturnValue:
    """Who has posted how much."""
    return render_template(
        "discussion/people.html",
        ctx=ctx,
        rows=overview.lines(ctx),
        asks=overview.asks(ctx),
    )
