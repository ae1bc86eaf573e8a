"""Reads of records: imports, what stands, and what a person sees of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.completions.models import Completion
from portal.errors import NotFound
from portal.files.models import StoredFile
from portal.records.changes import Key, newest
from portal.records.models import RecordImport, SchoolRecord
from portal.records.vocabulary import measure_word
from portal.schemes.engine.marks import plain
from portal.schemes.engine.sheet import MARKS
from portal.schemes.words.sources import MEASURES
from portal.users.models import User


def imports(
    session: Session, *, activity_id: int | None = None, project_id: int | None = None
) -> Sequence[RecordImport]:
    """The sheets of an activity or of a project's schools, the newest first."""
    return session.scalars(
        select(RecordImport)
        .where(
            RecordImport.activity_id == activity_id,
            RecordImport.project_id == project_id,
        )
        .options(joinedload(RecordImport.by))
        .order_by(RecordImport.id.desc())
    ).all()


def import_of(
    session: Session,
    import_id: int,
    *,
    activity_id: int | None = None,
    project_id: int | None = None,
) -> RecordImport:
    """One of them.

    Raises:
        NotFound: it belongs elsewhere, or there is none.
    """
    found = session.scalars(
        select(RecordImport)
        .where(
            RecordImport.id == import_id,
            RecordImport.activity_id == activity_id,
            RecordImport.project_id == project_id,
        )
        .options(joinedload(RecordImport.by), joinedload(RecordImport.file))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def standing_in(session: Session, activity_id: int) -> dict[Key, Completion]:
    """What stands in an activity, by person and key."""
    rows = session.scalars(
        select(Completion).where(Completion.activity_id == activity_id)
    )
    return newest((row.user_id, row) for row in rows)


def standing_of_schools(session: Session, project_id: int) -> dict[Key, SchoolRecord]:
    """What stands of a project's schools, by organisation and key."""
    rows = session.scalars(
        select(SchoolRecord).where(SchoolRecord.project_id == project_id)
    )
    return newest((row.organisation_id, row) for row in rows)


@dataclass(frozen=True)
class OwnRecord:
    """One record as the person reads it whom it is about."""

    title: str
    source: str
    measures: Mapping[str, Decimal]
    stage: int | None
    occurred_at: datetime
    recorded_at: datetime
    notes: Sequence[str]
    file_name: str
    by: str
    withdrawn: bool
    reason: str
    history: int
    """How many revisions came before it."""
    mark_hidden: bool = False
    """There is a mark, which its scheme does not show to the person."""

    @property
    def amounts(self) -> list[tuple[str, str, str]]:
        """What was measured, as it is kept and in words, and how much."""
        return [
            (name, str(MEASURES.get(name) or measure_word(name)), plain(amount))
            for name, amount in self.measures.items()
        ]


def own_records(
    session: Session, activity_id: int, user_id: int, *, marks: bool = True
) -> list[OwnRecord]:
    """A person's records of an activity, the latest first; those withdrawn too.

    Args:
        marks: False leaves out how high marks are, as where only levels are shown.
    """
    rows = session.scalars(
        select(Completion).where(
            Completion.activity_id == activity_id, Completion.user_id == user_id
        )
    )
    found = _as_read(session, newest((row.user_id, row) for row in rows).values())
    return found if marks else [_without_mark(each) for each in found]


def _without_mark(record: OwnRecord) -> OwnRecord:
    others = {name: n for name, n in record.measures.items() if name != MARKS}
    return replace(record, measures=others, mark_hidden=MARKS in record.measures)


def school_records(
    session: Session, project_id: int, organisation_id: int
) -> list[OwnRecord]:
    """A school's records in a project, the latest first; those withdrawn too."""
    rows = session.scalars(
        select(SchoolRecord).where(
            SchoolRecord.project_id == project_id,
            SchoolRecord.organisation_id == organisation_id,
        )
    )
    found = newest((row.organisation_id, row) for row in rows).values()
    return _as_read(session, found)


Row = Completion | SchoolRecord


def _as_read(session: Session, rows: Collection[Row]) -> list[OwnRecord]:
    names, files = _names(session, rows), _files(session, rows)
    found = [
        OwnRecord(
            title=row.title,
            source=row.source,
            measures={name: Decimal(text) for name, text in row.measures.items()},
            stage=row.stage,
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            notes=row.evidence.get("notes", []),
            file_name=files.get(row.evidence.get("file") or 0, ""),
            by=names.get(row.evidence.get("by") or 0, ""),
            withdrawn=row.withdrawn,
            reason=row.reason,
            history=row.revision - 1,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.occurred_at, reverse=True)


def _names(session: Session, rows: Iterable[Row]) -> dict[int, str]:
    ids = {row.evidence.get("by") for row in rows} - {None}
    if not ids:
        return {}
    found = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return dict(found.all())


def _files(session: Session, rows: Iterable[Row]) -> dict[int, str]:
    ids = {row.evidence.get("file") for row in rows} - {None}
    if not ids:
        return {}
    found = session.execute(
        select(StoredFile.id, StoredFile.name).where(StoredFile.id.in_(ids))
    )
    return dict(found.all())
