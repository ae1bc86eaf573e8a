"""The big screen: the code of this moment, and its QR code.

The page asks for the next code by itself as long as it stands there; without scripts
the browser loads it anew with every code.
"""

from typing import Any

import segno
from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from portal.api import ActivityContext, Permission, requires
from portal_attendance import codes, sessions, signing
from portal_attendance.events import is_open
from portal_attendance.models import Session, SignState
from portal_attendance.roll import roll
from portal_attendance.signing import Way
from portal_attendance.views.blueprint import blueprint


@blueprint.get("/sessions/<int:session_id>/screen")
@requires(Permission.EDIT_WORKSHOP)
def screen(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """What is thrown on the wall while people come in."""
    session = sessions.session_in(ctx, session_id)
    opened = is_open(ctx)
    return render_template(
        "attendance/screen.html",
        ctx=ctx,
        session=session,
        theme=sessions.theme_of(ctx, session),
        lecturer=sessions.lecturer_of(ctx, session),
        place=sessions.place_of(ctx, session),
        opened=opened,
        window=signing.window_of(ctx, session, Way.IN),
        shown=_shown(ctx, session) if opened else None,
        expected=len(roll(ctx)),
    )


@blueprint.get("/sessions/<int:session_id>/screen/code")
@requires(Permission.EDIT_WORKSHOP)
def screen_code(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """The same as JSON; `{"over": true}` when there is no code any more."""
    session = sessions.session_in(ctx, session_id)
    shown = _shown(ctx, session) if is_open(ctx) else None
    return jsonify(shown or {"over": True})


def _shown(ctx: ActivityContext, session: Session) -> dict[str, Any] | None:
    """The code, its picture, for how many milliseconds, and how many came."""
    if not signing.shows_code(ctx, session):
        return None
    code = codes.code_at(session.secret, ctx.now)
    ticket = codes.ticket_at(session.secret, ctx.now)
    link = ctx.url(
        "sign_page", session_id=session.id, code=code, ticket=ticket, _external=True
    )
    picture = segno.make(link, error="m", micro=False)
    rows = signing.sign_ins(ctx, [session])
    came = [row for row in rows if row.way == Way.IN]
    return {
        "code": f"{code[:3]} {code[3:]}",
        "picture": picture.svg_data_uri(scale=8, border=2, light="white"),
        "milliseconds": (codes.step_ends(ctx.now) - ctx.now).seconds * 1000
        + (codes.step_ends(ctx.now) - ctx.now).microseconds // 1000,
        "came": sum(row.state == SignState.TAKEN and row.listed for row in came),
        "held": sum(row.state == SignState.HELD for row in rows),
    }
