"""The blueprint, and what its pages share."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from flask import Blueprint, redirect, request
from flask_babel import format_datetime
from werkzeug.wrappers import Response

from portal.api import ActivityContext, NotFound, PersonRef

blueprint = Blueprint("attendance", __name__)


@blueprint.app_template_filter("attendance_number")
def plain(number: Decimal | int) -> str:
    """A number without the noughts that a database adds: 3, 1.5, 100."""
    return f"{Decimal(number).normalize():f}"


@blueprint.app_template_filter("attendance_clock")
def clock_time(moment: datetime) -> str:
    """What a clock in the county shows at a moment: 11:30."""
    return str(format_datetime(moment, "HH:mm"))


@blueprint.app_template_filter("attendance_day")
def day_of(moment: datetime) -> str:
    """The day of a moment in the county, to be compared."""
    return str(format_datetime(moment, "yyyy-MM-dd"))


def go(ctx: ActivityContext, endpoint: str, **values: object) -> Response:
    """Go to a page of this event, so that a reload does not post again."""
    return redirect(ctx.url(endpoint, **values), code=303)


def go_back(ctx: ActivityContext) -> Response:
    """Go to the event's first page."""
    return redirect(f"{request.script_root}/activities/{ctx.activity.id}", code=303)


def names_of(ctx: ActivityContext, people: Iterable[int]) -> Mapping[int, str]:
    """What these people are called; who is gone is left out."""
    found = {}
    for number in sorted(set(people)):
        try:
            found[number] = ctx.of(PersonRef(number, "")).user.name
        except NotFound:
            continue
    return found
