"""Pictures and files of posts: taken in when a post is sent, and shown with it."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    FileRef,
    Invalid,
    NotFound,
    Permission,
    requires,
)
from portal_discussion import posting
from portal_discussion.models import MOST_FILES, Post
from portal_discussion.moderating import moderates
from portal_discussion.views.blueprint import blueprint


def stored(ctx: ActivityContext) -> list[FileRef]:
    """The files that were sent with the form, kept.

    Raises:
        Invalid: too_many_files, or the portal does not take one of them.
    """
    sent = [one for one in request.files.getlist("files") if one.filename]
    if len(sent) > MOST_FILES:
        raise Invalid("too_many_files", most=MOST_FILES)
    return [ctx.store(one) for one in sent]


def readable(ctx: ActivityContext, post: Post) -> bool:
    """Whether the acting person reads it: what was removed its author and leaders."""
    own = post.author_id == ctx.user.id
    return post.removed_at is None or own or moderates(ctx)


@blueprint.get("/posts/<int:post_id>/files/<int:place>")
@requires(Permission.VIEW)
def post_file(ctx: ActivityContext, post_id: int, place: int) -> ResponseReturnValue:
    """A picture or a file of a post, counted from 1, for who reads the post.

    Raises:
        NotFound: there is none, or it was removed with its post.
    """
    post = posting.post_of(ctx, post_id)
    files = post.attachments
    if not readable(ctx, post) or not 1 <= place <= len(files):
        raise NotFound
    return ctx.send(files[place - 1])
