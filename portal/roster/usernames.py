"""User names of imported people: t0001, t0002, …

A mobile number would do for a name until its owner changes or shares it; a person's
name in letters is not unique. People log in by mobile all the same.
"""

from collections.abc import Iterator
from itertools import count

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.users.models import User

_LETTER = "t"


def free_usernames(session: Session) -> Iterator[str]:
    """Names that nobody has, without end. The caller keeps others from taking them."""
    highest = session.scalars(
        select(User.username_key)
        .where(User.username_key.regexp_match(f"^{_LETTER}[0-9]{{4,9}}$"))
        .order_by(func.length(User.username_key).desc(), User.username_key.desc())
        .limit(1)
    ).first()
    last = int(highest.removeprefix(_LETTER)) if highest else 0
    return (f"{_LETTER}{number:04d}" for number in count(last + 1))
