"""Marks: how each person stands to each session, and every way they ever stood.

A change is a new entry; the fact is reported again under the entry's number. The row
of the mark is locked first, so that of two changes at once each sees the other.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.api import ActivityContext, PersonRef
from portal_attendance import reporting
from portal_attendance.models import Entry, Event, How, Mark, Session, Standing


def marks_of(
    ctx: ActivityContext, sessions: Iterable[Session] | None = None
) -> Mapping[tuple[int, int], Mark]:
    """The marks of the event, or of these sessions, by session and person."""
    rows = (
        select(Mark)
        .join(Session, Session.id == Mark.session_id)
        .where(Session.activity_id == ctx.activity.id)
    )
    if sessions is not None:
        rows = rows.where(Mark.session_id.in_([one.id for one in sessions]))
    return {(row.session_id, row.user_id): row for row in ctx.session.scalars(rows)}


def mark_of(ctx: ActivityContext, session: Session, person: PersonRef) -> Mark | None:
    """How the person stands to the session; None while nothing is known."""
    return ctx.session.scalars(
        select(Mark).where(Mark.session_id == session.id, Mark.user_id == person.id)
    ).one_or_none()


def history(ctx: ActivityContext, mark: Mark) -> Sequence[Entry]:
    """Every standing that the mark had, the newest first."""
    return ctx.session.scalars(
        select(Entry).where(Entry.mark_id == mark.id).order_by(Entry.number.desc())
    ).all()


def set_mark(
    ctx: ActivityContext,
    session: Session,
    person: PersonRef,
    standing: Standing,
    *,
    how: How,
    by_id: int | None = None,
    approved_by_id: int | None = None,
    reason: str = "",
) -> bool:
    """Let the person stand so, and report it; says whether that was a change.

    A correction that was approved is an entry even where it confirms what was.
    """
    mark = _locked(ctx, session, person)
    same = mark.revision and mark.standing == standing
    if same and how is not How.CORRECTION:
        return False
    mark.standing = standing
    _write(ctx, session, mark, how, by_id, approved_by_id, reason)
    ctx.settle(reporting.key_of(session), person)
    return True


def report_worth(ctx: ActivityContext, session: Session) -> None:
    """Report all marks of a session again, whose class hours were put right."""
    rows = ctx.session.scalars(
        select(Mark)
        .where(Mark.session_id == session.id)
        .order_by(Mark.id)
        .with_for_update()
    ).all()
    for mark in rows:
        _write(ctx, session, mark, How.WORTH, ctx.user.id)


def _write(
    ctx: ActivityContext,
    session: Session,
    mark: Mark,
    how: How,
    by_id: int | None,
    approved_by_id: int | None = None,
    reason: str = "",
) -> None:
    mark.revision += 1
    entry = Entry(
        mark_id=mark.id,
        number=mark.revision,
        standing=mark.standing,
        how=how,
        at=ctx.now,
        by_id=by_id,
        approved_by_id=approved_by_id,
        reason=reason.strip(),
    )
    ctx.session.add(entry)
    ctx.session.flush()
    reporting.report(ctx, session, mark, entry)
    if _is_event_closed(ctx):
        reporting.report_event(ctx, [mark.user_id])


def _locked(ctx: ActivityContext, session: Session, person: PersonRef) -> Mark:
    """The mark, locked; a new one where there is none."""
    wanted = (
        select(Mark)
        .where(Mark.session_id == session.id, Mark.user_id == person.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = ctx.session.scalars(wanted).one_or_none()
    if found is not None:
        return found
    new = Mark(session_id=session.id, user_id=person.id, standing="", revision=0)
    try:
        with ctx.session.begin_nested():
            ctx.session.add(new)
    except IntegrityError:
        return ctx.session.scalars(wanted).one()
    return new


def _is_event_closed(ctx: ActivityContext) -> bool:
    found = select(Event.id).where(
        Event.activity_id == ctx.activity.id, Event.closed_at.is_not(None)
    )
    return ctx.session.scalar(found) is not None
