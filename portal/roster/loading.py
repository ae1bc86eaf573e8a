"""What the check of a roster must know of the county, read in a few queries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.organisations.models import (
    Organisation,
    OrganisationKind,
    Posting,
    PostingKind,
)
from portal.organisations.queries import current_tenant, holding_more, lasts, today
from portal.permissions import Actor, Permission
from portal.roster.cells import as_text, read_mobile
from portal.roster.columns import Cell, RosterSheet, match_header
from portal.roster.context import ExistingPerson, RosterContext, School, SchoolIndex
from portal.roster.models import TransferRequest, TransferState
from portal.users import id_number, id_numbers
from portal.users.models import User
from portal.users.names import normalise_name

_TOGETHER = 500
"""Values in one query: SQLite takes no more than some thousands."""

_KEPT = (
    "name",
    "mobile",
    "stage_code",
    "subject_code",
    "degree",
    "title",
    "teacher_tier",
    "email",
)


def load_context(
    session: Session,
    sheet: RosterSheet,
    organisation: Organisation,
    *,
    by: Actor | None,
    key: str,
    confirmed: frozenset[int] = frozenset(),
) -> RosterContext:
    """The county as the check of this sheet sees it.

    Args:
        organisation: schools outside its branch cannot be filled.
        by: who imports; None is the operator at the command line.
        key: of the encryption of ID numbers.
        confirmed: see `RosterContext`.

    Raises:
        Invalid: as `match_header`.
    """
    columns = match_header(sheet.header)
    day = today(session)
    unique = bool(current_tenant(session).settings.get("mobiles_unique"))
    people = _people(session, _cells(sheet, columns["id_no"]), by, key, day)
    known = true() if unique else _seen(organisation, by, day)
    mobiles = _holders(
        session,
        User.mobile,
        (read_mobile(cell).value for cell in _cells(sheet, columns["mobile"])),
        known,
    )
    emails = _holders(
        session,
        User.email_key,
        (normalise_name(as_text(c)) for c in _cells(sheet, columns.get("email"))),
        _seen(organisation, by, day),
    )
    return RosterContext(
        today=day,
        schools=SchoolIndex(schools(session, organisation, by)),
        find_person=lambda number: people.get(id_numbers.digest(number, key)),
        holders_of_mobile=lambda text: mobiles.get(text, frozenset()),
        holders_of_email=lambda text: emails.get(normalise_name(text), frozenset()),
        mobiles_unique=unique,
        confirmed=confirmed,
    )


def schools(
    session: Session, organisation: Organisation, by: Actor | None
) -> list[School]:
    """Every place of the county that people are posted to, by code; not the bureau."""
    rows = session.scalars(
        select(Organisation)
        .where(Organisation.kind != OrganisationKind.BUREAU)
        .order_by(Organisation.code)
    )
    return [
        School(row.id, row.code, row.name, _fillable(row, organisation, by))
        for row in rows
    ]


def _fillable(row: Organisation, branch: Organisation, by: Actor | None) -> bool:
    return row.path.startswith(branch.path) and (
        by is None or by.within(Permission.MANAGE_PEOPLE, row.path)
    )


def _cells(sheet: RosterSheet, place: int | None) -> Iterator[Cell]:
    if place is None:
        return
    for line in sheet.lines:
        if place < len(line.cells) and line.cells[place] is not None:
            yield line.cells[place]


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    wanted = sorted(set(values))
    for start in range(0, len(wanted), _TOGETHER):
        yield wanted[start : start + _TOGETHER]


def _seen(
    organisation: Organisation, by: Actor | None, day: date
) -> ColumnElement[bool]:
    """The people whom the importer sees at any rate: a warning tells of no others.

    Otherwise a roster would be a way to ask whose mobile numbers are known (V22).
    """
    if by is None:
        return true()
    branches = by.branches(Permission.VIEW_PEOPLE)
    if any(path.count("/") == 2 for path in branches):
        return true()
    paths = [Organisation.path.startswith(path) for path in branches]
    return User.id.in_(
        select(Posting.user_id)
        .join(Organisation, Posting.organisation_id == Organisation.id)
        .where(lasts(Posting, day), or_(*paths) if paths else false())
    )


def _holders(
    session: Session,
    column: InstrumentedAttribute[str | None],
    values: Iterable[str | None],
    known: ColumnElement[bool],
) -> dict[str, frozenset[int]]:
    """Who has which of the values in the column."""
    found: dict[str, frozenset[int]] = {}
    for part in _parts(value for value in values if value):
        rows = session.execute(select(User.id, column).where(column.in_(part), known))
        for user_id, value in rows:
            assert value is not None
            found[value] = found.get(value, frozenset()) | {user_id}
    return found


@dataclass(frozen=True)
class _Books:
    """Where people are on the books, and which schools have asked for them."""

    home: dict[int, Organisation]
    asked: dict[int, frozenset[int]]


def _people(
    session: Session,
    numbers: Iterable[Cell],
    by: Actor | None,
    key: str,
    day: date,
) -> dict[str, ExistingPerson]:
    """The people with these ID numbers, by digest."""
    texts = (id_number.normalise(cell)[0] for cell in numbers if isinstance(cell, str))
    people: dict[str, ExistingPerson] = {}
    for part in _parts(id_numbers.digest(text, key) for text in texts):
        users = session.scalars(select(User).where(User.id_no_digest.in_(part))).all()
        ids = [user.id for user in users]
        books = _books(session, ids, day)
        above = holding_more(session, by, ids) if by is not None else frozenset()
        for user in users:
            home = books.home.get(user.id)
            people[user.id_no_digest or ""] = ExistingPerson(
                id=user.id,
                school_id=home.id if home else None,
                school_name=home.name if home else "",
                values={name: getattr(user, name) for name in _KEPT},
                asked_school_ids=books.asked.get(user.id, frozenset()),
                holds_more=user.id in above,
            )
    return people


def _books(session: Session, user_ids: Sequence[int], day: date) -> _Books:
    """The home school of today, else the one to come; and open requests."""
    postings = session.execute(
        select(Posting.user_id, Posting.starts_on, Organisation)
        .join(Organisation, Posting.organisation_id == Organisation.id)
        .where(
            Posting.user_id.in_(user_ids),
            Posting.kind == PostingKind.HOME,
            or_(Posting.ends_on.is_(None), Posting.ends_on > day),
        )
        .order_by(Posting.starts_on.desc())
    )
    home: dict[int, Organisation] = {}
    asked: dict[int, frozenset[int]] = {}
    for user_id, starts_on, school in postings:
        home[user_id] = school
        if starts_on > day:
            asked[user_id] = asked.get(user_id, frozenset()) | {school.id}
    requests = session.execute(
        select(TransferRequest.user_id, TransferRequest.to_organisation_id).where(
            TransferRequest.user_id.in_(user_ids),
            TransferRequest.state == TransferState.ASKED,
        )
    )
    for user_id, school_id in requests:
        asked[user_id] = asked.get(user_id, frozenset()) | {school_id}
    return _Books(home, asked)
