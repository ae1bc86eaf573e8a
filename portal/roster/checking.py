"""The rules of a roster (`facts.md` (e), case 6): from a sheet to judged rows.

Pure: a sheet and what is known of the county go in, one judged row comes out for
every data row, with all its problems. Good rows are taken, bad rows name their
columns and reasons, and nothing is guessed silently.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.roster import cells
from portal.roster.cells import Reading
from portal.roster.columns import (
    COLUMNS,
    TITLES,
    Cell,
    NotComputed,
    RosterSheet,
    SheetLine,
    match_header,
)
from portal.roster.context import ExistingPerson, RosterContext, School
from portal.roster.problems import STATUS_OF, Note, Problem, RowStatus, Weight
from portal.roster.rows import Change, RosterEntry, RosterRow
from portal.users.codes import SEXES
from portal.users.id_number import IdNumber

_KNOWN_BY = ("name", "mobile", "email")
"""By what a person is known and reached: not everybody may change it."""
_COMPARED = (
    "name",
    "mobile",
    "stage_code",
    "subject_code",
    "degree",
    "title",
    "teacher_tier",
    "email",
)


def check_rows(sheet: RosterSheet, context: RosterContext) -> Iterator[RosterRow]:
    """Judge the rows one by one, so that the caller can show progress.

    Raises:
        Invalid: the header does not name the columns (`match_header`); at once,
            before the first row is asked for.
    """
    columns = match_header(sheet.header)
    return _judge_all(sheet, columns, context)


@dataclass(frozen=True)
class _Place:
    """Where a value stood first in this file."""

    number: int
    line: int

    def params(self) -> Mapping[str, str]:
        return {"row": str(self.number), "line": str(self.line)}


def _judge_all(
    sheet: RosterSheet, columns: Mapping[str, int], context: RosterContext
) -> Iterator[RosterRow]:
    first_with: dict[tuple[str, str], _Place] = {}
    for number, line in enumerate(sheet.lines, start=1):
        row = _RowCheck(number, line, columns, context, first_with)
        yield row.judge()


class _RowCheck:
    """The check of one row: what was read, and what was found, as it goes on."""

    def __init__(
        self,
        number: int,
        line: SheetLine,
        columns: Mapping[str, int],
        context: RosterContext,
        first_with: dict[tuple[str, str], _Place],
    ) -> None:
        self.number, self.line, self.context = number, line, context
        self.columns, self.first_with = columns, first_with
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.values: dict[str, str] = {}
        self.id_number: IdNumber | None = None
        self.school: School | None = None

    def judge(self) -> RosterRow:
        for column in COLUMNS:
            self._read(column.field, required=column.required)
        self._compare_with_id()
        self._compare_with_rows_before()
        existing = self._existing()
        self._compare_with_people(existing)
        return self._row(existing)

    def _read(self, name: str, *, required: bool) -> None:
        place = self.columns.get(name)
        absent = place is None or place >= len(self.line.cells)
        cell = None if place is None or absent else self.line.cells[place]
        if isinstance(cell, NotComputed):
            self._say(name, "cell_not_computed")
        elif not cells.is_blank(cell):
            self._take(name, self._reading(name, cell))
        elif required:
            self._say(name, "required")

    def _reading(self, name: str, cell: Cell) -> Reading:
        match name:
            case "id_no":
                reading, self.id_number = cells.read_id_no(
                    cell, self.context.today, self.context.regions
                )
            case "school":
                reading, self.school = cells.read_school(cell, self.context.schools)
            case "name":
                reading = cells.read_name(cell)
            case "mobile":
                reading = cells.read_mobile(cell)
            case "birth_date":
                reading = cells.read_birth_date(cell)
            case "email":
                reading = cells.read_email(cell)
            case _:
                reading = cells.read_coded(name, cell)
        return reading

    def _take(self, name: str, reading: Reading) -> None:
        self.notes.extend(reading.notes)
        confirmed = self.number in self.context.confirmed
        self.problems.extend(
            problem
            for problem in reading.problems
            if not (confirmed and problem.weight is Weight.HOLD)
        )
        if reading.value is not None:
            self.values[name] = reading.value

    def _say(
        self, name: str, code: str, params: Mapping[str, str] | None = None
    ) -> None:
        self.problems.append(Problem(TITLES[name], code, params or {}))

    def _compare_with_id(self) -> None:
        """Sex and birth date must agree with the number, where it can be read.

        A number cut short by a spreadsheet lost the digit that tells the sex.
        """
        number = self.id_number
        if number is None:
            return
        sex = self.values.get("sex")
        if sex and number.sex and sex != number.sex and not number.doubts:
            by_id = {"given": SEXES.word(sex), "by_id": SEXES.word(number.sex)}
            self._say("sex", "sex_differs_from_id", {**by_id, "digit": number.text[16]})
        born = self.values.get("birth_date")
        if born and number.birth_date and born != number.birth_date.isoformat():
            by_id = {"given": born, "by_id": number.birth_date.isoformat()}
            self._say("birth_date", "birth_date_differs_from_id", by_id)

    def _compare_with_rows_before(self) -> None:
        if self.id_number is not None and self.id_number.whole:
            self._seen_before("id_no", self.id_number.text, "id_twice_in_file")
        if mobile := self.values.get("mobile"):
            unique = self.context.mobiles_unique
            code = "mobile_not_free" if unique else "mobile_twice_in_file"
            self._seen_before("mobile", mobile, code)

    def _seen_before(self, name: str, value: str, code: str) -> None:
        here = _Place(self.number, self.line.line)
        first = self.first_with.setdefault((name, value), here)
        if first is not here:
            self._say(name, code, first.params())

    def _existing(self) -> ExistingPerson | None:
        id_no = self.values.get("id_no")
        return self.context.find_person(id_no) if id_no else None

    def _compare_with_people(self, existing: ExistingPerson | None) -> None:
        self_ids = frozenset((existing.id,)) if existing else frozenset()
        mobile, email = self.values.get("mobile"), self.values.get("email")
        if mobile and self.context.holders_of_mobile(mobile) - self_ids:
            unique = self.context.mobiles_unique
            self._say("mobile", "mobile_not_free" if unique else "mobile_shared")
        if email and self.context.holders_of_email(email) - self_ids:
            self._say("email", "email_shared")
        if (
            existing
            and self.school
            and existing.school_id not in (None, self.school.id)
        ):
            at = {"school": existing.school_name}
            self._say("school", "at_another_school", at)
        elif existing and existing.holds_more:
            for name in _KNOWN_BY:
                if self.values.get(name) not in (None, existing.values.get(name)):
                    self._say(name, "holds_more")

    def _row(self, existing: ExistingPerson | None) -> RosterRow:
        status = self._status()
        entry = None if status is RowStatus.REFUSED else self._entry()
        change, changed = _change(entry, existing)
        return RosterRow(
            number=self.number,
            line=self.line.line,
            status=status,
            problems=tuple(self.problems),
            notes=tuple(self.notes),
            entry=entry,
            existing_id=existing.id if existing else None,
            change=change,
            changed=changed,
            cells=self.line.cells,
        )

    def _status(self) -> RowStatus:
        found = {problem.weight for problem in self.problems}
        heaviest = next((weight for weight in Weight if weight in found), Weight.WARN)
        return STATUS_OF[heaviest]

    def _entry(self) -> RosterEntry:
        number, school = self.id_number, self.school
        assert number is not None
        assert number.sex is not None
        assert number.birth_date is not None
        assert school is not None
        own = {"id_no", "sex", "birth_date", "school"}
        return RosterEntry(
            id_no=number.text,
            sex=number.sex,
            birth_date=number.birth_date,
            school_id=school.id,
            **{name: text for name, text in self.values.items() if name not in own},
        )


def _change(
    entry: RosterEntry | None, existing: ExistingPerson | None
) -> tuple[Change | None, tuple[str, ...]]:
    if entry is None:
        return None, ()
    if existing is None:
        return Change.NEW, ()
    known = existing.asked_school_ids | {existing.school_id}
    changed = [] if entry.school_id in known else ["school_id"]
    for name in _COMPARED:
        value = getattr(entry, name)
        if name in _KNOWN_BY and existing.holds_more:
            continue
        if value is not None and value != existing.values.get(name):
            changed.append(name)
    return (Change.UPDATED if changed else Change.UNCHANGED), tuple(changed)
