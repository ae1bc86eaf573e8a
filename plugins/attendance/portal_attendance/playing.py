"""An event as people act in it without a browser: scenarios, the demonstration."""

from datetime import datetime
from decimal import Decimal

from portal.api import ActivityContext
from portal_attendance import announcing, codes, corrections, events, sessions, signing
from portal_attendance.models import SignIn, Standing
from portal_attendance.sessions import Plan


def lay_out(
    ctx: ActivityContext,
    title: str,
    starts: datetime,
    ends: datetime,
    class_hours: Decimal,
) -> int:
    """Add a session by the event's own rules; its id."""
    plan = Plan(
        title=title,
        starts_at=starts,
        ends_at=ends,
        class_hours=class_hours,
        late_after=ctx.settings["late_after"],
        signs_out=ctx.settings["signs_out"],
    )
    (added,) = sessions.add(ctx, plan)
    return int(added.id)


def open_to_all(ctx: ActivityContext) -> None:
    """Open the event to sign-in, and announce what is ahead."""
    events.open_event(ctx)
    announcing.announce(ctx)


def come(ctx: ActivityContext, session_id: int, device: str) -> SignIn:
    """Sign in by the code of the moment, on this device."""
    session = sessions.session_in(ctx, session_id)
    code = codes.code_at(session.secret, ctx.now)
    return signing.sign(ctx, session, code, device)


def claim(ctx: ActivityContext, session_id: int, reason: str) -> None:
    """Ask that one's absence be put right, and tell who decides."""
    session = sessions.session_in(ctx, session_id)
    row = corrections.ask(ctx, session, ctx.user, Standing.PRESENT, reason)
    announcing.tell_of_request(ctx, row)
