"""User names of imported people: t0001, t0002, …

A mobile number would do for a name until its owner changes or shares it; a person's
name in letters is not unique. People log in by mobile all the same.
"""

from collections.abc import Iterator
from itertools import count

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from portal.users.models import User

_LETTER = "t"


def free_usernames(session: Session) -> Iterator[str]:
    """Names that nobody has, without end. The caller keeps others from taking them."""
    number = cast(func.substr(User.username_key, len(_LETTER) + 1), Integer)
    numbered = User.username_key.regexp_match(f"^{_LETTER}[0-9]{{1,9}}$")
    last = session.scalar(select(func.max(number)).where(numbered)) or 0
    return (f"{_LETTER}{number:04d}" for number in count(last + 1))
