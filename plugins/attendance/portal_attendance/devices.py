"""A mark of the device: which phone it was, and nothing about it.

A random word in a cookie that scripts cannot read. Whoever deletes it is another
device; that is seen by nobody, as with any means that spares people an installation.
"""

import secrets

from flask import Request
from werkzeug.wrappers import Response

COOKIE = "attendance_device"
YEAR = 365 * 24 * 3600
SHORTEST = 32


def device_of(request: Request) -> str | None:
    """The device's mark; None where it has none yet, or one that we did not give."""
    mark = request.cookies.get(COOKIE, "")
    return mark if SHORTEST <= len(mark) <= 128 else None


def new_device() -> str:
    """A mark for a device that has none."""
    return secrets.token_urlsafe(SHORTEST)


def mark_device(request: Request, answer: Response, device: str) -> None:
    """Give the device its mark, or keep it there for another year."""
    answer.set_cookie(
        COOKIE,
        device,
        max_age=YEAR,
        path=f"{request.script_root}/activities",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
