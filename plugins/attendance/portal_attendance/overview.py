"""What the event's first page shows: its five, its sessions, and how one stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from portal.api import ActivityContext, Permission, Words
from portal_attendance import sessions, signing
from portal_attendance.events import class_hours, event_of, missing
from portal_attendance.forms import KINDS
from portal_attendance.models import (
    Correction,
    Mark,
    Session,
    SignIn,
    SignState,
    Standing,
)
from portal_attendance.roll import roll
from portal_attendance.signing import Way
from portal_attendance.words import STANDINGS, names_of


@dataclass(frozen=True)
class Row:
    """One session, as the list shows it."""

    session: Session
    place: str
    standing: tuple[Words, str] | None = None
    """The reader's own, as word and colour."""
    sign_in: SignIn | None = None
    takes: bool = False
    """Whether the reader can sign in, or out, now."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """For who leads: how many people stand how, by standing."""
    held: int = 0

    @property
    def attended(self) -> int:
        """How many were there."""
        return sum(self.counts.get(one, 0) for one in Standing if one.attended)


def overview(ctx: ActivityContext) -> Mapping[str, object]:
    """All that the template needs."""
    known = sessions.sessions_of(ctx, cancelled=True)
    event = event_of(ctx)
    held_open = event is not None and event.closed_at is None
    leads = ctx.can(Permission.EDIT_WORKSHOP)
    standing = [one for one in known if one.cancelled_at is None]
    lacking = missing(ctx, standing)
    rows = _leaders(ctx, known) if leads else _own(ctx, known, is_open=held_open)
    return {
        "ctx": ctx,
        "event": event,
        "rows": rows,
        "leads": leads,
        "five": _five(ctx),
        "hours": class_hours(standing),
        "lacking": lacking,
        "lacking_words": names_of(one for one in lacking if one != "list"),
        "next": next((row for row in rows if row.takes), None),
        "asked": _asked(ctx) if leads else 0,
        "expected": len(roll(ctx)) if leads else 0,
    }


def _five(ctx: ActivityContext) -> Mapping[str, object]:
    """What is the same for all sessions."""
    settings = ctx.settings
    return {
        "kind": KINDS.get(settings["kind"], settings["kind"]),
        **{part: str(settings[part]).strip() for part in sessions.PARTS},
    }


def _own(
    ctx: ActivityContext, known: Sequence[Session], *, is_open: bool
) -> Sequence[Row]:
    """The sessions as the reader stands to them."""
    mine = select(Mark).join(Session, Session.id == Mark.session_id)
    marks = {
        row.session_id: row
        for row in ctx.session.scalars(
            mine.where(
                Session.activity_id == ctx.activity.id, Mark.user_id == ctx.user.id
            )
        )
    }
    signed = select(SignIn).join(Session, Session.id == SignIn.session_id)
    rows = {
        (row.session_id, row.way): row
        for row in ctx.session.scalars(
            signed.where(
                Session.activity_id == ctx.activity.id, SignIn.user_id == ctx.user.id
            )
        )
    }
    return [
        Row(
            one,
            sessions.place_of(ctx, one),
            STANDINGS[Standing(marks[one.id].standing)] if one.id in marks else None,
            rows.get((one.id, Way.IN)),
            is_open and _takes(ctx, one, rows),
        )
        for one in known
    ]


def _takes(
    ctx: ActivityContext, session: Session, rows: Mapping[tuple[int, str], SignIn]
) -> bool:
    """Whether there is something to sign now: in, or out of where one must."""
    if session.cancelled_at is not None or session.settled_at is not None:
        return False
    came = rows.get((session.id, Way.IN))
    if came is not None and (not session.signs_out or (session.id, Way.OUT) in rows):
        return False
    window = signing.window_of(ctx, session, Way.OUT if came else Way.IN)
    return window.opens <= ctx.now < window.closes


def _leaders(ctx: ActivityContext, known: Sequence[Session]) -> Sequence[Row]:
    """The sessions with how many stand how."""
    counts: dict[int, dict[str, int]] = {}
    for session_id, standing, many in ctx.session.execute(
        select(Mark.session_id, Mark.standing, func.count())
        .join(Session, Session.id == Mark.session_id)
        .where(Session.activity_id == ctx.activity.id)
        .group_by(Mark.session_id, Mark.standing)
    ):
        counts.setdefault(session_id, {})[standing] = many
    held = {
        row[0]: row[1]
        for row in ctx.session.execute(
            select(SignIn.session_id, func.count())
            .join(Session, Session.id == SignIn.session_id)
            .where(
                Session.activity_id == ctx.activity.id,
                SignIn.state == SignState.HELD,
            )
            .group_by(SignIn.session_id)
        )
    }
    return [
        Row(
            one,
            sessions.place_of(ctx, one),
            counts=counts.get(one.id, {}),
            held=held.get(one.id, 0),
        )
        for one in known
    ]


def _asked(ctx: ActivityContext) -> int:
    """How many corrections wait."""
    found = ctx.session.scalar(
        select(func.count())
        .select_from(Correction)
        .join(Session, Session.id == Correction.session_id)
        .where(Session.activity_id == ctx.activity.id, Correction.waits.is_(True))
    )
    return found or 0
