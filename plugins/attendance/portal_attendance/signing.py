"""Signing in by the code, and out: once for a person, by the server's clock.

The first person who signs in on a device takes it for the session; whoever comes next
on the same device is held until the leader decides. A person who is not on the
event's list is noted and gets no mark, unless the leader brings them in and they sign
again. Of two requests at once the database's unique keys let one be the first.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.api import ActivityContext, Conflict, Invalid, NotFound, PersonRef
from portal_attendance.events import event_of, parts_missing
from portal_attendance.guesses import check_code
from portal_attendance.marks import set_mark
from portal_attendance.models import How, Session, SignIn, SignState, Standing
from portal_attendance.roll import is_listed
from portal_attendance.sessions import session_in

SIGN_OUT_GRACE = timedelta(minutes=30)
"""How long after a session's end one can still sign out of it."""


class Way(StrEnum):
    """Signing in, or out."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True)
class Window:
    """When one can sign in or out, `[opens, closes)` in aware UTC."""

    opens: datetime
    closes: datetime


def window_of(ctx: ActivityContext, session: Session, way: Way) -> Window:
    """When one can: in from some minutes before the start to the end, out from half
    of the session on until shortly after its end."""
    if way is Way.IN:
        before = timedelta(minutes=ctx.settings["opens_before"])
        return Window(session.starts_at - before, session.ends_at)
    half = session.starts_at + (session.ends_at - session.starts_at) / 2
    return Window(half, session.ends_at + SIGN_OUT_GRACE)


def shows_code(ctx: ActivityContext, session: Session) -> bool:
    """Whether the code stands on the screen now."""
    ways = (Way.IN, Way.OUT) if session.signs_out else (Way.IN,)
    windows = [window_of(ctx, session, way) for way in ways]
    return session.cancelled_at is None and min(
        w.opens for w in windows
    ) <= ctx.now < max(w.closes for w in windows)


def sign_in_of(
    ctx: ActivityContext, session: Session, person: PersonRef, way: Way = Way.IN
) -> SignIn | None:
    """The person's sign-in or sign-out, whatever became of it."""
    return ctx.session.scalars(
        select(SignIn).where(
            SignIn.session_id == session.id,
            SignIn.user_id == person.id,
            SignIn.way == way,
        )
    ).one_or_none()


def sign_ins(ctx: ActivityContext, sessions: Sequence[Session]) -> Sequence[SignIn]:
    """All that signed in to these sessions or out, the earliest first."""
    return ctx.session.scalars(
        select(SignIn)
        .where(SignIn.session_id.in_([one.id for one in sessions]))
        .order_by(SignIn.at, SignIn.id)
    ).all()


def visitors(ctx: ActivityContext) -> Sequence[SignIn]:
    """Who came and was not on the list, or was refused, in any session."""
    return ctx.session.scalars(
        select(SignIn)
        .join(Session, Session.id == SignIn.session_id)
        .where(
            Session.activity_id == ctx.activity.id,
            SignIn.listed.is_(False) | (SignIn.state == SignState.REFUSED),
        )
        .order_by(SignIn.at, SignIn.id)
    ).all()


def sign(
    ctx: ActivityContext,
    session: Session,
    code: str,
    device: str,
    *,
    way: Way = Way.IN,
) -> SignIn:
    """Sign the acting person in, or out. Signing in again is the same sign-in.

    A later sign-out takes the place of an earlier one: who came back stayed.

    Raises:
        Conflict: "event_closed", "session_cancelled", "signs_not_out",
            "not_signed_in" for who signs out of what they did not sign in to.
        Invalid: "not_opened", "sign_in_early", "sign_in_over", "sign_out_early",
            "sign_out_over"; "code_missing", "code_stale", "code_of_another",
            "code_wrong"; "too_many_guesses" with `minutes` to wait.
    """
    known = sign_in_of(ctx, session, ctx.user, way)
    if known is not None and way is Way.IN:
        return _listed_since(ctx, session, known)
    must_be_open(ctx, session, way)
    check_code(ctx, session, code)
    if known is not None:
        known.at = ctx.now
        ctx.session.flush()
    else:
        known = take(ctx, session, way, device)
    _mark(ctx, session, known)
    return known


def _listed_since(ctx: ActivityContext, session: Session, row: SignIn) -> SignIn:
    """The sign-in, which counts now where the person came on the list after it."""
    if row.listed or session.settled_at is not None or not is_listed(ctx, ctx.user):
        return row
    row.listed = True
    ctx.session.flush()
    _mark(ctx, session, row)
    return row


def must_be_open(ctx: ActivityContext, session: Session, way: Way) -> None:
    """Refuse who comes when nobody can sign.

    Raises:
        Conflict, Invalid: as `sign`.
    """
    event = event_of(ctx)
    if event is not None and event.closed_at is not None:
        raise Conflict("event_closed")
    if session.cancelled_at is not None:
        raise Conflict("session_cancelled")
    if event is None or parts_missing(ctx, [session]):
        raise Invalid("not_opened")
    if way is Way.OUT:
        if not session.signs_out:
            raise Conflict("signs_not_out")
        if sign_in_of(ctx, session, ctx.user) is None:
            raise Conflict("not_signed_in")
    window = window_of(ctx, session, way)
    if ctx.now < window.opens:
        raise Invalid(f"sign_{way}_early", opens=window.opens)
    if ctx.now >= window.closes or session.settled_at is not None:
        raise Invalid(f"sign_{way}_over", closes=window.closes)


def take(ctx: ActivityContext, session: Session, way: Way, device: str) -> SignIn:
    """Write the sign-in down: taken, or held where the device was used before."""
    digest = hashlib.sha256(device.encode()).hexdigest()
    listed = is_listed(ctx, ctx.user)
    for _turn in range(2):
        before = _user_of(ctx, session, way, digest)
        row = SignIn(
            session_id=session.id,
            user_id=ctx.user.id,
            way=way,
            at=ctx.now,
            device=digest if before is None else None,
            shared_with_id=before,
            listed=listed,
            state=SignState.TAKEN if before is None else SignState.HELD,
        )
        try:
            with ctx.session.begin_nested():
                ctx.session.add(row)
        except IntegrityError:
            known = sign_in_of(ctx, session, ctx.user, way)
            if known is not None:
                return known
        else:
            return row
    raise Conflict("try_again")


def _user_of(
    ctx: ActivityContext, session: Session, way: Way, digest: str
) -> int | None:
    """Who else used the device in this session first."""
    return ctx.session.scalar(
        select(SignIn.user_id).where(
            SignIn.session_id == session.id,
            SignIn.way == way,
            SignIn.device == digest,
        )
    )


def _mark(ctx: ActivityContext, session: Session, row: SignIn) -> None:
    """Let the mark follow the sign-ins of somebody on the list."""
    if row.state != SignState.TAKEN or not row.listed:
        return
    person = PersonRef(row.user_id, "")
    came = row if row.way == Way.IN else sign_in_of(ctx, session, person)
    if came is None or came.state != SignState.TAKEN:
        return
    left = row if row.way == Way.OUT else sign_in_of(ctx, session, person, Way.OUT)
    standing = standing_by(ctx, session, came, left)
    set_mark(ctx, session, person, standing, how=How.CODE, by_id=row.user_id)


def standing_by(
    ctx: ActivityContext,
    session: Session,
    came: SignIn,
    left: SignIn | None,
    *,
    over: bool = False,
) -> Standing:
    """How who signed in stands: late after the allowance, early without staying.

    `came.at` at the very end of the allowance is in time. With `over` the session is
    being settled, and who did not sign out where one must has left early.
    """
    allowance = timedelta(minutes=session.late_after)
    late = came.at > session.starts_at + allowance
    stays = session.ends_at - timedelta(minutes=ctx.settings["early_before"])
    signed_out = left is not None and left.state == SignState.TAKEN
    if signed_out and left is not None:
        early = session.signs_out and left.at < stays
    else:
        early = session.signs_out and over
    if late:
        return Standing.LATE_AND_EARLY if early else Standing.LATE
    return Standing.EARLY if early else Standing.PRESENT


def session_of(ctx: ActivityContext, sign_in_id: int) -> Session:
    """The session of a sign-in.

    Raises:
        NotFound: there is no such sign-in here.
    """
    row = ctx.session.get(SignIn, sign_in_id)
    if row is None:
        raise NotFound
    return session_in(ctx, row.session_id)


def held(ctx: ActivityContext, sessions: Sequence[Session]) -> Sequence[SignIn]:
    """Who waits for the leader to decide, the earliest first."""
    return [row for row in sign_ins(ctx, sessions) if row.state == SignState.HELD]


def decide(
    ctx: ActivityContext, sign_in_id: int, *, accept: bool, reason: str = ""
) -> SignIn:
    """Accept a sign-in that was held, or refuse it. The same again is nothing.

    Raises:
        NotFound: there is none here.
        Invalid: "reason_missing" for a refusal.
        Conflict: "decided_meanwhile"; "own_sign_in".
    """
    row = ctx.session.get(SignIn, sign_in_id, with_for_update=True)
    if row is None:
        raise NotFound
    session = session_in(ctx, row.session_id)
    if not accept and not reason.strip():
        raise Invalid("reason_missing")
    if row.user_id == ctx.user.id:
        raise Conflict("own_sign_in")
    wanted = SignState.TAKEN if accept else SignState.REFUSED
    if row.state != SignState.HELD:
        if row.state == wanted and row.decided_by_id == ctx.user.id:
            return row
        raise Conflict("decided_meanwhile")
    row.state, row.reason = wanted, reason.strip()
    row.decided_at, row.decided_by_id = ctx.now, ctx.user.id
    ctx.session.flush()
    _mark(ctx, session, row)
    return row
