"""The code that stands on the big screen: new every 20 seconds, refused after 40.

Nothing is stored but the session's secret: a code is the HMAC of the secret and the
number of the step in which it is shown (RFC 4226). Pure; the time is the server's.

The QR code's link carries a ticket beside the code: as fresh as the code, and too long
to be guessed. By it somebody who has no part in the workshop shows that they are in
the room.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

STEP = timedelta(seconds=20)
"""How long a code stands on the screen."""

STEPS = 2
"""So many steps a code is taken: until 40 seconds after it was first shown."""

REMEMBERED = 30
"""Steps, ten minutes, for which one is told that a code was right but is over."""

DIGITS = 6
TICKET = 16
"""Hexadecimal digits of a ticket: 64 bits."""

ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def step_at(now: datetime) -> int:
    """The number of the step that lasts at this moment."""
    return (now - ZERO) // STEP


def step_ends(now: datetime) -> datetime:
    """When the code that is shown now gives way to the next."""
    return ZERO + STEP * (step_at(now) + 1)


def code_at(secret: str, now: datetime) -> str:
    """The code that is shown at this moment."""
    return _code(secret, step_at(now))


def is_good(secret: str, code: str, now: datetime) -> bool:
    """Whether the code is taken: shown now, or first shown less than 40 seconds ago."""
    return _is_one_of(secret, code, step_at(now), STEPS)


def was_good(secret: str, code: str, now: datetime) -> bool:
    """Whether the code was right within the last minutes."""
    return _is_one_of(secret, code, step_at(now), REMEMBERED)


def ticket_at(secret: str, now: datetime) -> str:
    """The ticket of the QR code that is shown at this moment."""
    return _ticket(secret, step_at(now))


def is_ticket(secret: str, ticket: str, now: datetime) -> bool:
    """Whether the ticket is taken: as long as its code."""
    return _is_ticket(secret, ticket, step_at(now), STEPS)


def was_ticket(secret: str, ticket: str, now: datetime) -> bool:
    """Whether the ticket was shown within the last minutes."""
    return _is_ticket(secret, ticket, step_at(now), REMEMBERED)


def _is_ticket(secret: str, ticket: str, newest: int, many: int) -> bool:
    given = ticket.encode()
    found = [
        hmac.compare_digest(_ticket(secret, newest - back).encode(), given)
        for back in range(many)
    ]
    return any(found)


def _ticket(secret: str, step: int) -> str:
    shown = b"ticket" + step.to_bytes(8, "big")
    return hmac.digest(secret.encode(), shown, hashlib.sha256).hex()[:TICKET]


def _is_one_of(secret: str, code: str, newest: int, many: int) -> bool:
    given = code.encode()
    found = [
        hmac.compare_digest(_code(secret, newest - back).encode(), given)
        for back in range(many)
    ]
    return any(found)


def _code(secret: str, step: int) -> str:
    digest = hmac.digest(secret.encode(), step.to_bytes(8, "big"), hashlib.sha256)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"
