"""The page of the gate: what is there, what lacks and where to mend it, and closing."""

from collections.abc import Mapping

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from portal.api import ActivityContext, Conflict, Permission, Words, requires
from portal.api import gettext as _
from portal.api import lazy_gettext as _l
from portal_attendance import closing
from portal_attendance.closing import Gate
from portal_attendance.events import event_of
from portal_attendance.sessions import own_or_shared, sessions_of
from portal_attendance.views.blueprint import blueprint, go, go_back
from portal_attendance.words import FIVE, sentence

TITLES: Mapping[str, Words] = {
    **FIVE,
    "photos": _l("活动照片"),
    "list_photo": _l("纸质签到表的照片"),
    "outcome": _l("主讲人的成果"),
    "notes": _l("学员的研修笔记"),
}


@blueprint.get("/closing")
@requires(Permission.EDIT_WORKSHOP)
def closing_page(ctx: ActivityContext) -> ResponseReturnValue:
    """All that closing needs, each with where it is mended."""
    gates = closing.gates(ctx)
    event = event_of(ctx)
    return render_template(
        "attendance/closing.html",
        ctx=ctx,
        rows=[
            {"gate": gate, "title": TITLES[gate.code], "url": _mended_at(ctx, gate)}
            for gate in gates
        ],
        lacking=sum(not gate.is_met for gate in gates),
        closed_at=event.closed_at if event else None,
    )


def _mended_at(ctx: ActivityContext, gate: Gate) -> str:
    """The page on which what lacks is added."""
    match gate.code:
        case "photos" | "list_photo" | "outcome":
            return ctx.url("photos_page")
        case "notes":
            return f"/desk?activity={ctx.activity.id}"
        case "list":
            for session in sessions_of(ctx):
                if session.settled_at is None:
                    return ctx.url("session_page", session_id=session.id)
        case "theme" | "lecturer" | "place":
            for session in sessions_of(ctx):
                if not own_or_shared(ctx, session, gate.code):
                    return ctx.url("edit_session", session_id=session.id)
    return ctx.url("new_session")


@blueprint.post("/closing")
@requires(Permission.EDIT_WORKSHOP)
def close_event(ctx: ActivityContext) -> ResponseReturnValue:
    """Close the event; from then on a mark changes by an approved correction only."""
    try:
        closing.close(ctx)
    except Conflict as error:
        flash(sentence(error), "warn")
        return go(ctx, "closing_page")
    flash(_("活动已结束归档。考勤有误，可以申请更正。"), "ok")
    return go_back(ctx)
