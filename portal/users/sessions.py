"""Login sessions: one row for each device on which a person is logged in."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal import clock
from portal.users.models import LoginSession, User, UserState

SEEN_EVERY = timedelta(minutes=10)
"""How often the last sight of a person is written down, at most."""


def token_digest(token: str) -> str:
    """What the database keeps of a token: a thief of the table cannot log in."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, user: User, *, device: str, idle: timedelta) -> str:
    """Log the person in on a device and return the new session's token."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        LoginSession(
            token_digest=token_digest(token),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            expires_at=now + idle,
            device=device[:200],
        )
    )
    session.flush()
    return token


def find_user(session: Session, token: str) -> User | None:
    """The person a token logs in, or None when it is unknown, old, or suspended."""
    found = session.scalars(
        select(LoginSession)
        .join(LoginSession.user)
        .where(
            LoginSession.token_digest == token_digest(token),
            LoginSession.expires_at > clock.now(),
            User.state == UserState.ACTIVE,
        )
    ).one_or_none()
    if found is None:
        return None
    found.user.login_token, found.user.login_seen_at = token, found.seen_at
    return found.user


def is_due(user: User) -> bool:
    """Whether it is time to write down that the person was seen."""
    return clock.now() - user.login_seen_at >= SEEN_EVERY


def touch(session: Session, token: str, *, idle: timedelta) -> None:
    """Write down that a session was seen, so that it lasts `idle` from now on."""
    now = clock.now()
    seen = session.scalars(
        select(LoginSession).where(LoginSession.token_digest == token_digest(token))
    ).one_or_none()
    if seen is not None:
        seen.seen_at, seen.expires_at, seen.user.last_seen_at = now, now + idle, now
        session.flush()


def close_session(session: Session, token: str) -> None:
    """Log out the device that holds this token."""
    session.execute(
        delete(LoginSession).where(LoginSession.token_digest == token_digest(token))
    )


def close_others(session: Session, user: User, *, keep: str | None = None) -> int:
    """Log the person out everywhere else; returns how many devices that were."""
    ended = session.execute(
        delete(LoginSession).where(
            LoginSession.user_id == user.id,
            LoginSession.token_digest != token_digest(keep or ""),
        )
    )
    return int(ended.rowcount)  # type: ignore[attr-defined] # a DELETE has a row count


def sessions_of(session: Session, user: User) -> Sequence[LoginSession]:
    """The devices on which the person is logged in, the latest seen first."""
    return session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user.id, LoginSession.expires_at > clock.now())
        .order_by(LoginSession.seen_at.desc())
    ).all()
