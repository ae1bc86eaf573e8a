"""Who learned how long."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.api import ActivityContext, Permission, requires
from portal_material.items import items_of
from portal_material.results import rows
from portal_material.views.blueprint import blueprint
from portal_material.words import SIGNS


@blueprint.get("/minutes")
@requires(Permission.EDIT_WORKSHOP)
def minutes_page(ctx: ActivityContext) -> ResponseReturnValue:
    """Learners and their minutes, and what a person should ask about."""
    people = rows(ctx)
    return render_template(
        "material/minutes.html",
        ctx=ctx,
        rows=people,
        items=items_of(ctx),
        done=sum(one.done for one in people),
        begun=sum(one.opened > 0 for one in people),
        asked=[one for one in people if one.signs],
        signs=SIGNS,
    )
