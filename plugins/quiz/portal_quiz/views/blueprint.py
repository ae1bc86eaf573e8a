"""The blueprint, and what its pages share."""

from decimal import Decimal

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from portal.api import ActivityContext

blueprint = Blueprint("quiz", __name__)


@blueprint.app_template_filter("quiz_number")
def plain(number: Decimal | int) -> str:
    """A number without the noughts that a database adds: 5, 7.5, 100."""
    return f"{Decimal(number).normalize():f}"


def go(ctx: ActivityContext, endpoint: str, **values: object) -> Response:
    """Go to a page of this quiz, so that a reload does not post again."""
    return redirect(ctx.url(endpoint, **values), code=303)


def go_back(ctx: ActivityContext) -> Response:
    """Go to the quiz's first page."""
    return redirect(f"{request.script_root}/activities/{ctx.activity.id}", code=303)


def clock_time(ctx: ActivityContext) -> str:
    """What a clock in the county shows now."""
    return ctx.now.astimezone(ctx.span.zone).strftime("%H:%M")
