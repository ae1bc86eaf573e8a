"""A row of a roster after the check: what becomes of it, why, and what it says."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.roster.columns import Cell
from portal.roster.problems import STATUS_OF, Note, Problem, RowStatus, Weight


class Change(StrEnum):
    """What taking a row would do."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class RosterEntry:
    """A teacher as a row describes them: normalised, codes instead of words.

    Sex and birth date come from the ID number. None in `title`, `teacher_tier` or
    `email` means that the row says nothing, not that there is nothing.
    """

    name: str
    id_no: str = field(repr=False)
    sex: str
    birth_date: date
    mobile: str
    school_id: int
    stage_code: str
    subject_code: str
    degree: str
    title: str | None = None
    teacher_tier: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class RosterRow:
    """A judged row. `number` counts data rows from 1, `line` lines of the sheet.

    `entry` is None for a refused row. `changed` names the fields of a known person
    that would change; `change` is None where the row cannot be taken.
    """

    number: int
    line: int
    status: RowStatus
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    entry: RosterEntry | None = None
    existing_id: int | None = None
    change: Change | None = None
    changed: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = field(default=(), repr=False)

    @property
    def main(self) -> Problem | None:
        """The first problem that decided the status: the one to show alone."""
        weights = [weight for weight in Weight if STATUS_OF[weight] is self.status]
        return next((p for p in self.problems if p.weight in weights), None)

    @property
    def to_mend(self) -> bool:
        """Whether the row belongs into the file that goes back to its author."""
        return self.status in (RowStatus.REFUSED, RowStatus.HELD)


def count(rows: Iterable[RosterRow]) -> Mapping[str, int]:
    """How many rows of each status, in the words of `portal roster check --json`."""
    statuses = Counter(row.status for row in rows)
    return {
        "accepted": statuses[RowStatus.ACCEPTED],
        "refused": statuses[RowStatus.REFUSED],
        "held": statuses[RowStatus.HELD],
        "transfers": statuses[RowStatus.TRANSFER],
    }
