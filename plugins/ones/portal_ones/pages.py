"""Who still lacks what, for those who lead."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.api import ActivityContext, Permission, requires
from portal_ones.checklist import lines
from portal_ones.words import STATES

pages = Blueprint("ones", __name__)


@pages.get("/people")
@requires(Permission.READ_SUBMISSIONS)
def people(ctx: ActivityContext) -> ResponseReturnValue:
    """Everybody with what is done, what waits, and what is missing."""
    return render_template("ones/people.html", ctx=ctx, rows=lines(ctx), states=STATES)
