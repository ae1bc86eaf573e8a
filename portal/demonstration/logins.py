"""Ways in: who has a password, and one person of each role to log in as."""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from portal.demonstration.credited import credited_people
from portal.demonstration.fates import Fate, Plot
from portal.demonstration.opening import Course
from portal.demonstration.settling import County
from portal.users.models import User, UserState
from portal.users.passwords import hash_password
from portal.users.service import set_password

PASSWORD = "qingxi-shanshui"  # noqa: S105 — printed for everybody who tries the portal
"""The one password of all who are named; nobody else can be logged in as."""

FILE = "demo-logins.json"
"""In the instance folder; `portal serve` prints it."""


@dataclass(frozen=True)
class Login:
    """Somebody to log in as."""

    role: str
    name: str
    username: str
    password: str


def activate(seen: Mapping[User, datetime], hasher: PasswordHasher) -> None:
    """Let those who did something be people who have logged in.

    Their password is one that nobody knows; hashing one for each would take a minute
    and more in a large county.
    """
    unknown = hash_password(hasher, secrets.token_urlsafe())
    for user, at in seen.items():
        user.state, user.password_hash = UserState.ACTIVE, unknown
        user.last_seen_at = at


def open_logins(
    session: Session,
    county: County,
    courses: Sequence[tuple[Course, Plot]],
    hasher: PasswordHasher,
) -> list[Login]:
    """Give one person of each role the demonstration's password."""
    course, known = courses[0][0], credited_people(session)
    people = {
        "county officer": county.officer,
        "school officer": county.school_officers[0],
        "workshop leader": course.leader,
        "expert": courses[1][0].leader,
        "group leader": course.group_leaders[0],
        "teacher, journal due": _teacher(courses, Fate.DUE, known),
        "teacher, journal returned": _teacher(courses, Fate.RETURNED, known),
        "central school head": county.heads[0],
        "deputy director": county.deputy_director,
    }
    for user in people.values():
        set_password(session, user, PASSWORD, hasher)
        user.state = UserState.ACTIVE
    return [
        Login(role, user.name, user.username, PASSWORD) for role, user in people.items()
    ]


def _teacher(
    courses: Iterable[tuple[Course, Plot]], fate: Fate, known: Collection[int]
) -> User:
    """A teacher of this fate who is nothing but a teacher; best one with credits."""
    found = [
        course.learners[place]
        for course, plot in courses
        for place, weeks in enumerate(plot.fates)
        if fate in weeks and course.learners[place] not in course.group_leaders
    ]
    if not found:
        raise ValueError(f"Nobody's fate is {fate}")
    return next((user for user in found if user.id in known), found[0])


def write(logins: Iterable[Login], instance: Path) -> Path:
    """Note the logins in the instance folder, for its owner to read."""
    path = instance / FILE
    text = json.dumps([asdict(one) for one in logins], ensure_ascii=False, indent=2)
    path.write_text(text + "\n", "utf-8")
    path.chmod(0o600)
    return path
