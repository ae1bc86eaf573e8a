"""Activation codes: printed on paper, good once, for setting a password.

Twelve characters of an alphabet of 32 are 60 random bits. Only a keyed digest is
stored, so that neither a copy of the database nor a look into it lets anybody in
(`libraries.md`, Decisions).
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import regex
from argon2 import PasswordHasher
from sqlalchemy import CursorResult, Select, delete, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record
from portal.errors import Invalid
from portal.users.models import ActivationCode, User, UserState
from portal.users.passwords import check_strength
from portal.users.service import set_password
from portal.users.sessions import close_others

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0 and O, 1 and I."""
LENGTH = 12
GROUP = 4

_NOT_A_SIGN = regex.compile(r"[^0-9A-Z]")


@dataclass(frozen=True)
class NewCode:
    """A code at the one moment at which it can be read."""

    user: User
    code: str = field(repr=False)
    expires_at: datetime


def normalise(typed: str) -> str:
    """A code as it is digested: capitals and figures only, whatever stood between."""
    return _NOT_A_SIGN.sub("", unicodedata.normalize("NFKC", typed).upper())


def _digest(code: str, pepper: str) -> str:
    key = b"activation:" + pepper.encode()
    return hmac.new(key, normalise(code).encode(), hashlib.sha256).hexdigest()


def _draw() -> str:
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def make_codes(
    session: Session,
    users: Sequence[User],
    *,
    by_id: int | None,
    pepper: str,
    valid: timedelta = timedelta(days=30),
) -> list[NewCode]:
    """A new code for each person; the older ones of theirs end."""
    now = clock.now()
    session.execute(
        delete(ActivationCode).where(
            ActivationCode.user_id.in_([user.id for user in users]),
            ActivationCode.used_at.is_(None),
        )
    )
    made = [NewCode(user, _draw(), now + valid) for user in users]
    for new in made:
        session.add(
            ActivationCode(
                user_id=new.user.id,
                digest=_digest(new.code, pepper),
                created_at=now,
                expires_at=new.expires_at,
                made_by_id=by_id,
            )
        )
        record(session, by_id, "activation.issued", new.user)
    session.flush()
    return made


def _usable() -> Select[ActivationCode]:
    return (
        select(ActivationCode)
        .join(User, ActivationCode.user_id == User.id)
        .where(
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at > clock.now(),
            User.state != UserState.SUSPENDED,
        )
    )


def find(session: Session, typed: str, pepper: str) -> ActivationCode | None:
    """The code somebody typed, where it can still be used."""
    mine = ActivationCode.digest == _digest(typed, pepper)
    return session.scalars(_usable().where(mine)).one_or_none()


def find_by_id(session: Session, code_id: int) -> ActivationCode | None:
    """The code with this id, where it can still be used."""
    mine = ActivationCode.id == code_id
    return session.scalars(_usable().where(mine)).one_or_none()


def holders(session: Session, users: Sequence[User]) -> frozenset[int]:
    """Those of the people who hold a code that can still be used."""
    ids = [user.id for user in users]
    rows = session.scalars(_usable().where(ActivationCode.user_id.in_(ids)))
    return frozenset(row.user_id for row in rows)


def redeem(
    session: Session, code: ActivationCode, password: str, hasher: PasswordHasher
) -> User:
    """Set the password of the person whose code this is, and use the code up.

    Raises:
        Invalid: "code_unknown" when somebody else was faster with the same code;
            else as `passwords.check_strength`, and the code stays good.
    """
    user = session.get_one(User, code.user_id)
    check_strength(password, user)
    used = session.execute(
        update(ActivationCode)
        .where(ActivationCode.id == code.id, ActivationCode.used_at.is_(None))
        .values(used_at=clock.now())
    )
    assert isinstance(used, CursorResult)
    if used.rowcount != 1:
        raise Invalid("code_unknown")
    set_password(session, user, password, hasher)
    user.state = UserState.ACTIVE
    record(session, user.id, "activation.used", user)
    return user


def reset(
    session: Session,
    user: User,
    *,
    by_id: int,
    pepper: str,
    valid: timedelta = timedelta(days=30),
) -> NewCode:
    """Take the password from a person who lost it, and make a code for a new one.

    They are logged out everywhere, so that whoever found the password out is too.

    Raises:
        Invalid: "user_suspended".
    """
    if user.state == UserState.SUSPENDED:
        raise Invalid("user_suspended")
    user.password_hash, user.state = None, UserState.INVITED
    close_others(session, user)
    record(session, by_id, "password.reset", user)
    return make_codes(session, [user], by_id=by_id, pepper=pepper, valid=valid)[0]
