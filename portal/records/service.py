"""Imports of records: kept, written, taken back. A repetition changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record as note
from portal.completions.models import Completion
from portal.completions.service import Report, record_all
from portal.errors import Conflict, Invalid
from portal.files.models import StoredFile
from portal.records.changes import (
    Change,
    Planned,
    before,
    evidence_of,
    newest,
    of_imports,
    plan,
)
from portal.records.models import ImportState, RecordImport
from portal.records.queries import standing_in
from portal.records.reading import Record
from portal.workshops.models import Activity

MINIMUM_REASON = 2


@dataclass(frozen=True)
class Place:
    """Where a sheet belongs: an activity, or a project with its schools."""

    activity_id: int | None = None
    project_id: int | None = None


def keep(
    session: Session,
    place: Place,
    file: StoredFile,
    counts: Mapping[str, int],
    *,
    by_id: int,
    from_above: bool = False,
) -> RecordImport:
    """Keep a sheet that was looked at, until somebody lets it be imported.

    Args:
        from_above: it names leaders, so that they may not open it.
    """
    found = RecordImport(
        activity_id=place.activity_id,
        project_id=place.project_id,
        file_id=file.id,
        file_name=file.name,
        by_id=by_id,
        created_at=clock.now(),
        counts=dict(counts),
        from_above=from_above,
    )
    session.add(found)
    session.flush()
    return found


def settle(session: Session, found: RecordImport, state: ImportState) -> None:
    """Take the one step from `state`, or find that somebody else took it.

    Raises:
        Conflict: it is not in this state any more.
    """
    session.refresh(found, with_for_update=True)
    if found.state != state:
        raise Conflict("records_import_settled")


def take(
    session: Session,
    found: RecordImport,
    activity: Activity,
    records: Sequence[Record],
    *,
    by_id: int,
    from_above: bool = False,
) -> dict[str, int]:
    """Write the facts of a sheet, all of them or none; returns how many of each change.

    What stands already is not written again, and what differs is a new revision.

    Args:
        from_above: it names leaders, as `keep`; whoever had sent it.

    Raises:
        Conflict: it was imported already.
    """
    settle(session, found, ImportState.CHECKED)
    lock_activity(session, activity.id)
    found.from_above = found.from_above or from_above
    planned = plan(records, standing_in(session, activity.id))
    record_all(
        session,
        [
            _report(activity, each, found, by_id)
            for each in planned
            if each.change is not Change.SAME
        ],
    )
    return _imported(session, found, planned, by_id)


def _imported(
    session: Session, found: RecordImport, planned: Sequence[Planned], by_id: int
) -> dict[str, int]:
    changes = [each.change for each in planned]
    counts = {str(change): changes.count(change) for change in Change}
    found.state = ImportState.IMPORTED
    found.imported_at = clock.now()
    found.counts = {**found.counts, **counts}
    session.flush()
    note(session, by_id, "records.imported", found, **counts)
    return counts


def _report(
    activity: Activity, planned: Planned, found: RecordImport, by_id: int
) -> Report:
    record = planned.record
    return Report(
        workshop_id=activity.workshop_id,
        activity_id=activity.id,
        user_id=planned.owner_id,
        source=record.source,
        key=record.key,
        revision=planned.revision,
        occurred_at=record.occurred_at,
        title=record.item,
        stage=record.stage,
        measures=record.measures,
        evidence=evidence_of(
            record, import_id=found.id, file_id=found.file_id, by_id=by_id
        ),
    )


def take_back(
    session: Session,
    found: RecordImport,
    activity: Activity,
    *,
    reason: str,
    by_id: int,
    spared: Collection[int] = (),
) -> int:
    """Take an import back: what it wrote and still stands is withdrawn.

    Where it corrected a record of another import, that one stands again. Nothing is
    deleted. Returns how many facts that were.

    Args:
        spared: whose facts this person may not withdraw, beside their own.

    Raises:
        Conflict: it is not imported, or was taken back already.
        Invalid: no reason is given, or facts of those spared stand in it.
    """
    give_reason(reason)
    settle(session, found, ImportState.IMPORTED)
    lock_activity(session, activity.id)
    rows = session.scalars(
        select(Completion).where(Completion.activity_id == activity.id)
    ).all()
    owned = [(row.user_id, row) for row in rows]
    others = of_imports(owned, imported_ids(session, found))
    written = [
        (key, row)
        for key, row in newest(owned).items()
        if row.evidence.get("import") == found.id and not row.withdrawn
    ]
    if not {by_id, *spared}.isdisjoint(row.user_id for _, row in written):
        raise Invalid("records_not_yours_to_take_back")
    reports = [
        _restored(row, before(row, others.get(key, ())), reason, by_id)
        for key, row in written
    ]
    record_all(session, reports)
    taken_back(session, found, reason, by_id)
    return len(reports)


def taken_back(session: Session, found: RecordImport, reason: str, by_id: int) -> None:
    """Mark the import, and write down who did it; the reason stays with it."""
    found.state = ImportState.TAKEN_BACK
    found.taken_back_at = clock.now()
    found.taken_back_by_id = by_id
    found.reason = reason.strip()
    session.flush()
    note(session, by_id, "records.taken_back", found, reason=found.reason)


def imported_ids(session: Session, found: RecordImport) -> frozenset[int]:
    """The other imports of the same place that nobody took back."""
    return frozenset(
        session.scalars(
            select(RecordImport.id).where(
                RecordImport.activity_id == found.activity_id,
                RecordImport.project_id == found.project_id,
                RecordImport.state == ImportState.IMPORTED,
                RecordImport.id != found.id,
            )
        )
    )


def _restored(
    row: Completion, again: Completion | None, reason: str, by_id: int
) -> Report:
    source = again or row
    return Report(
        workshop_id=row.workshop_id,
        activity_id=row.activity_id,
        user_id=row.user_id,
        source=source.source,
        key=row.key,
        revision=row.revision + 1,
        occurred_at=source.occurred_at,
        title=source.title,
        stage=source.stage,
        measures={} if source is row else source.measures,
        evidence={**source.evidence, "by": by_id},
        withdrawn=source is row,
        reason=reason.strip(),
    )


def give_reason(reason: str) -> None:
    """See that a reason is given.

    Raises:
        Invalid: it is missing.
    """
    if len(reason.strip()) < MINIMUM_REASON:
        raise Invalid("records_reason_missing", minimum=MINIMUM_REASON)


def drop(session: Session, found: RecordImport, *, by_id: int) -> None:
    """Throw a sheet away that was looked at and not imported.

    Raises:
        Conflict: it was imported.
    """
    settle(session, found, ImportState.CHECKED)
    note(session, by_id, "records.dropped", found)
    session.delete(found)
    session.flush()


def lock_activity(session: Session, activity_id: int) -> None:
    """One at a time writes records of an activity, so that revisions follow."""
    session.execute(
        select(Activity.id).where(Activity.id == activity_id).with_for_update()
    )
