"""Logging in, and what people and officers change about an account."""

from collections.abc import Collection
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Invalid
from portal.users import passwords, throttle
from portal.users.models import ActivationCode, User, UserState
from portal.users.names import normalise_mobile, normalise_name
from portal.users.sessions import close_others
from portal.users.throttle import Origin

SCHEMES = ("light", "dark")


@dataclass(frozen=True)
class Attempt:
    """A try to log in that was let through: what the password is to be held against.

    Plain values, so that the transaction can end before the hash is computed.
    """

    user_id: int | None
    password_hash: str | None
    failure_id: int


def find_account(session: Session, typed: str) -> User | None:
    """The one person of the county who is called this.

    A user name goes before a mobile number, this before a mail address. One that
    several people share finds nobody: they log in by user name.
    """
    key, mobile = normalise_name(typed), normalise_mobile(typed)
    asked = [User.username_key == key, User.email_key == key]
    if mobile:
        asked.append(User.mobile == mobile)
    found = session.scalars(select(User).where(or_(*asked)).with_for_update()).all()
    for matches in (
        [user for user in found if user.username_key == key],
        [user for user in found if mobile and user.mobile == mobile],
        [user for user in found if user.email_key == key],
    ):
        if matches:
            return matches[0] if len(matches) == 1 else None
    return None


def begin_login(
    session: Session, typed: str, origin: Origin, *, known: Collection[int] = ()
) -> Attempt:
    """The first half of logging in: whom it is about, and whether it is too soon.

    Args:
        known: ids of those who logged in with this browser before.

    Raises:
        TooMany: with the seconds to wait; it does not tell whether there is such
            an account.
    """
    user = find_account(session, typed)
    account = f"user:{user.id}" if user else f"typed:{normalise_name(typed)}"
    known_browser = user is not None and user.id in known
    failure = throttle.begin(session, account, origin, known_browser=known_browser)
    if user is None or user.state != UserState.ACTIVE:
        return Attempt(None, None, failure)
    return Attempt(user.id, user.password_hash, failure)


def finish_login(
    session: Session, attempt: Attempt, password: str, hasher: PasswordHasher
) -> User:
    """The second half, once the password was found right."""
    user = session.get_one(User, attempt.user_id)
    throttle.forgive(session, attempt.failure_id)
    if hasher.check_needs_rehash(user.password_hash or ""):
        user.password_hash = passwords.hash_password(hasher, password)
    user.last_seen_at = clock.now()
    session.flush()
    return user


def authenticate(
    session: Session,
    typed: str,
    password: str,
    origin: Origin,
    hasher: PasswordHasher,
    *,
    known: Collection[int] = (),
) -> User | None:
    """The person with this name and password, or None, which says nothing more.

    Raises:
        TooMany: with the seconds to wait.
    """
    attempt = begin_login(session, typed, origin, known=known)
    if not passwords.verify(hasher, attempt.password_hash, password):
        return None
    return finish_login(session, attempt, password, hasher)


def confirm(
    session: Session,
    user: User,
    password: str,
    origin: Origin,
    hasher: PasswordHasher,
) -> bool:
    """Whether the person who is logged in knows their password, asked once more.

    Raises:
        TooMany: with the seconds to wait.
    """
    failure = throttle.begin(session, f"confirm:{user.id}", origin, known_browser=True)
    right = passwords.verify(hasher, user.password_hash, password)
    if right:
        throttle.forgive(session, failure)
    return right


def set_password(
    session: Session, user: User, password: str, hasher: PasswordHasher
) -> None:
    """Set a new password. All devices are logged out and open codes end (V15, V21).

    Raises:
        Invalid: as `passwords.check_strength`.
    """
    passwords.check_strength(password, user)
    user.password_hash = passwords.hash_password(hasher, password)
    close_others(session, user)
    session.execute(
        delete(ActivationCode).where(
            ActivationCode.user_id == user.id, ActivationCode.used_at.is_(None)
        )
    )
    session.flush()


def change_password(
    session: Session, user: User, password: str, hasher: PasswordHasher
) -> None:
    """Let a person change their own password; every device must log in again.

    The caller has asked for the old password (`confirm`) and opens a new session
    for the device at hand.

    Raises:
        Invalid: as `passwords.check_strength`.
    """
    set_password(session, user, password, hasher)
    record(session, user.id, "password.changed", user)


def set_locale(user: User, locale: str, *, offered: Collection[str]) -> None:
    """Choose the language of the pages.

    Raises:
        Invalid: "unknown_language".
    """
    if locale not in offered:
        raise Invalid("unknown_language")
    user.locale = locale


def set_scheme(user: User, scheme: str | None) -> None:
    """Choose light or dark; None follows the device.

    Raises:
        Invalid: "unknown_scheme".
    """
    if scheme is not None and scheme not in SCHEMES:
        raise Invalid("unknown_scheme")
    user.scheme = scheme


def suspend(session: Session, user: User, *, by_id: int | None) -> None:
    """Keep a person out from this moment on; what they wrote stays."""
    user.state = UserState.SUSPENDED
    close_others(session, user)
    record(session, by_id, "user.suspended", user)


def readmit(session: Session, user: User, *, by_id: int | None) -> None:
    """Let a suspended person in again, with the password they had."""
    user.state = UserState.ACTIVE if user.password_hash else UserState.INVITED
    record(session, by_id, "user.readmitted", user)
