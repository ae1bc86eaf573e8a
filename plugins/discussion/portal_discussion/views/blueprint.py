"""The blueprint, and what its pages share."""

import secrets

from flask import Blueprint, flash, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.api import ActivityContext, PortalError
from portal_discussion.lists import page_of
from portal_discussion.models import Post
from portal_discussion.posting import topic_of
from portal_discussion.words import sentence

blueprint = Blueprint("discussion", __name__)

LONGEST_KEY = 64


def posted() -> MultiDict[str, str]:
    """The form as it was sent, its lines ended in one way."""
    return MultiDict(
        (name, value.replace("\r\n", "\n"))
        for name, value in request.form.items(multi=True)
    )


def form_key() -> str:
    """The name of this form: that which was sent, else a new one."""
    sent = request.form.get("form_key", "")[:LONGEST_KEY]
    return sent or secrets.token_urlsafe(16)


def counter() -> int:
    """That of the draft in this window."""
    return request.form.get("counter", default=0, type=int)


def is_anothers_page(ctx: ActivityContext) -> bool:
    """Whether the page was opened by somebody who is not logged in any more (A13)."""
    return request.form.get("user_id", str(ctx.user.id)) != str(ctx.user.id)


def go(ctx: ActivityContext, endpoint: str, **values: object) -> Response:
    """Go to a page of this discussion, so that a reload does not post again."""
    return redirect(ctx.url(endpoint, **values), code=303)


def go_back(ctx: ActivityContext) -> Response:
    """Go to the discussion's first page."""
    return redirect(f"{request.script_root}{ctx.activity.url}", code=303)


def go_to_post(ctx: ActivityContext, post: Post) -> Response:
    """Go to where the post stands."""
    return go(ctx, "topic", topic_id=post.topic_id, at=post.number)


def page_at(ctx: ActivityContext, topic_id: int, *, newest: bool) -> int:
    """The page that is asked for: by its number, or by a post that stands on it."""
    at = request.args.get("at", type=int)
    if at is None:
        return request.args.get("page", 1, type=int)
    return page_of(topic_of(ctx, topic_id), at, newest=newest)


def say_no(error: PortalError) -> None:
    """Put what went wrong above the page that comes."""
    flash(sentence(error), "warn")


def clock_time(ctx: ActivityContext, draft: object) -> str:
    """What a clock in the county showed when the draft was saved."""
    saved_at = getattr(draft, "saved_at", ctx.now)
    return str(saved_at.astimezone(ctx.span.zone).strftime("%H:%M"))
