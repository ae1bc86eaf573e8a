"""Score sheets: computed from facts, never edited, always rebuildable."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from portal import clock
from portal.completions.service import (
    facts_of,
    facts_of_workshop,
    people_with_facts,
)
from portal.schemes.document import read_scheme
from portal.schemes.engine import evaluate
from portal.schemes.models import SchemeVersion, ScoreSheet
from portal.schemes.rules import Scheme as Rules
from portal.schemes.sheet import Sheet
from portal.tenants import Tenant
from portal.workshops.models import Enrolment, Workshop, WorkshopRole


def rules_of(version: SchemeVersion) -> Rules:
    """The rules of a version, parsed; those that are frozen are parsed once.

    A digest is the document's own, so what is kept under it cannot be another's. A
    draft has none, for it can still be changed.
    """
    if not version.digest:
        return read_scheme(version.document)
    found = _frozen.get(version.digest)
    if found is None:
        if len(_frozen) >= MOST_KEPT:
            _frozen.clear()
        found = _frozen[version.digest] = read_scheme(version.document)
    return found


MOST_KEPT = 200
_frozen: dict[str, Rules] = {}

_WITHOUT_DOCUMENT = defer(SchemeVersion.document)
"""For a version that comes with every row: the document would be read for each.

`rules_of` seldom needs it, and then it is read once.
"""


def zone_of(session: Session, tenant_id: int) -> ZoneInfo:
    """The time zone whose midnight parts the days of a daily limit."""
    return session.get_one(Tenant, tenant_id).zone


def recompute(session: Session, workshop_id: int, user_id: int) -> Sheet | None:
    """Bring one sheet up to its facts, under a lock on the sheet.

    Without the lock two facts at once lose one (architecture §7, E4). None when the
    workshop has no scheme.
    """
    workshop = session.get_one(Workshop, workshop_id)
    if workshop.scheme_version_id is None:
        return None
    version = session.get_one(SchemeVersion, workshop.scheme_version_id)
    row = _locked_row(session, workshop, user_id)
    facts = facts_of(session, user_id, [workshop_id]).get(workshop_id, [])
    sheet = evaluate(
        rules_of(version), facts, zone=zone_of(session, workshop.tenant_id)
    )
    _write(row, version, sheet)
    return sheet


def rebuild(session: Session, workshop: Workshop) -> int:
    """Compute every learner's sheet anew; returns how many there are.

    What it writes equals what stood there before: a test asserts it. The sheets are
    locked before the facts are read, or a fact that comes in between would be lost.
    """
    if workshop.scheme_version_id is None:
        return 0
    version = session.get_one(SchemeVersion, workshop.scheme_version_id)
    rules, zone = rules_of(version), zone_of(session, workshop.tenant_id)
    rows = _locked_rows(session, workshop)
    facts = facts_of_workshop(session, workshop.id)
    for user_id, row in rows.items():
        _write(row, version, evaluate(rules, facts.get(user_id, []), zone=zone))
    session.flush()
    return len(rows)


def _locked_rows(session: Session, workshop: Workshop) -> dict[int, ScoreSheet]:
    """The row of everybody who learns or has facts here, locked in one order."""
    learners = session.scalars(
        select(Enrolment.user_id).where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.role == WorkshopRole.LEARNER,
        )
    )
    wanted = {*learners, *people_with_facts(session, workshop.id)}
    there = {
        row.user_id: row
        for row in session.scalars(
            select(ScoreSheet)
            .where(ScoreSheet.workshop_id == workshop.id)
            .order_by(ScoreSheet.user_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    missing = sorted(wanted - there.keys())
    return there | {u: _locked_row(session, workshop, u) for u in missing}


def sheet_of(session: Session, workshop: Workshop, user_id: int) -> Sheet | None:
    """A participant's sheet, None where the workshop has no scheme."""
    _, sheets = sheets_in(session, workshop, [user_id])
    return sheets.get(user_id)


def sheets_in(
    session: Session, workshop: Workshop, user_ids: Collection[int]
) -> tuple[Rules | None, dict[int, Sheet]]:
    """The rules of a workshop and the sheets of these people, by user id.

    Where no sheet is stored, or one of an earlier scheme, it is worked out from the
    facts: what is shown never depends on whether somebody rebuilt.
    """
    if workshop.scheme_version_id is None:
        return None, {}
    of_these = and_(
        ScoreSheet.scheme_version_id == SchemeVersion.id,
        ScoreSheet.workshop_id == workshop.id,
        ScoreSheet.user_id.in_(user_ids),
    )
    rows = session.execute(
        select(SchemeVersion, ScoreSheet)
        .outerjoin(ScoreSheet, of_these)
        .where(SchemeVersion.id == workshop.scheme_version_id)
        .options(_WITHOUT_DOCUMENT)
    ).all()
    rules, zone = rules_of(rows[0][0]), zone_of(session, workshop.tenant_id)
    sheets = {row.user_id: Sheet.from_json(row.sheet) for _, row in rows if row}
    missing = [user_id for user_id in user_ids if user_id not in sheets]
    facts = facts_of_workshop(session, workshop.id) if missing else {}
    for user_id in missing:
        sheets[user_id] = evaluate(rules, facts.get(user_id, []), zone=zone)
    return rules, sheets


@dataclass(frozen=True)
class Mark:
    """What a sheet comes to, without its lines."""

    total: Decimal
    shown: str
    qualified: bool | None


def marks_in(
    session: Session, workshop: Workshop, user_ids: Collection[int]
) -> tuple[Rules | None, dict[int, Mark]]:
    """The rules of a workshop and what the sheets of these people come to.

    For lists: as `sheets_in`, but the lines of stored sheets stay in the database.
    """
    if workshop.scheme_version_id is None:
        return None, {}
    of_these = and_(
        ScoreSheet.scheme_version_id == SchemeVersion.id,
        ScoreSheet.workshop_id == workshop.id,
        ScoreSheet.user_id.in_(user_ids),
    )
    rows = session.execute(
        select(
            SchemeVersion,
            ScoreSheet.user_id,
            ScoreSheet.sheet["total"].as_string(),
            ScoreSheet.sheet["shown"].as_string(),
            ScoreSheet.qualified,
        )
        .outerjoin(ScoreSheet, of_these)
        .where(SchemeVersion.id == workshop.scheme_version_id)
        .options(_WITHOUT_DOCUMENT)
    ).all()
    rules = rules_of(rows[0][0])
    marks = {
        user_id: Mark(Decimal(total), shown, qualified)
        for _, user_id, total, shown, qualified in rows
        if user_id is not None
    }
    missing = [user_id for user_id in user_ids if user_id not in marks]
    facts = facts_of_workshop(session, workshop.id) if missing else {}
    for user_id in missing:
        zone = zone_of(session, workshop.tenant_id)
        sheet = evaluate(rules, facts.get(user_id, []), zone=zone)
        marks[user_id] = Mark(sheet.total, sheet.shown, sheet.qualified)
    return rules, marks


def _new_row(workshop: Workshop, user_id: int) -> ScoreSheet:
    return ScoreSheet(workshop_id=workshop.id, user_id=user_id)


def _locked_row(session: Session, workshop: Workshop, user_id: int) -> ScoreSheet:
    """The sheet's row, made where it is missing, and locked either way."""
    wanted = (
        select(ScoreSheet)
        .where(ScoreSheet.workshop_id == workshop.id, ScoreSheet.user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.scalars(wanted).one_or_none()
    if row is not None:
        return row
    row = _new_row(workshop, user_id)
    row.scheme_version_id = workshop.scheme_version_id or 0
    row.total, row.sheet, row.updated_at = 0, {}, clock.now()  # type: ignore[assignment] # 0 is written as a Decimal by _write
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return session.scalars(wanted).one()
    return row


def _write(row: ScoreSheet, version: SchemeVersion, sheet: Sheet) -> None:
    row.scheme_version_id = version.id
    row.total = sheet.total
    row.qualified = sheet.qualified
    row.sheet = sheet.to_json()
    row.updated_at = clock.now()
