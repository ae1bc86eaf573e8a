"""Login sessions: one row for each device on which a person is logged in."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, and_, bindparam, delete, select
from sqlalchemy.orm import Session

from portal import clock
from portal.db import across_tenants
from portal.tenants import Tenant, find_tenant, of_host
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


@dataclass(frozen=True)
class Arrival:
    """Whose portal a request came to, and who came, if anybody is known."""

    tenant: Tenant
    user: User | None


_alive = and_(
    LoginSession.token_digest == bindparam("digest"),
    LoginSession.expires_at > bindparam("now"),
)
_admitted = and_(User.id == LoginSession.user_id, User.state == UserState.ACTIVE)
_USER = select(User, LoginSession.seen_at).join(LoginSession, _admitted).where(_alive)
_ARRIVAL = (
    of_host(select(Tenant, User, LoginSession.seen_at).select_from(Tenant))
    .outerjoin(LoginSession, _alive)
    .outerjoin(User, and_(_admitted, User.tenant_id == Tenant.id))
)


def arrive(session: Session, host: str, token: str | None) -> Arrival | None:
    """Whose portal a host is, and whom the token logs in there, in one query.

    None where there is no county yet. Nothing is kept from one request to the next:
    who was logged out or suspended elsewhere is nobody at once.
    """
    if token is None:
        tenant = find_tenant(session, host)
        return Arrival(tenant, None) if tenant else None
    with across_tenants(session):
        found = session.execute(
            _ARRIVAL,
            {"host": host, "digest": token_digest(token), "now": clock.now()},
        ).first()
    if found is None:
        return None
    tenant, user, seen_at = found
    return Arrival(tenant, _known_by(token, user, seen_at) if user else None)


def find_user(session: Session, token: str) -> User | None:
    """The person a token logs in, or None when it is unknown, old, or suspended."""
    found = session.execute(
        _USER, {"digest": token_digest(token), "now": clock.now()}
    ).one_or_none()
    return _known_by(token, *found) if found else None


def _known_by(token: str, user: User, seen_at: datetime) -> User:
    user.login_token, user.login_seen_at = token, seen_at
    return user


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
    assert isinstance(ended, CursorResult)
    return ended.rowcount


def sessions_of(session: Session, user: User) -> Sequence[LoginSession]:
    """The devices on which the person is logged in, the latest seen first."""
    return session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user.id, LoginSession.expires_at > clock.now())
        .order_by(LoginSession.seen_at.desc())
    ).all()
