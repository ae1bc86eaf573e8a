"""What became of the rows of a roster, as it is stored, shown and told to programs.

No ID number is in it (V24): the cells themselves are kept encrypted (`sealing`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.roster.cells import as_text, shown
from portal.roster.columns import TITLES, RosterSheet, match_header
from portal.roster.problems import Note, Problem, RowStatus
from portal.roster.rows import Change, RosterRow, count

_LONGEST_NAME = 40


@dataclass(frozen=True)
class Result:
    """One row of a stored import.

    `name` is what stood in the column 姓名; `user_id` is the person whom the row was
    found to be about, or made.
    """

    number: int
    line: int
    status: RowStatus
    name: str
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
    change: Change | None
    changed: tuple[str, ...]
    user_id: int | None

    @property
    def aliases(self) -> tuple[Note, ...]:
        """The words that were taken for other words, which a person confirms."""
        return tuple(note for note in self.notes if note.code == "alias")

    @property
    def to_mend(self) -> bool:
        """Whether the row belongs into the file that goes back to its author."""
        return self.status in (RowStatus.REFUSED, RowStatus.HELD)


def as_json(
    sheet: RosterSheet, rows: Iterable[RosterRow], made: Mapping[int, int]
) -> list[dict[str, Any]]:
    """The rows as the database keeps them. `made`: ids of new people by row number."""
    place = match_header(sheet.header)["name"]
    return [
        {
            "row": row.number,
            "line": row.line,
            "status": row.status.value,
            "name": _name(row, place),
            "problems": [[p.column, p.code, dict(p.params)] for p in row.problems],
            "notes": [[n.column, n.code, n.given, n.taken] for n in row.notes],
            "change": row.change,
            "changed": list(row.changed),
            "user": made.get(row.number, row.existing_id),
        }
        for row in rows
    ]


def _name(row: RosterRow, place: int) -> str:
    cell = row.cells[place] if place < len(row.cells) else None
    return shown(as_text(cell)).strip()[:_LONGEST_NAME]


def from_json(kept: Mapping[str, Any]) -> Result:
    """A row as `as_json` wrote it."""
    change = kept["change"]
    return Result(
        number=kept["row"],
        line=kept["line"],
        status=RowStatus(kept["status"]),
        name=kept["name"],
        problems=tuple(Problem(*each) for each in kept["problems"]),
        notes=tuple(Note(*each) for each in kept["notes"]),
        change=Change(change) if change else None,
        changed=tuple(kept["changed"]),
        user_id=kept["user"],
    )


def counted(rows: Sequence[RosterRow]) -> dict[str, int]:
    """Rows by status, and the accepted ones by what taking them does."""
    taken = [row.change for row in rows if row.status is RowStatus.ACCEPTED]
    return {**count(rows), **{each.value: taken.count(each) for each in Change}}


def rows_to_mend(sheet: RosterSheet, results: Iterable[Result]) -> list[RosterRow]:
    """The rows of the error file: what was found, with the cells as they came."""
    cells = {row.line: row.cells for row in sheet.lines}
    return [
        RosterRow(
            result.number,
            result.line,
            result.status,
            result.problems,
            cells=cells.get(result.line, ()),
        )
        for result in results
        if result.to_mend
    ]


def report(
    rows: Sequence[RosterRow], sentence: Callable[[Problem], str]
) -> dict[str, Any]:
    """What `portal roster check --json` prints: a count and an entry for every row.

    Column, code and message are None where nothing is to be said about a row.
    """
    return {**count(rows), "rows": [_entry(row, sentence) for row in rows]}


def _entry(row: RosterRow, sentence: Callable[[Problem], str]) -> dict[str, Any]:
    main = row.main
    return {
        "row": row.number,
        "status": row.status.value,
        "column": main.column if main else None,
        "code": main.code if main else None,
        "message": sentence(main) if main else None,
    }


def changed_titles(result: Result) -> tuple[str, ...]:
    """The columns that a row changes in what is known of a person."""
    titles = {**TITLES, "school_id": TITLES["school"]}
    return tuple(titles[field] for field in result.changed)
