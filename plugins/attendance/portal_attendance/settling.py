"""After a session: everybody on the list has a mark, by what is known of them.

Who signed in has theirs already. Of the others, who is on approved leave is exempt
and who is not is absent. A session that is kept by list is settled when the
leader saves the list; nobody is absent because the leader forgot. While a sign-in is
held the session waits for the decision about it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import orm, select

from portal.api import ActivityContext, PersonRef, Span
from portal_attendance import circulars, signing
from portal_attendance.marks import marks_of, set_mark
from portal_attendance.models import (
    Entry,
    Event,
    How,
    Mark,
    Session,
    SignState,
    Standing,
)
from portal_attendance.roll import roll
from portal_attendance.sessions import sessions_of
from portal_attendance.signing import Way

BY_LIST = "list"
"""The setting by which the leader keeps the list, and nobody signs in by code."""


def is_on_leave(ctx: ActivityContext, session: Session, person: PersonRef) -> bool:
    """Whether leave, approved in both steps, covers the whole session."""
    span = Span(session.starts_at, session.ends_at, ctx.span.zone)
    return ctx.on_leave(span, person)


def is_over(ctx: ActivityContext, session: Session) -> bool:
    """Whether nobody can sign in or out any more."""
    way = Way.OUT if session.signs_out else Way.IN
    return ctx.now >= signing.window_of(ctx, session, way).closes


def settle_due(ctx: ActivityContext) -> None:
    """Settle the sessions that are over, where the event is open and has codes."""
    if ctx.settings["kept"] == BY_LIST or not is_opened(ctx):
        return
    for session in sessions_of(ctx):
        if session.settled_at is None and is_over(ctx, session):
            settle(ctx, session)


def settle(ctx: ActivityContext, session: Session) -> bool:
    """Give everybody on the list a mark; says whether the session is settled now.

    Repeatable. It is not settled while somebody on the list is held; they alone have
    no mark. Who is not on it keeps nobody waiting.
    """
    ctx.session.refresh(session, with_for_update=True)
    if session.settled_at is not None:
        return True
    rows = {(row.user_id, row.way): row for row in signing.sign_ins(ctx, [session])}
    people = roll(ctx)
    held = {user for (user, _), row in rows.items() if row.state == SignState.HELD}
    waiting = held & {person.id for person in people}
    marks = marks_of(ctx, [session])
    for person in people:
        if person.id in waiting:
            continue
        mark = marks.get((session.id, person.id))
        came = rows.get((person.id, Way.IN))
        if came is not None and came.state == SignState.TAKEN:
            came.listed = True
            if mark is None or _is_by_code(ctx, mark):
                left = rows.get((person.id, Way.OUT))
                standing = signing.standing_by(ctx, session, came, left, over=True)
                set_mark(ctx, session, person, standing, how=How.CLOCK)
        elif mark is None:
            away = is_on_leave(ctx, session, person)
            standing = Standing.ON_LEAVE if away else Standing.ABSENT
            how = How.LEAVE if away else How.CLOCK
            set_mark(ctx, session, person, standing, how=how)
    if not waiting:
        session.settled_at = ctx.now
    ctx.session.flush()
    return not waiting


def _is_by_code(ctx: ActivityContext, mark: Mark) -> bool:
    """Whether the newest entry came from signing in: what a leader said stands."""
    how = ctx.session.scalar(
        select(Entry.how).where(Entry.mark_id == mark.id, Entry.number == mark.revision)
    )
    return how in (How.CODE, How.CLOCK)


def apply_leave(
    ctx: ActivityContext, person: PersonRef, starts: datetime, ends: datetime
) -> Sequence[Session]:
    """Let leave that was approved later take the place of absences; those changed.

    Whoever was there in spite of it stays present.
    """
    rows = ctx.session.execute(
        select(Session, Mark)
        .join(Mark, Mark.session_id == Session.id)
        .where(
            Session.activity_id == ctx.activity.id,
            Mark.user_id == person.id,
            Mark.standing == Standing.ABSENT,
            Session.starts_at < ends,
            Session.ends_at > starts,
        )
        .order_by(Session.starts_at)
    ).all()
    changed = []
    for session, _mark in rows:
        if is_on_leave(ctx, session, person):
            set_mark(ctx, session, person, Standing.ON_LEAVE, how=How.LEAVE)
            changed.append(session)
    if changed:
        circulars.changed(ctx, person)
    return changed


def absences_since(ctx: ActivityContext, since: datetime) -> Sequence[PersonRef]:
    """Who was absent in a session that ended since then: leave may come later."""
    rows = ctx.session.scalars(
        select(Mark.user_id)
        .distinct()
        .join(Session, Session.id == Mark.session_id)
        .where(
            Session.activity_id == ctx.activity.id,
            Session.ends_at >= since,
            Mark.standing == Standing.ABSENT,
        )
        .order_by(Mark.user_id)
    )
    return [PersonRef(number, "") for number in rows]


def activities_with_absence(
    database: orm.Session, person_id: int, starts: datetime, ends: datetime
) -> Sequence[int]:
    """The activities where the person was absent meanwhile, closed ones too."""
    rows = database.scalars(
        select(Session.activity_id)
        .distinct()
        .join(Mark, Mark.session_id == Session.id)
        .where(
            Mark.user_id == person_id,
            Mark.standing == Standing.ABSENT,
            Session.starts_at < ends,
            Session.ends_at > starts,
        )
        .order_by(Session.activity_id)
    )
    return list(rows)


def is_opened(ctx: ActivityContext) -> bool:
    """Whether the event was ever opened to sign-in."""
    found = select(Event.id).where(Event.activity_id == ctx.activity.id)
    return ctx.session.scalar(found) is not None
