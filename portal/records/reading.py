"""Reading a records sheet: one row is one amount, and the rows of one 事项 are a fact.

Pure: a file and what is known of people and sources go in, records and problems come
out. Nothing is guessed: a record with a row that cannot be read is refused whole, for
half of it would be a different fact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from portal.completions.fact import Fact
from portal.errors import Invalid
from portal.records.columns import is_example, match_header
from portal.records.files import PEOPLE_SHEET, read_sheet
from portal.records.problems import RowProblem
from portal.records.row import Row
from portal.records.terms import Terms, Who, key_of
from portal.roster.columns import Cell, SheetLine
from portal.roster.files import MAX_ROWS


@dataclass(frozen=True)
class Record:
    """One thing that somebody did, of one row or of several.

    `item` names it within its source. `rows` are its data rows, from 1.
    """

    who: Who
    source: str
    item: str
    occurred_at: datetime
    measures: Mapping[str, Decimal]
    stage: int | None = None
    evidence: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """What names it in an activity, through all its revisions."""
        return key_of(self.source, self.item)

    def fact(self) -> Fact:
        """The fact as an engine reads it, of the first revision."""
        return Fact(
            source=self.source,
            activity=0,
            key=self.key,
            revision=1,
            occurred_at=self.occurred_at,
            measures=self.measures,
            title=self.item,
            stage=self.stage,
            evidence=self.evidence,
        )


@dataclass(frozen=True)
class Read:
    """What a sheet holds: whole records, and what is wrong with the other rows."""

    records: tuple[Record, ...]
    problems: tuple[RowProblem, ...]
    header: tuple[Cell, ...] = field(default=(), repr=False)
    lines: tuple[SheetLine, ...] = field(default=(), repr=False)
    named: frozenset[Who] = frozenset()
    """Everybody whom a row names, be it taken or refused."""
    other_sheets: tuple[str, ...] = ()
    """The sheets of the file that hold something and were not read."""

    @property
    def refused(self) -> frozenset[int]:
        """The numbers of the rows that are not taken."""
        return frozenset(problem.row for problem in self.problems)

    def facts(self) -> dict[Who, list[Fact]]:
        """The facts of everybody named, in the order of the sheet."""
        found: dict[Who, list[Fact]] = {}
        for record in self.records:
            found.setdefault(record.who, []).append(record.fact())
        return found


def read_records(
    file: bytes | BinaryIO,
    terms: Terms,
    *,
    file_name: str = "records.xlsx",
    most: int = MAX_ROWS,
) -> Read:
    """Read a sheet of records, from xlsx or csv.

    Args:
        most: rows that one sheet may have; who writes them asks for fewer.

    Raises:
        Invalid: the file cannot be read (`portal.records.files.read_sheet`), has too
            many rows, or its header does not name the columns (`match_header`).
    """
    sheet = read_sheet(file, file_name)
    if len(sheet.lines) > most:
        raise Invalid("records_too_many_rows", rows=len(sheet.lines), limit=most)
    places = match_header(sheet.header, terms.whose)
    lines = [line for line in sheet.lines if not _is_example(line, places)]
    if not lines:
        raise Invalid("records_no_rows")
    rows = [
        Row(number, line, places, terms).read()
        for number, line in enumerate(lines, start=1)
    ]
    records, problems = _put_together(rows)
    return Read(
        tuple(records),
        tuple(sorted(problems, key=lambda each: each.row)),
        sheet.header,
        tuple(lines),
        frozenset(row.who for row in rows if row.who is not None),
        tuple(name for name in sheet.other_sheets if name != PEOPLE_SHEET),
    )


def _is_example(line: SheetLine, places: Mapping[str, int]) -> bool:
    place = places["who"]
    return place < len(line.cells) and is_example(line.cells[place])


def without(read: Read, problems: Iterable[RowProblem]) -> Read:
    """The same with further problems: their records, and so all their rows, go."""
    found = list(problems)
    bad = {problem.row for problem in found}
    kept, lines = [], {n: line.line for n, line in enumerate(read.lines, start=1)}
    for record in read.records:
        hit = [row for row in record.rows if row in bad]
        if not hit:
            kept.append(record)
            continue
        for row in record.rows:
            if row not in bad:
                params = {"row": str(hit[0]), "line": str(lines[hit[0]])}
                found.append(
                    RowProblem(row, lines[row], "事项", "refused_with", params)
                )
    problems = sorted((*read.problems, *found), key=lambda each: each.row)
    return replace(read, records=tuple(kept), problems=tuple(problems))


def _put_together(
    rows: Sequence[Row],
) -> tuple[list[Record], list[RowProblem]]:
    """The rows of one item of one person are one record; each is whole or refused."""
    items: dict[tuple[Who | None, str | None, str], list[Row]] = {}
    for row in rows:
        items.setdefault((row.who, row.source, row.item), []).append(row)
    records = []
    for (who, source, item), members in items.items():
        if who is None or source is None or not item:
            continue
        _compare(members)
        bad = next((row for row in members if _spoils(row)), None)
        if bad is None:
            records.append(_record(who, source, item, members))
            continue
        for row in members:
            if not row.problems:
                row.say("item", "refused_with", **_place(bad))
    return records, [problem for row in rows for problem in row.problems]


def _compare(members: Sequence[Row]) -> None:
    """Each measure stands once, and all rows agree on time, stage and lateness."""
    seen: dict[str, Row] = {}
    for row in members:
        if row.measure is None or row.amount is None:
            continue
        there = seen.setdefault(row.measure, row)
        if there is not row:
            same = there.amount == row.amount
            code = "twice_in_file" if same else "twice_and_differs"
            row.say("measure", code, **_place(there))
    for name in ("time", "stage", "late_minutes"):
        told = [row for row in members if getattr(row, name) is not None]
        for row in told[1:]:
            if getattr(row, name) != getattr(told[0], name):
                row.say(name, "differs_in_item", **_place(told[0]))


def _spoils(row: Row) -> bool:
    """Whether its record cannot stand; a mere repetition leaves the first row."""
    return any(problem.code != "twice_in_file" for problem in row.problems)


def _place(row: Row) -> dict[str, str]:
    return {"row": str(row.number), "line": str(row.line.line)}


def _record(who: Who, source: str, item: str, members: Sequence[Row]) -> Record:
    taken = [row for row in members if not row.problems]
    measures = {
        row.measure: row.amount
        for row in taken
        if row.measure is not None and row.amount is not None
    }
    if late := next((row.late_minutes for row in taken if row.late_minutes), 0):
        measures["late_minutes"] = Decimal(late)
    time = taken[0].time
    assert time is not None
    return Record(
        who=who,
        source=source,
        item=item,
        occurred_at=time,
        measures=measures,
        stage=next((row.stage for row in taken if row.stage is not None), None),
        evidence=tuple(dict.fromkeys(row.evidence for row in taken if row.evidence)),
        rows=tuple(row.number for row in taken),
    )
