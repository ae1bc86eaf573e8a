"""Signing in on a phone: by the code on the screen, or by its QR code's link."""

from flask import flash, make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    Conflict,
    Invalid,
    Permission,
    PersonRef,
    for_the_county,
    keeps_form,
)
from portal.api import gettext as _
from portal_attendance import announcing, sessions, signing
from portal_attendance.devices import device_of, mark_device, new_device
from portal_attendance.events import is_open
from portal_attendance.marks import mark_of
from portal_attendance.models import Session, SignIn, SignState, Standing
from portal_attendance.roll import is_listed
from portal_attendance.signing import Way
from portal_attendance.views import visiting
from portal_attendance.views.blueprint import blueprint, go
from portal_attendance.words import STANDINGS, sentence


@blueprint.get("/sessions/<int:session_id>/sign")
@for_the_county
def sign_page(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """Where, when, how one stands, and the code if it is time.

    Who has no part in the workshop finds the visitors' page, by the QR code alone.
    """
    session = sessions.session_in(ctx, session_id)
    if not ctx.can(Permission.VIEW):
        return visiting.door(ctx, session)
    return _page(ctx, session, code=request.args.get("code", "")[:12])


@blueprint.post("/sessions/<int:session_id>/sign")
@for_the_county
@keeps_form
def sign(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """Sign in, or out; a code that is refused stays to be looked at."""
    session = sessions.session_in(ctx, session_id)
    if not ctx.can(Permission.VIEW):
        return visiting.come(ctx, session)
    way = Way.OUT if request.form.get("way") == Way.OUT else Way.IN
    code = request.form.get("code", "")[:12]
    device = device_of(request) or new_device()
    try:
        row = signing.sign(ctx, session, code, device, way=way)
    except (Conflict, Invalid) as error:
        return _page(ctx, session, code=code, problem=sentence(error), status=422)
    if row.state == SignState.HELD:
        announcing.tell_of_held(ctx, session, row)
    kind, words = _said(ctx, session, row)
    flash(words, kind)
    answer = go(ctx, "sign_page", session_id=session.id)
    mark_device(request, answer, device)
    return answer


def _said(ctx: ActivityContext, session: Session, row: SignIn) -> tuple[str, str]:
    """What became of it, and how it is to be shown."""
    if row.state == SignState.HELD:
        return "warn", _("已记下，要等坊主核实：这部手机刚才已有别人用过。")
    if row.state == SignState.REFUSED:
        return "warn", _("坊主没有认可您的签到：%(reason)s", reason=row.reason)
    if not row.listed:
        return "warn", _("已记下，但您不在这场活动的名单上，不计出勤。")
    if row.way == Way.OUT:
        return "ok", _("已签退。")
    mark = mark_of(ctx, session, PersonRef(row.user_id, ""))
    if mark is not None and Standing(mark.standing).arrived_late:
        return "warn", _("已签到，记为迟到。")
    return "ok", _("已签到。")


def _page(
    ctx: ActivityContext,
    session: Session,
    *,
    code: str,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    came, listed = signing.sign_in_of(ctx, session, ctx.user), is_listed(ctx, ctx.user)
    if came is not None and listed and not came.listed and not session.settled_at:
        came = None  # on the list since: signing in again counts
    left = signing.sign_in_of(ctx, session, ctx.user, Way.OUT)
    mark = mark_of(ctx, session, ctx.user)
    way = Way.IN if came is None else Way.OUT
    window = signing.window_of(ctx, session, way)
    takes = (
        session.cancelled_at is None
        and session.settled_at is None
        and (way is Way.IN or session.signs_out)
        and is_open(ctx)
        and window.opens <= ctx.now < window.closes
    )
    page = render_template(
        "attendance/sign.html",
        ctx=ctx,
        session=session,
        theme=sessions.theme_of(ctx, session),
        lecturer=sessions.lecturer_of(ctx, session),
        place=sessions.place_of(ctx, session),
        came=came,
        left=left,
        standing=STANDINGS[Standing(mark.standing)] if mark else None,
        listed=listed,
        is_open=is_open(ctx),
        way=way,
        window=window,
        takes=takes,
        code=code,
        problem=problem,
    )
    answer = make_response(page, status)
    mark_device(request, answer, device_of(request) or new_device())
    return answer
