"""What a record would change: something new, a correction, or nothing at all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from portal.records.reading import Record


class Change(StrEnum):
    """What becomes of the fact that stands."""

    NEW = "new"
    CORRECTED = "corrected"
    SAME = "same"


class Fact(Protocol):
    """A row of facts, of a person or of a school."""

    key: str
    revision: int
    source: str
    stage: int | None
    occurred_at: datetime
    title: str
    measures: dict[str, Any]
    evidence: dict[str, Any]
    withdrawn: bool


F = TypeVar("F", bound=Fact)
Key = tuple[int, str]
"""Whose fact, by id, and its key."""


def newest(rows: Iterable[tuple[int, F]]) -> dict[Key, F]:
    """The fact that stands of each key, withdrawn ones included."""
    found: dict[Key, F] = {}
    for owner_id, row in rows:
        there = found.get((owner_id, row.key))
        if there is None or row.revision > there.revision:
            found[owner_id, row.key] = row
    return found


def of_imports(
    rows: Iterable[tuple[int, F]], imports: Collection[int]
) -> dict[Key, list[F]]:
    """What these imports wrote, by key."""
    found: dict[Key, list[F]] = {}
    for owner_id, row in rows:
        if row.evidence.get("import") in imports:
            found.setdefault((owner_id, row.key), []).append(row)
    return found


def before(row: F, written: Iterable[F]) -> F | None:
    """What stands again when `row` is taken back: the newest that is older."""
    older = [each for each in written if each.revision < row.revision]
    found = max(older, key=lambda each: each.revision, default=None)
    return None if found is None or found.withdrawn else found


@dataclass(frozen=True)
class Planned:
    """A record with what it changes, and the revision that it would be."""

    record: Record
    change: Change
    revision: int

    @property
    def owner_id(self) -> int:
        """Whose it is; a record that is planned is of somebody known."""
        assert self.record.who.id is not None
        return self.record.who.id


def plan(records: Sequence[Record], standing: Mapping[Key, Fact]) -> list[Planned]:
    """Compare records with what stands. What is the same is not written again."""
    planned = []
    for record in records:
        assert record.who.id is not None
        there = standing.get((record.who.id, record.key))
        planned.append(
            Planned(record, _change(record, there), there.revision + 1 if there else 1)
        )
    return planned


def _change(record: Record, there: Fact | None) -> Change:
    if there is None or there.withdrawn:
        return Change.NEW
    return Change.SAME if _content(record) == _content_of(there) else Change.CORRECTED


def _content(record: Record) -> tuple[object, ...]:
    return (
        record.source,
        record.stage,
        record.occurred_at,
        record.item,
        dict(record.measures),
        list(record.evidence),
    )


def _content_of(row: Fact) -> tuple[object, ...]:
    return (
        row.source,
        row.stage,
        row.occurred_at,
        row.title,
        {name: Decimal(amount) for name, amount in row.measures.items()},
        row.evidence.get("notes", []),
    )


def evidence_of(
    record: Record, *, import_id: int, file_id: int | None, by_id: int | None
) -> dict[str, Any]:
    """Where the record came from: which file, which rows, by whom, and what it says."""
    return {
        "import": import_id,
        "file": file_id,
        "rows": list(record.rows),
        "by": by_id,
        "notes": list(record.evidence),
    }
