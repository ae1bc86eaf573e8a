"""The page at the door: for who came by the QR code and has no part in the workshop."""

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import ActivityContext, Conflict, Invalid
from portal_attendance import announcing, sessions, signing, visiting
from portal_attendance.devices import device_of, mark_device, new_device
from portal_attendance.models import Session, SignState
from portal_attendance.views.blueprint import go
from portal_attendance.visiting import Welcome
from portal_attendance.words import sentence

LONGEST_TICKET = 64


def door(ctx: ActivityContext, session: Session) -> ResponseReturnValue:
    """What the screen in the room shows, and that the person is not on the list."""
    ticket = request.args.get("ticket", "")[:LONGEST_TICKET]
    return _page(ctx, session, visiting.welcome(ctx, session, ticket), ticket)


def come(ctx: ActivityContext, session: Session) -> ResponseReturnValue:
    """Let the leader see that the person came."""
    ticket = request.form.get("ticket", "")[:LONGEST_TICKET]
    device = device_of(request) or new_device()
    try:
        told = visiting.note(ctx, session, ticket, device)
    except (Conflict, Invalid) as error:
        return _page(ctx, session, Welcome.CAME, ticket, problem=sentence(error))
    if told is not Welcome.NOTED:
        return _page(ctx, session, told, ticket)
    row = signing.sign_in_of(ctx, session, ctx.user)
    if row is not None and row.state == SignState.HELD:
        announcing.tell_of_held(ctx, session, row)
    answer = go(ctx, "sign_page", session_id=session.id)
    mark_device(request, answer, device)
    return answer


def _page(
    ctx: ActivityContext,
    session: Session,
    told: Welcome,
    ticket: str,
    *,
    problem: str = "",
) -> ResponseReturnValue:
    """The page; of a ticket that is over nothing of the event is told."""
    shown = {
        "session": session,
        "theme": sessions.theme_of(ctx, session),
        "lecturer": sessions.lecturer_of(ctx, session),
        "place": sessions.place_of(ctx, session),
        "action": ctx.url("sign", session_id=session.id),
    }
    page = render_template(
        "attendance/visiting.html",
        told=told,
        ticket=ticket,
        problem=problem,
        **({} if told is Welcome.STALE else shown),
    )
    answer = make_response(page, 422 if problem or told is Welcome.STALE else 200)
    mark_device(request, answer, device_of(request) or new_device())
    return answer
