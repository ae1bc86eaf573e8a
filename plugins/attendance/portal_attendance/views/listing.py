"""The leader's pages of one session: who came, who is held, the list to tick."""

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from portal.api import (
    ActivityContext,
    Conflict,
    Invalid,
    Permission,
    PersonRef,
    keeps_form,
    ngettext,
    requires,
)
from portal.api import gettext as _
from portal_attendance import listing, sessions, settling, signing
from portal_attendance.events import is_closed, is_open
from portal_attendance.models import Session, SignIn, SignState, Standing
from portal_attendance.seats import LARGEST_ID
from portal_attendance.signing import Way
from portal_attendance.views.blueprint import blueprint, go, names_of
from portal_attendance.words import STANDINGS, sentence

FIELD = "standing-"
RESTS = (Standing.PRESENT, Standing.ABSENT)
"""What can be said of all others at once."""

LONGEST_NUMBER = len(str(LARGEST_ID))
"""Digits of a person's number: Python reads no longer one than it was told to."""


@blueprint.get("/sessions/<int:session_id>")
@requires(Permission.EDIT_WORKSHOP)
def session_page(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """How the session goes: numbers, who waits for a decision, everybody."""
    session = sessions.session_in(ctx, session_id)
    lines = listing.lines(ctx, session)
    rows = signing.sign_ins(ctx, [session])
    held = [row for row in rows if row.state == SignState.HELD]
    strangers = [
        row
        for row in rows
        if row.way == Way.IN and (not row.listed or row.state == SignState.REFUSED)
    ]
    people = {one.user_id for one in (*held, *strangers)}
    people |= {row.shared_with_id for row in held if row.shared_with_id}
    people |= {row.decided_by_id for row in strangers if row.decided_by_id}
    return render_template(
        "attendance/session.html",
        ctx=ctx,
        session=session,
        theme=sessions.theme_of(ctx, session),
        lecturer=sessions.lecturer_of(ctx, session),
        place=sessions.place_of(ctx, session),
        lines=lines,
        counts=Counter(line.standing for line in lines),
        held=held,
        strangers=strangers,
        names=names_of(ctx, people),
        schools=_schools(ctx, strangers),
        standings=STANDINGS,
        shows_code=is_open(ctx) and signing.shows_code(ctx, session),
        begun=ctx.now >= session.starts_at,
        is_open=is_open(ctx),
        is_closed=is_closed(ctx),
        Standing=Standing,
    )


def _schools(ctx: ActivityContext, rows: Sequence[SignIn]) -> Mapping[int, str]:
    """Where these people work: who came unasked may be known to nobody here."""
    found = ctx.profiles([PersonRef(row.user_id, "") for row in rows])
    return {number: one.school.name for number, one in found.items() if one.school}


@blueprint.post("/sign-ins/<int:sign_in_id>")
@requires(Permission.EDIT_WORKSHOP)
@keeps_form
def decide_held(ctx: ActivityContext, sign_in_id: int) -> ResponseReturnValue:
    """Accept a sign-in that was held, or refuse it with a reason."""
    accept = request.form.get("decision") == "accept"
    reason = request.form.get("reason", "")[:1000]
    session = signing.session_of(ctx, sign_in_id)
    try:
        signing.decide(ctx, sign_in_id, accept=accept, reason=reason)
    except Invalid:
        flash(_("请写明不认可的理由，老师会看到。"), "warn")
        return go(ctx, "session_page", session_id=session.id)
    except Conflict as error:
        flash(sentence(error), "warn")
        return go(ctx, "session_page", session_id=session.id)
    if settling.is_over(ctx, session):
        settling.settle(ctx, session)
    flash(_("已认可这次签到。") if accept else _("没有认可这次签到。"), "ok")
    return go(ctx, "session_page", session_id=session.id)


@blueprint.get("/sessions/<int:session_id>/list")
@requires(Permission.EDIT_WORKSHOP)
def list_page(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """Everybody on one page, to be ticked."""
    return _list_page(ctx, sessions.session_in(ctx, session_id))


@blueprint.post("/sessions/<int:session_id>/list")
@requires(Permission.EDIT_WORKSHOP)
@keeps_form
def save_list(ctx: ActivityContext, session_id: int) -> ResponseReturnValue:
    """Save what was ticked; nothing is saved where one line is wrong."""
    session = sessions.session_in(ctx, session_id)
    said = _said()
    try:
        changed = listing.save(ctx, session, said, rest=_rest())
    except (Conflict, Invalid) as error:
        return _list_page(ctx, session, said, problem=sentence(error), status=422)
    words = ngettext("改了 %(num)s 人的考勤。", "改了 %(num)s 人的考勤。", changed)
    flash(words if changed else _("没有改动。"), "ok")
    own = listing.own_line(ctx, listing.lines(ctx, session))
    if session.settled_at is None and own is not None and not own.is_known:
        flash(_("您自己的考勤还没有登记，请别的坊主或县里的干部登记。"), "warn")
    return go(ctx, "session_page", session_id=session.id)


def _said() -> dict[int, Standing]:
    """What the leader chose, by person; what is no standing is left out."""
    known = {str(one): one for one in Standing}
    return {
        int(number): known[value]
        for name, value in request.form.items()
        if name.startswith(FIELD)
        and (number := name.removeprefix(FIELD)).isdecimal()
        and len(number) <= LONGEST_NUMBER
        and value in known
    }


def _rest() -> Standing | None:
    """What everybody else is to be, who was given no line of their own."""
    word = request.form.get("rest")
    return next((one for one in RESTS if one == word), None)


def _list_page(
    ctx: ActivityContext,
    session: Session,
    said: dict[int, Standing] | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "attendance/list.html",
        ctx=ctx,
        session=session,
        lines=listing.lines(ctx, session),
        said=said or {},
        rests=RESTS,
        rest=request.form.get("rest", ""),
        standings=STANDINGS,
        begun=ctx.now >= session.starts_at,
        problem=problem,
        field=FIELD,
        Standing=Standing,
    )
    return page, status
