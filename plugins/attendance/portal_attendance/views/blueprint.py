"""The blueprint, and what its pages share."""

from decimal import Decimal

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from portal.api import ActivityContext

blueprint = Blueprint("attendance", __name__)


@blueprint.app_template_filter("attendance_number")
def plain(number: Decimal | int) -> str:
    """A number without the noughts that a database adds: 3, 1.5, 100."""
    return f"{Decimal(number).normalize():f}"


def go(ctx: ActivityContext, endpoint: str, **values: object) -> Response:
    """Go to a page of this event, so that a reload does not post again."""
    return redirect(ctx.url(endpoint, **values), code=303)


def go_back(ctx: ActivityContext) -> Response:
    """Go to the event's first page."""
    return redirect(f"{request.script_root}/activities/{ctx.activity.id}", code=303)
