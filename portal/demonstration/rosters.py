"""Rosters (教师名册) as officers fill them in: most rows right, a few as they come.

They are read as spreadsheets are, so that the import shows what it shows in a county.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from sqlalchemy.orm import Session

from portal.demonstration.people import Person, person
from portal.organisations.models import Organisation
from portal.organisations.queries import current_tenant
from portal.permissions import actor_for
from portal.roster import service, taking
from portal.roster.columns import COLUMNS, RosterSheet, SheetLine
from portal.roster.models import RosterImport
from portal.users.codes import DEGREES, SEXES, STAGES, SUBJECTS, TIERS, TITLES
from portal.users.models import User

_FIRST_FAULTY = 9001
"""Number from which people are counted who stand in rosters with a mistake."""


@dataclass(frozen=True)
class Entry:
    """A row: who, and the school as it is written."""

    person: Person
    school: str


def hand_over(
    session: Session,
    entries: Iterable[Entry],
    branch: Organisation,
    officer: User,
    *,
    file_name: str,
    key: str,
) -> RosterImport:
    """Let an officer hand a roster over; it is checked, and waits."""
    by = actor_for(session, officer.id, current_tenant(session).id)
    lines = [
        SheetLine(number, _cells(entry)) for number, entry in enumerate(entries, 2)
    ]
    header = tuple(column.title for column in COLUMNS)
    sheet = RosterSheet(header, tuple(lines))
    return service.check(session, sheet, branch, by=by, file_name=file_name, key=key)


def take(session: Session, checked: RosterImport, officer: User, *, key: str) -> None:
    """Let the officer take the good rows in; the others come back."""
    by = actor_for(session, officer.id, current_tenant(session).id)
    for _done in taking.take(session, checked, by=by, key=key):
        pass


def faulty(rng: Random, schools: Sequence[str], first: int = 0) -> list[Entry]:
    """Three rows that are refused: two wrong numbers, and a school nobody knows."""
    numbers = range(_FIRST_FAULTY + first, _FIRST_FAULTY + first + 3)
    some = [person(rng, number, subject="other", stage="20") for number in numbers]
    old = some[0].id_no[:6] + some[0].id_no[8:17]
    wrong = some[1].id_no[:17] + ("0" if some[1].id_no[17] != "0" else "1")
    return [
        Entry(replace(some[0], id_no=old), schools[0]),
        Entry(replace(some[1], id_no=wrong), schools[-1]),
        Entry(some[2], schools[0].removesuffix("小学") + "希望小学"),
    ]


def _cells(entry: Entry) -> tuple[str, ...]:
    one = entry.person
    cells = {
        "name": one.name,
        "id_no": one.id_no,
        "mobile": one.mobile,
        "school": entry.school,
        "stage_code": STAGES.word(one.stage_code or "20"),
        "subject_code": SUBJECTS.word(one.subject_code or "other"),
        "degree": DEGREES.word(one.degree),
        "sex": SEXES.word(one.sex),
        "birth_date": one.birth_date.isoformat(),
        "title": TITLES.word(one.title),
        "teacher_tier": TIERS.word(one.tier) if one.tier else "",
        "email": "",
    }
    return tuple(cells[column.field] for column in COLUMNS)
