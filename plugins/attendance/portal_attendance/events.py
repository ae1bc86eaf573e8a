"""The event as a whole: what it lacks, opening it to sign-in, closing it.

An event needs five things (features F048, F049): theme, lecturer, time, place, and
the attendance list. Without the first four nobody can sign in; without all five it
cannot be closed.
"""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from portal.api import ActivityContext, Conflict, Invalid
from portal_attendance import reporting
from portal_attendance.models import Event, Session
from portal_attendance.sessions import PARTS, own_or_shared, sessions_of

__all__ = ["class_hours", "close_event", "event_of", "is_closed", "is_open", "missing"]


def event_of(ctx: ActivityContext) -> Event | None:
    """What became of the event; None before it was opened."""
    return ctx.session.scalars(
        select(Event).where(Event.activity_id == ctx.activity.id)
    ).one_or_none()


def is_open(ctx: ActivityContext) -> bool:
    """Whether people can sign in, each session in its time."""
    found = event_of(ctx)
    return found is not None and found.closed_at is None


def is_closed(ctx: ActivityContext) -> bool:
    """Whether the event is closed."""
    found = event_of(ctx)
    return found is not None and found.closed_at is not None


def missing(
    ctx: ActivityContext, sessions: Sequence[Session] | None = None
) -> list[str]:
    """Which of the five the event lacks: theme, lecturer, time, place, list.

    Each session may have its own theme, lecturer and place; one that has not takes
    the event's. The list is missing while somebody has no mark in some session.
    """
    known = sessions_of(ctx) if sessions is None else sessions
    lacking = parts_missing(ctx, known)
    if not known or any(session.settled_at is None for session in known):
        lacking.append("list")
    return lacking


def parts_missing(ctx: ActivityContext, sessions: Sequence[Session]) -> list[str]:
    """Which of the four it lacks that are known before it begins."""
    lacking = [
        part
        for part in PARTS
        if not sessions or not all(own_or_shared(ctx, one, part) for one in sessions)
        if sessions or not str(ctx.settings[part]).strip()
    ]
    if not sessions:
        lacking.insert(min(len(lacking), 2), "time")
    return lacking


def open_event(ctx: ActivityContext) -> Event:
    """Let people sign in. Repeating changes nothing.

    Raises:
        Invalid: "event_incomplete": theme, lecturer, time or place is missing;
            `missing` holds which.
        Conflict: "event_closed".
    """
    found = event_of(ctx)
    if found is not None and found.closed_at is not None:
        raise Conflict("event_closed")
    if lacking := parts_missing(ctx, sessions_of(ctx)):
        raise Invalid("event_incomplete", missing=lacking)
    if found is not None:
        return found
    opened = Event(
        activity_id=ctx.activity.id, opened_at=ctx.now, opened_by_id=ctx.user.id
    )
    ctx.session.add(opened)
    ctx.session.flush()
    return opened


def close_event(ctx: ActivityContext) -> Event:
    """Close it for good, and report who took part. Repeating changes nothing.

    Raises:
        Conflict: "event_incomplete": one of the five is missing.
    """
    if lacking := missing(ctx):
        raise Conflict("event_incomplete", missing=lacking)
    found = event_of(ctx) or open_event(ctx)
    if found.closed_at is None:
        found.closed_at, found.closed_by_id = ctx.now, ctx.user.id
        ctx.session.flush()
        reporting.report_event(ctx)
    return found


def class_hours(sessions: Sequence[Session]) -> Decimal:
    """What all sessions are worth together, in 学时."""
    return sum((session.class_hours for session in sessions), Decimal(0))
