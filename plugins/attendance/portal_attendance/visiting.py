"""Who comes by the QR code and has no part in the workshop (feature F044).

The link's ticket shows that they are in the room. They are told what the screen there
shows anyway, and that they are not on the list; they can let the leader know that they
came, and nothing of it counts. To all others the page does not exist.
"""

from enum import StrEnum

from portal.api import ActivityContext, NotFound
from portal_attendance import codes
from portal_attendance.events import is_open
from portal_attendance.models import Session
from portal_attendance.signing import (
    Way,
    must_be_open,
    shows_code,
    sign_in_of,
    take,
)


class Welcome(StrEnum):
    """What somebody at the door is told."""

    STALE = "stale"
    """To scan again: their ticket was right, and is over."""
    CAME = "came"
    """That they are not on the list, and how to let the leader know."""
    NOTED = "noted"
    """That the leader sees that they came."""


def welcome(ctx: ActivityContext, session: Session, ticket: str) -> Welcome:
    """What to tell the acting person, who has no part here.

    Raises:
        NotFound: they show nothing by which they are in the room.
    """
    if sign_in_of(ctx, session, ctx.user) is not None:
        return Welcome.NOTED
    if not is_open(ctx) or not codes.was_ticket(session.secret, ticket, ctx.now):
        raise NotFound
    if not shows_code(ctx, session):
        raise NotFound
    fresh = codes.is_ticket(session.secret, ticket, ctx.now)
    return Welcome.CAME if fresh else Welcome.STALE


def note(ctx: ActivityContext, session: Session, ticket: str, device: str) -> Welcome:
    """Let the leader see that the acting person came; again is the same.

    Raises:
        NotFound: as `welcome`.
        Conflict, Invalid: nobody can sign in any more, as `signing.sign`.
    """
    told = welcome(ctx, session, ticket)
    if told is not Welcome.CAME:
        return told
    must_be_open(ctx, session, Way.IN)
    take(ctx, session, Way.IN, device)
    return Welcome.NOTED
