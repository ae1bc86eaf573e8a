"""Who still lacks what, for those who lead."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.api import ActivityContext, Permission, requires
from portal_ones.checklist import by_duty, lines
from portal_ones.words import STATES

pages = Blueprint("ones", __name__)


@pages.get("/people")
@requires(Permission.READ_SUBMISSIONS)
def people(ctx: ActivityContext) -> ResponseReturnValue:
    """Each duty with who lacks it; each person with what is done, waits, is missing."""
    rows = lines(ctx)
    return render_template(
        "ones/people.html", ctx=ctx, rows=rows, duties=by_duty(rows), states=STATES
    )
