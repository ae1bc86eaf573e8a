"""Score sheets: computed from facts, never edited, always rebuildable."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, defer

from portal.completions.reading import facts_among
from portal.schemes.documents.scheme import read_scheme
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Scheme as Rules
from portal.schemes.engine.sheet import Sheet
from portal.schemes.models import SchemeVersion, ScoreSheet
from portal.schemes.scored_by import ScoredBy, scored_by
from portal.schemes.sheet_rows import locked_row, locked_rows, stored_rows, write
from portal.tenants import Tenant
from portal.workshops.models import Workshop


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

    Without the lock two facts at once lose one (architecture §7, E4). Only then it is
    asked by what the person is scored: the workshop may be moving to a new version.
    None when nothing scores them.
    """
    workshop = session.get_one(Workshop, workshop_id)
    version_id = scored_by(session, workshop).version_of(user_id)
    if version_id is None:
        return None
    row = locked_row(session, workshop, user_id, version_id)
    session.refresh(workshop, _SCORED_BY)
    now_by = scored_by(session, workshop)
    return _bring_up(session, workshop, now_by, {user_id: row}).get(user_id)


_SCORED_BY = ("scheme_version_id", "leader_scheme_version_id")


def rebuild(session: Session, workshop: Workshop) -> int:
    """Compute every sheet of the workshop anew; returns how many there are.

    What it writes equals what stood there before: a test asserts it. The sheets are
    locked before the facts are read, or a fact that comes in between would be lost.
    """
    by = scored_by(session, workshop)
    rows = {
        user_id: row
        for user_id, row in locked_rows(session, workshop, by).items()
        if by.version_of(user_id) is not None
    }
    _bring_up(session, workshop, by, rows)
    return len(rows)


def bring_up(
    session: Session, workshop: Workshop, user_ids: Sequence[int]
) -> dict[int, Sheet]:
    """Compute the stored sheets of these people anew, locked in one order."""
    there = stored_rows(session, workshop, user_ids)
    return _bring_up(session, workshop, scored_by(session, workshop), there)


def _bring_up(
    session: Session,
    workshop: Workshop,
    by: ScoredBy,
    rows: dict[int, ScoreSheet],
) -> dict[int, Sheet]:
    """Write into the rows, which are locked, what the facts come to."""
    brought: dict[int, Sheet] = {}
    zone = zone_of(session, workshop.tenant_id)
    facts = facts_among(session, workshop.id, rows)
    for version_id, user_ids in by.parted(rows):
        rules = rules_of(session.get_one(SchemeVersion, version_id))
        for user_id in user_ids:
            sheet = evaluate(rules, facts.get(user_id, []), zone=zone)
            write(rows[user_id], version_id, sheet)
            brought[user_id] = sheet
    session.flush()
    return brought


def sheet_of(session: Session, workshop: Workshop, user_id: int) -> Sheet | None:
    """A participant's sheet, None where nothing scores them."""
    _, sheets = sheets_in(session, workshop, [user_id])
    return sheets.get(user_id)


def sheets_in(
    session: Session, workshop: Workshop, user_ids: Collection[int]
) -> tuple[Rules | None, dict[int, Sheet]]:
    """The rules for a workshop's learners, and the sheets of these people by user id.

    Those who lead it are scored by its scheme for leaders, where it has one. Where no
    sheet is stored, or one of an earlier scheme, it is worked out from the facts: what
    is shown never depends on whether somebody rebuilt.
    """
    columns = (ScoreSheet.user_id, ScoreSheet.sheet)
    rules: Rules | None = None
    found: dict[int, Sheet] = {}
    for version_id, ids in scored_by(session, workshop).parted(user_ids):
        judging, rows = _stored(session, workshop, version_id, ids, *columns)
        sheets = {user_id: Sheet.from_json(data) for user_id, data in rows}
        found |= sheets | _unstored(session, workshop, judging, ids, sheets)
        if version_id == workshop.scheme_version_id:
            rules = judging
    return rules, found


@dataclass(frozen=True)
class Mark:
    """What a sheet comes to, without its lines."""

    total: Decimal
    shown: str
    qualified: bool | None


def marks_in(
    session: Session, workshop: Workshop, user_ids: Collection[int]
) -> tuple[Rules | None, dict[int, Mark]]:
    """The rules for the learners and what the sheets of these people come to.

    For lists: as `sheets_in`, but the lines of stored sheets stay in the database.
    """
    columns = (
        ScoreSheet.user_id,
        ScoreSheet.sheet["total"].as_string(),
        ScoreSheet.sheet["shown"].as_string(),
        ScoreSheet.qualified,
    )
    rules: Rules | None = None
    found: dict[int, Mark] = {}
    for version_id, ids in scored_by(session, workshop).parted(user_ids):
        judging, rows = _stored(session, workshop, version_id, ids, *columns)
        marks = {
            user_id: Mark(Decimal(total), shown, qualified)
            for user_id, total, shown, qualified in rows
        }
        others = _unstored(session, workshop, judging, ids, marks)
        found |= marks | {user_id: mark_of(sheet) for user_id, sheet in others.items()}
        if version_id == workshop.scheme_version_id:
            rules = judging
    return rules, found


def mark_of(sheet: Sheet) -> Mark:
    """What it comes to."""
    return Mark(sheet.total, sheet.shown, sheet.qualified)


def _stored(
    session: Session,
    workshop: Workshop,
    version_id: int,
    user_ids: Collection[int],
    *columns: Any,
) -> tuple[Rules, list[Any]]:
    """The rules of a version, and of the sheets stored under it these columns.

    The first column is the user's id.
    """
    of_these = and_(
        ScoreSheet.scheme_version_id == SchemeVersion.id,
        ScoreSheet.workshop_id == workshop.id,
        ScoreSheet.user_id.in_(user_ids),
    )
    rows = session.execute(
        select(SchemeVersion, *columns)
        .outerjoin(ScoreSheet, of_these)
        .where(SchemeVersion.id == version_id)
        .options(_WITHOUT_DOCUMENT)
    ).all()
    return rules_of(rows[0][0]), [row[1:] for row in rows if row[1] is not None]


def _unstored(
    session: Session,
    workshop: Workshop,
    rules: Rules,
    user_ids: Collection[int],
    stored: Collection[int],
) -> dict[int, Sheet]:
    """The sheets of those of whom none is stored under these rules."""
    missing = [user_id for user_id in user_ids if user_id not in stored]
    if not missing:
        return {}
    zone = zone_of(session, workshop.tenant_id)
    facts = facts_among(session, workshop.id, missing)
    return {
        user_id: evaluate(rules, facts.get(user_id, []), zone=zone)
        for user_id in missing
    }
