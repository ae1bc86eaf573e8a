"""The sessions of an event: added, repeated by the week, changed, called off.

When a session begins and ends, and who is late, is settled as soon as somebody has
signed in; what it is worth may still be put right, and is then reported again.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from portal.api import ActivityContext, Conflict, Invalid, NotFound
from portal_attendance.models import Event, Mark, Session, SignIn

PARTS = ("theme", "lecturer", "place")
"""What a session may have of its own, and takes of the event where it has not."""

MOST = 120
"""Sessions of one event."""

FROZEN = ("starts_at", "ends_at", "late_after", "signs_out")
"""What is settled once somebody signed in."""


@dataclass(frozen=True)
class Plan:
    """What a session is to be; times in aware UTC."""

    title: str
    starts_at: datetime
    ends_at: datetime
    class_hours: Decimal
    late_after: int
    signs_out: bool
    theme: str = ""
    lecturer: str = ""
    place: str = ""


def sessions_of(ctx: ActivityContext, *, cancelled: bool = False) -> Sequence[Session]:
    """The event's sessions in the order of time, those called off where asked for."""
    found = select(Session).where(Session.activity_id == ctx.activity.id)
    if not cancelled:
        found = found.where(Session.cancelled_at.is_(None))
    return ctx.session.scalars(found.order_by(Session.starts_at, Session.id)).all()


def session_in(ctx: ActivityContext, session_id: int) -> Session:
    """The session of this number.

    Raises:
        NotFound: the event has none.
    """
    found = ctx.session.get(Session, session_id)
    if found is None or found.activity_id != ctx.activity.id:
        raise NotFound
    return found


def own_or_shared(ctx: ActivityContext, session: Session, part: str) -> str:
    """A session's theme, lecturer or place: its own, or the event's."""
    return str(getattr(session, part) or ctx.settings[part]).strip()


def theme_of(ctx: ActivityContext, session: Session) -> str:
    """What the session is about."""
    return own_or_shared(ctx, session, "theme")


def lecturer_of(ctx: ActivityContext, session: Session) -> str:
    """Who speaks."""
    return own_or_shared(ctx, session, "lecturer")


def place_of(ctx: ActivityContext, session: Session) -> str:
    """Where people meet."""
    return own_or_shared(ctx, session, "place")


def add(ctx: ActivityContext, plan: Plan, *, weeks: int = 1) -> Sequence[Session]:
    """Add a session, and the same once a week, `weeks` in all.

    By the county's wall clock: what begins at two begins at two in every week.

    Raises:
        Invalid: "session_reversed", "session_outside", "too_many_sessions",
            "event_incomplete" where the event is open already.
        Conflict: "event_closed".
    """
    must_not_be_closed(ctx)
    plans = []
    for number in range(weeks):
        _check(ctx, one := _weeks_later(ctx, plan, number))
        plans.append(one)
    try:
        return _insert(ctx, plans)
    except IntegrityError:  # somebody else's session got the number
        return _insert(ctx, plans)


def _insert(ctx: ActivityContext, plans: Sequence[Plan]) -> Sequence[Session]:
    newest = select(func.max(Session.number)).where(
        Session.activity_id == ctx.activity.id
    )
    before = ctx.session.scalar(newest) or 0
    if before + len(plans) > MOST:
        raise Invalid("too_many_sessions", most=MOST)
    added = [_make(ctx, one, before + turn) for turn, one in enumerate(plans, 1)]
    with ctx.session.begin_nested():
        ctx.session.add_all(added)
    return added


def _make(ctx: ActivityContext, plan: Plan, number: int) -> Session:
    return Session(
        activity_id=ctx.activity.id,
        number=number,
        told=[],
        secret=secrets.token_hex(32),
        created_at=ctx.now,
        created_by_id=ctx.user.id,
        **asdict(plan),
    )


def _weeks_later(ctx: ActivityContext, plan: Plan, weeks: int) -> Plan:
    zone = ctx.span.zone

    def moved(moment: datetime) -> datetime:
        wall = moment.astimezone(zone).replace(tzinfo=None) + timedelta(weeks=weeks)
        return wall.replace(tzinfo=zone).astimezone(UTC)

    return replace(plan, starts_at=moved(plan.starts_at), ends_at=moved(plan.ends_at))


def edit(ctx: ActivityContext, session: Session, plan: Plan) -> bool:
    """Change a session; says whether what it is worth was changed.

    Raises:
        Invalid: as `add`.
        Conflict: "session_begun": somebody has signed in, and its times, its
            allowance and its sign-out stay; "session_cancelled", "event_closed".
    """
    must_not_be_closed(ctx)
    ctx.session.refresh(session, with_for_update=True)
    if session.cancelled_at is not None:
        raise Conflict("session_cancelled")
    _check(ctx, plan)
    changed = {
        name: value
        for name, value in asdict(plan).items()
        if getattr(session, name) != value
    }
    if changed.keys() & set(FROZEN) and has_begun(ctx, session):
        raise Conflict("session_begun")
    for name, value in changed.items():
        setattr(session, name, value)
    if changed.keys() & {"starts_at", "title", "place"}:
        session.told = []
    ctx.session.flush()
    return "class_hours" in changed


def cancel(ctx: ActivityContext, session: Session, reason: str) -> None:
    """Call a session off. Repeating changes nothing.

    Raises:
        Invalid: "reason_missing".
        Conflict: "session_begun": somebody has signed in; "event_closed".
    """
    must_not_be_closed(ctx)
    if not reason.strip():
        raise Invalid("reason_missing")
    ctx.session.refresh(session, with_for_update=True)
    if session.cancelled_at is not None:
        return
    if has_begun(ctx, session):
        raise Conflict("session_begun")
    session.cancelled_at, session.cancel_reason = ctx.now, reason.strip()
    ctx.session.flush()


def has_begun(ctx: ActivityContext, session: Session) -> bool:
    """Whether somebody has signed in to it or has a mark."""
    return any(
        ctx.session.scalar(select(row.id).where(row.session_id == session.id).limit(1))
        for row in (SignIn, Mark)
    )


def note_told(session: Session, people: Iterable[int]) -> None:
    """Note to whom the session was announced."""
    session.told = sorted({*session.told, *people})
    flag_modified(session, "told")


def _check(ctx: ActivityContext, plan: Plan) -> None:
    if plan.ends_at <= plan.starts_at:
        raise Invalid("session_reversed")
    span = ctx.span
    if plan.starts_at < span.starts or plan.ends_at > span.ends:
        raise Invalid("session_outside", starts=span.starts, ends=span.ends)
    if not _is_opened(ctx):
        return
    lacking = [
        part
        for part in PARTS
        if not str(getattr(plan, part) or ctx.settings[part]).strip()
    ]
    if lacking:
        raise Invalid("event_incomplete", missing=lacking)


def _is_opened(ctx: ActivityContext) -> bool:
    found = select(Event.id).where(Event.activity_id == ctx.activity.id)
    return ctx.session.scalar(found) is not None


def must_not_be_closed(ctx: ActivityContext) -> None:
    """Refuse what changes a closed event; until the commit nobody closes it.

    Raises:
        Conflict: "event_closed".
    """
    if is_closed_for_good(ctx):
        raise Conflict("event_closed")


def is_closed_for_good(ctx: ActivityContext) -> bool:
    """Whether the event is closed; until the commit that stays so."""
    found = (
        select(Event.closed_at)
        .where(Event.activity_id == ctx.activity.id)
        .with_for_update(read=True)
    )
    return ctx.session.scalar(found) is not None
