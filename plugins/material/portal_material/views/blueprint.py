"""The blueprint, and what its pages share."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from portal.api import ActivityContext

blueprint = Blueprint("material", __name__)


def go(ctx: ActivityContext, endpoint: str, **values: object) -> Response:
    """Go to a page of these materials, so that a reload does not post again."""
    return redirect(ctx.url(endpoint, **values), code=303)


def go_back(ctx: ActivityContext) -> Response:
    """Go to the activity's own page."""
    return redirect(f"{request.script_root}{ctx.activity.url}", code=303)
