"""Enrolment from a list of user names, pasted or uploaded: every line is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

import regex
from python_calamine import CalamineError, CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Invalid
from portal.users.models import User
from portal.users.names import normalise_name
from portal.workshops.catchment import catchment, teachers
from portal.workshops.enrolment import enrol, lasting, must_take
from portal.workshops.groups import place_newcomers
from portal.workshops.models import Enrolment, Workshop, WorkshopRole

MOST_LINES = 5000

_SEPARATORS = regex.compile(r"[\s,;\uff0c\uff1b、]+")


class LineFault(StrEnum):
    """Why a line brought nobody in."""

    UNKNOWN = "unknown"
    OUTSIDE = "outside"
    TWICE = "twice"
    ALREADY_IN = "already_in"
    REMOVED = "removed"


@dataclass(frozen=True)
class Line:
    """One name of the list; `number` counts the names from 1."""

    number: int
    username: str
    name: str = ""
    fault: LineFault | None = None
    detail: str = ""
    """The reason for which the person was removed."""


def names_in(text: str) -> list[str]:
    """The user names of a pasted text: one a line, or parted by blanks or commas.

    Raises:
        Invalid: there is none, or there are more than `MOST_LINES`.
    """
    return _counted([name for name in _SEPARATORS.split(text) if name])


def names_in_file(data: bytes) -> list[str]:
    """The user names of an uploaded file: a text, or the first column of a workbook.

    Raises:
        Invalid: it cannot be read, or as `names_in`.
    """
    if data.startswith(b"PK"):
        try:
            workbook = CalamineWorkbook.from_filelike(BytesIO(data))
            rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
        except CalamineError as error:
            raise Invalid("list_unreadable") from error
        cells = (row[0] for row in rows if row)
        return _counted([_cell(cell) for cell in cells if _cell(cell)])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return names_in(text)
    raise Invalid("list_unreadable")


def _cell(value: object) -> str:
    """A cell as text: a user name of digits only comes as a number."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _counted(names: list[str]) -> list[str]:
    if not names:
        raise Invalid("list_empty")
    if len(names) > MOST_LINES:
        raise Invalid("list_too_long", maximum=MOST_LINES)
    return names


def enrol_listed(
    session: Session,
    workshop: Workshop,
    usernames: Sequence[str],
    *,
    by_id: int | None,
) -> list[Line]:
    """Enrol whom the list names as learners and say of each line what became of it.

    Good lines are taken although others are not. Whoever was removed by hand is not
    brought back by a list but one by one, so that it is not done by mistake.

    Raises:
        Conflict: the workshop is closed or archived.
    """
    must_take(workshop)
    people = _by_key(session, usernames)
    inside = set(
        session.scalars(
            teachers(session, [catchment(workshop.organisation)])
            .with_only_columns(User.id)
            .where(User.id.in_([user.id for user in people.values()]))
        )
    )
    there = {
        row.user_id: row
        for row in session.scalars(
            select(Enrolment).where(
                Enrolment.workshop_id == workshop.id,
                Enrolment.role == WorkshopRole.LEARNER,
            )
        )
    }
    seen: set[str] = set()
    lines = []
    for number, username in enumerate(usernames, 1):
        key = normalise_name(username)
        line = _judged(number, username, people.get(key), seen, inside, there)
        seen.add(key)
        if line.fault is None:
            enrol(session, workshop, people[key], source="import", by_id=by_id)
        lines.append(line)
    place_newcomers(session, workshop)
    return lines


def _by_key(session: Session, usernames: Sequence[str]) -> dict[str, User]:
    keys = {normalise_name(username) for username in usernames}
    found = session.scalars(select(User).where(User.username_key.in_(keys)))
    return {user.username_key: user for user in found}


def _judged(
    number: int,
    username: str,
    user: User | None,
    seen: set[str],
    inside: set[int],
    there: dict[int, Enrolment],
) -> Line:
    if normalise_name(username) in seen:
        return Line(number, username, fault=LineFault.TWICE)
    if user is None:
        return Line(number, username, fault=LineFault.UNKNOWN)
    if user.id not in inside:
        return Line(number, username, fault=LineFault.OUTSIDE)
    row = there.get(user.id)
    if row is None:
        return Line(number, username, user.name)
    if lasting(row):
        return Line(number, username, user.name, LineFault.ALREADY_IN)
    if row.removed:
        return Line(number, username, user.name, LineFault.REMOVED, row.removal_reason)
    return Line(number, username, user.name)
