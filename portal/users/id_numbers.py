"""ID numbers at rest: encrypted, found by exact match only, shown with a reason.

The column `id_no_encrypted` can be read with the key, which is not in the database;
`id_no_digest` finds a number and cannot be turned back without the key; pages show
`id_no_masked` (promise V24).
"""

import hashlib
import hmac

from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.errors import Invalid, NotFound
from portal.users.id_number import mask, normalise
from portal.users.models import User

REASON_LENGTH = 4
"""The fewest characters of a reason; fewer say nothing."""


def digest(number: str, key: str) -> str:
    """What a number is found by. `number` is normalised (`id_number.read`)."""
    own = hashlib.sha256(b"id number digest:" + key.encode()).digest()
    return hmac.new(own, number.encode(), hashlib.sha256).hexdigest()


def keep(user: User, number: str, key: str) -> None:
    """Put a person's normalised number into the columns that hold it."""
    user.id_no_encrypted = Fernet(key).encrypt(number.encode()).decode()
    user.id_no_digest = digest(number, key)
    user.id_no_masked = mask(number)


def find(session: Session, typed: str, key: str) -> User | None:
    """The person with exactly this number, as somebody typed it."""
    number, _applied = normalise(typed)
    return session.scalars(
        select(User).where(User.id_no_digest == digest(number, key))
    ).one_or_none()


def reveal(session: Session, user: User, *, by_id: int, reason: str, key: str) -> str:
    """The whole number, with a line in the audit trail that says who saw it and why.

    The caller has asked for the password again (`service.confirm`).

    Raises:
        Invalid: "reason_missing".
        NotFound: the person has no number here.
    """
    if len(reason.strip()) < REASON_LENGTH:
        raise Invalid("reason_missing", minimum=REASON_LENGTH)
    if user.id_no_encrypted is None:
        raise NotFound("no_id_number")
    number = Fernet(key).decrypt(user.id_no_encrypted.encode()).decode()
    record(session, by_id, "id_number.revealed", user, reason=reason.strip()[:200])
    return number
