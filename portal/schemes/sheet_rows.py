"""The rows of score sheets: made, locked in one order, and written."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from portal import clock
from portal.completions.service import people_with_facts
from portal.schemes.engine.sheet import Sheet
from portal.schemes.models import ScoreSheet
from portal.schemes.scored_by import LEADING, ScoredBy
from portal.workshops.models import Enrolment, Workshop, WorkshopRole

_WITHOUT_SHEET = defer(ScoreSheet.sheet)
"""What is about to be written anew need not be read."""


def locked_rows(
    session: Session, workshop: Workshop, by: ScoredBy
) -> dict[int, ScoreSheet]:
    """The row of everybody who is scored or has facts here, locked in one order."""
    scored = [WorkshopRole.LEARNER] if by.learners is not None else []
    leading = list(LEADING) if by.leaders is not None else []
    people = session.scalars(
        select(Enrolment.user_id).where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.role.in_([*scored, *leading]),
        )
    )
    wanted = {*people, *people_with_facts(session, workshop.id)}
    there = stored_rows(session, workshop)
    return there | {
        user_id: locked_row(session, workshop, user_id, version_id)
        for user_id in sorted(wanted - there.keys())
        if (version_id := by.version_of(user_id)) is not None
    }


def stored_rows(
    session: Session, workshop: Workshop, user_ids: Iterable[int] | None = None
) -> dict[int, ScoreSheet]:
    """The rows that are stored, of all or of these people, locked in one order."""
    wanted = (
        select(ScoreSheet)
        .where(ScoreSheet.workshop_id == workshop.id)
        .order_by(ScoreSheet.user_id)
        .options(_WITHOUT_SHEET)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if user_ids is not None:
        wanted = wanted.where(ScoreSheet.user_id.in_(sorted(user_ids)))
    return {row.user_id: row for row in session.scalars(wanted)}


def locked_row(
    session: Session, workshop: Workshop, user_id: int, version_id: int
) -> ScoreSheet:
    """The sheet's row, made where it is missing, and locked either way."""
    wanted = (
        select(ScoreSheet)
        .where(ScoreSheet.workshop_id == workshop.id, ScoreSheet.user_id == user_id)
        .options(_WITHOUT_SHEET)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.scalars(wanted).one_or_none()
    if row is not None:
        return row
    row = ScoreSheet(
        workshop_id=workshop.id,
        user_id=user_id,
        scheme_version_id=version_id,
        total=Decimal(0),
        sheet={},
        updated_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return session.scalars(wanted).one()
    return row


def write(row: ScoreSheet, version_id: int, sheet: Sheet) -> None:
    row.scheme_version_id = version_id
    row.total = sheet.total
    row.qualified = sheet.qualified
    row.sheet = sheet.to_json()
    row.updated_at = clock.now()
