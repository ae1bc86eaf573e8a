"""A records sheet about schools: looked at, imported whole, taken back whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.service import record as note
from portal.completions.fact import Fact
from portal.errors import Invalid
from portal.organisations.models import Organisation
from portal.records.changes import (
    Change,
    Planned,
    before,
    evidence_of,
    newest,
    of_imports,
    plan,
)
from portal.records.columns import Whose
from portal.records.files import MOST_ROWS
from portal.records.importing import Effect, Look, over_most
from portal.records.models import ImportState, RecordImport, SchoolRecord
from portal.records.queries import standing_of_schools
from portal.records.reading import Record, read_records, without
from portal.records.schools import finder, schools_of, scoring_of, sheets
from portal.records.service import give_reason, imported_ids, settle, taken_back
from portal.records.sources import Counted, counted, pairs, understood
from portal.records.terms import Terms
from portal.schemes.engine.rules import Scheme
from portal.schemes.models import SchemeVersion
from portal.schemes.service import rules_of, zone_of
from portal.workshops.models import Project


@dataclass(frozen=True)
class SchoolFrame:
    """What records of a project's schools are judged by."""

    project: Project
    version: SchemeVersion
    rules: Scheme
    sources: Sequence[Counted]
    schools: Sequence[Organisation]
    terms: Terms


def frame(session: Session, project: Project) -> SchoolFrame:
    """What may be brought in about the schools of a project.

    Raises:
        Invalid: no scheme scores them, or it counts no records.
    """
    scoring = scoring_of(session, project.id)
    if scoring is None:
        raise Invalid("records_no_school_scheme")
    rules = rules_of(scoring.version)
    sources = counted(rules)
    if not sources:
        raise Invalid("records_none_counted")
    schools = schools_of(session, project)
    terms = Terms(
        zone=zone_of(session, project.tenant_id),
        find=finder(schools),
        sources=understood(sources),
        measures=frozenset(m for each in sources for m in each.measures),
        counted=pairs([rules]),
        whose=Whose.SCHOOL,
    )
    return SchoolFrame(project, scoring.version, rules, sources, schools, terms)


def look(session: Session, framed: SchoolFrame, file: bytes, name: str) -> Look:
    """Read a sheet and say what it would do; nothing is written.

    Raises:
        Invalid: as `read_records`.
    """
    read = read_records(file, framed.terms, file_name=name, most=MOST_ROWS)
    read = without(read, over_most(read, framed.terms, [framed.rules]))
    planned = plan(read.records, standing_of_schools(session, framed.project.id))
    return Look(read, planned)


def effects(
    session: Session, framed: SchoolFrame, planned: Sequence[Planned]
) -> list[Effect]:
    """What it would do for every school that it names."""
    changes: dict[int, list[Change]] = {}
    for each in planned:
        changes.setdefault(each.owner_id, []).append(each.change)
    schools = [school for school in framed.schools if school.id in changes]
    project, version = framed.project, framed.version
    before = sheets(session, project, schools, version)
    more = _planned_facts(project, planned)
    after = sheets(session, project, schools, version, more=more)
    return [
        Effect(
            name=was.school.name,
            account=was.school.code,
            counts={c: changes[was.school.id].count(c) for c in Change},
            before=was.sheet.shown,
            after=now.sheet.shown,
        )
        for was, now in zip(before, after, strict=True)
    ]


def _planned_facts(
    project: Project, planned: Iterable[Planned]
) -> dict[int, list[Fact]]:
    """The facts that a sheet would write, by school."""
    facts: dict[int, list[Fact]] = {}
    for each in planned:
        if each.change is Change.SAME:
            continue
        record = each.record
        facts.setdefault(each.owner_id, []).append(
            Fact(
                source=record.source,
                activity=f"project:{project.id}",
                key=record.key,
                revision=each.revision,
                occurred_at=record.occurred_at,
                measures=record.measures,
                title=record.item,
                stage=record.stage,
            )
        )
    return facts


def take(
    session: Session,
    found: RecordImport,
    project: Project,
    records: Sequence[Record],
    *,
    by_id: int,
) -> dict[str, int]:
    """Write the records of a sheet about schools, all of them or none.

    Raises:
        Conflict: it was imported already.
    """
    settle(session, found, ImportState.CHECKED)
    _lock(session, project)
    planned = plan(records, standing_of_schools(session, project.id))
    for each in planned:
        if each.change is not Change.SAME:
            session.add(_row(project, each, found, by_id))
    session.flush()
    changes = [each.change for each in planned]
    counts = {str(change): changes.count(change) for change in Change}
    found.state, found.imported_at = ImportState.IMPORTED, clock.now()
    found.counts = {**found.counts, **counts}
    session.flush()
    note(session, by_id, "records.imported", found, **counts)
    return counts


def _row(
    project: Project, planned: Planned, found: RecordImport, by_id: int
) -> SchoolRecord:
    record = planned.record
    return SchoolRecord(
        project_id=project.id,
        organisation_id=planned.owner_id,
        source=record.source,
        stage=record.stage,
        key=record.key,
        revision=planned.revision,
        occurred_at=record.occurred_at,
        recorded_at=clock.now(),
        title=record.item,
        measures={name: str(amount) for name, amount in record.measures.items()},
        evidence=evidence_of(
            record, import_id=found.id, file_id=found.file_id, by_id=by_id
        ),
    )


def take_back(
    session: Session,
    found: RecordImport,
    project: Project,
    *,
    reason: str,
    by_id: int,
) -> int:
    """Withdraw what an import wrote and still stands; what it corrected stands again.

    Raises:
        Conflict: it is not imported, or was taken back already.
        Invalid: no reason is given.
    """
    give_reason(reason)
    settle(session, found, ImportState.IMPORTED)
    _lock(session, project)
    rows = session.scalars(
        select(SchoolRecord).where(SchoolRecord.project_id == project.id)
    ).all()
    owned = [(row.organisation_id, row) for row in rows]
    others = of_imports(owned, imported_ids(session, found))
    restored = [
        _restored(row, before(row, others.get(key, ())), reason.strip())
        for key, row in newest(owned).items()
        if row.evidence.get("import") == found.id and not row.withdrawn
    ]
    session.add_all(restored)
    session.flush()
    taken_back(session, found, reason, by_id)
    return len(restored)


def _restored(
    row: SchoolRecord, again: SchoolRecord | None, reason: str
) -> SchoolRecord:
    source = again or row
    return SchoolRecord(
        project_id=row.project_id,
        organisation_id=row.organisation_id,
        source=source.source,
        stage=source.stage,
        key=row.key,
        revision=row.revision + 1,
        occurred_at=source.occurred_at,
        recorded_at=clock.now(),
        withdrawn=source is row,
        reason=reason,
        title=source.title,
        measures={} if source is row else source.measures,
        evidence=source.evidence,
    )


def _lock(session: Session, project: Project) -> None:
    session.execute(
        select(Project.id).where(Project.id == project.id).with_for_update()
    )
