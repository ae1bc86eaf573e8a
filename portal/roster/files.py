"""Roster files: read from xlsx or csv, written as template and as error file."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from portal.errors import Invalid
from portal.roster.cells import as_text, is_blank
from portal.roster.columns import (
    COLUMNS,
    NOT_COMPUTED,
    REPORT_TITLES,
    TITLES,
    Cell,
    NotComputed,
    RosterSheet,
    SheetLine,
)
from portal.roster.context import School
from portal.roster.package import MAX_COLUMNS, MAX_LINES, Package
from portal.roster.problems import Problem
from portal.roster.rows import RosterRow
from portal.users import codes
from portal.users.codes import tidy

MAX_ROWS = 20_000
MAX_BYTES = 20 * 2**20

ROSTER_SHEET, GUIDE_SHEET, SCHOOL_SHEET = "教师名册", "填写说明", "学校"

_ZIP, _OLE = b"PK", bytes.fromhex("d0cf11e0a1b11ae1")
_CELL_LIMIT = 32_767
_MOST_COMMAS = 2 * _CELL_LIMIT
"""Of one row of a csv file, those in its texts included: each may part two cells."""
_TEXT = 49
"""The number format @ of Excel: what is typed is kept as it is typed."""
_LISTS = {
    "sex": codes.SEXES,
    "stage_code": codes.STAGES,
    "subject_code": codes.SUBJECTS,
    "degree": codes.DEGREES,
    "title": codes.TITLES,
    "teacher_tier": codes.TIERS,
}
_WIDTHS = {"id_no": 24, "mobile": 16, "school": 28, "birth_date": 14, "email": 26}


def read_roster(data: bytes, file_name: str) -> RosterSheet:
    """The header and the lines of a roster, with the cells as they are.

    Raises:
        Invalid: one of `problems.FILE_CODES`, but for those of the header.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("roster_too_large", megabytes=MAX_BYTES // 2**20)
    if data.startswith(_ZIP):
        return _from_xlsx(data)
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise Invalid("roster_encrypted" if encrypted else "roster_old_format")
    if file_name.lower().endswith(".csv") and b"\0" not in data:
        return _sheet(_csv_lines(data))
    raise Invalid("roster_not_a_spreadsheet")


def _from_xlsx(data: bytes) -> RosterSheet:
    if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]:
        raise Invalid("roster_old_format")
    package = Package(data)
    try:
        return _from_package(package)
    except CalamineError as error:
        raise Invalid("roster_not_a_spreadsheet") from error
    except BaseException as error:
        # The parser is written in Rust: a fault of it is no Exception in Python,
        # and would end the worker's thread.
        if type(error).__name__ == "PanicException":
            raise Invalid("roster_not_a_spreadsheet") from error
        raise


def _from_package(package: Package) -> RosterSheet:
    with CalamineWorkbook.from_filelike(package.repacked()) as book:
        visible = [
            (place, sheet.name)
            for place, sheet in enumerate(book.sheets_metadata)
            if sheet.typ == SheetTypeEnum.WorkSheet
            and sheet.visible == SheetVisibleEnum.Visible
        ]
        if not visible:
            raise Invalid("roster_empty")
        named = [each for each in visible if each[1] == ROSTER_SHEET]
        chosen = (named or visible)[0]
        others = [
            name
            for place, name in visible
            if place != chosen[0]
            and name not in (GUIDE_SHEET, SCHOOL_SHEET)
            and book.get_sheet_by_index(place).height
        ]
        rows = book.get_sheet_by_index(chosen[0]).iter_rows()
        return _sheet(_xlsx_lines(rows, package.not_computed(chosen[0])), others)


def _xlsx_lines(
    rows: Iterable[Sequence[Cell]], not_computed: frozenset[tuple[int, int]]
) -> Iterator[SheetLine]:
    holes = {line for line, _ in not_computed}
    for line, row in enumerate(rows):
        cells = tuple(None if cell == "" else cell for cell in row)
        if line in holes:
            cells = tuple(
                NOT_COMPUTED if (line, column) in not_computed else cell
                for column, cell in enumerate(cells)
            )
        yield SheetLine(line + 1, cells)


def _csv_lines(data: bytes) -> Iterator[SheetLine]:
    """The lines that hold something, as far as an xlsx file may reach."""
    text = _text(data.rstrip(b" \t\r\n,"))
    commas = 0

    def lines() -> Iterator[str]:
        nonlocal commas
        for line in io.StringIO(text, newline=""):
            commas += line.count(",")
            if commas > _MOST_COMMAS:
                raise _too_far(reader.line_num, MAX_COLUMNS)
            yield line

    reader = csv.reader(lines())
    try:
        for number, row in enumerate(reader):
            commas = 0
            if number >= MAX_LINES:
                raise Invalid("roster_too_many_rows", rows=number, limit=MAX_ROWS)
            if any(row[MAX_COLUMNS:]):
                raise _too_far(reader.line_num - 1, MAX_COLUMNS)
            if any(row):
                cells = tuple(cell or None for cell in row[:MAX_COLUMNS])
                yield SheetLine(reader.line_num, cells)
    except csv.Error as error:
        raise Invalid("roster_not_a_spreadsheet") from error


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("roster_csv_encoding")


def _too_far(row: int, column: int) -> Invalid:
    return Invalid("roster_too_far", cell=xl_rowcol_to_cell(row, column))


def _sheet(lines: Iterable[SheetLine], others: Sequence[str] = ()) -> RosterSheet:
    filled = []
    for line in lines:
        if not all(is_blank(cell) for cell in line.cells):
            filled.append(line)
        if len(filled) > MAX_LINES:
            break
    if not filled:
        raise Invalid("roster_empty")
    header, *rows = filled
    if not rows:
        raise Invalid("roster_no_rows")
    if len(rows) > MAX_ROWS:
        raise Invalid("roster_too_many_rows", rows=len(rows), limit=MAX_ROWS)
    return RosterSheet(header.cells, tuple(rows), tuple(others))


def write_template(
    stream: BinaryIO, *, instructions: Sequence[str], schools: Sequence[School] = ()
) -> None:
    """The empty roster to fill in: text cells, drop-down lists, instructions.

    `instructions` comes from `words`, `schools` are those to choose from.
    """
    with text_workbook(stream) as book:
        roster = book.add_worksheet(ROSTER_SHEET)
        as_typed = book.add_format({"num_format": _TEXT})
        for place, column in enumerate(COLUMNS):
            width = _WIDTHS.get(column.field, 12)
            roster.set_column(place, place, width, as_typed)
            head = _head(book, "#D6E4EA" if column.required else "#FFFFFF")
            roster.write_string(0, place, column.title, head)
            if column.field in _LISTS:
                words = list(_LISTS[column.field].words.values())
                _offer(roster, place, words)
            elif column.field == "school" and schools:
                _offer(roster, place, f"='{SCHOOL_SHEET}'!$A$2:$A${len(schools) + 1}")
        roster.freeze_panes(1, 1)
        roster.ignore_errors({"number_stored_as_text": f"A1:Z{MAX_ROWS + 1}"})
        guide = book.add_worksheet(GUIDE_SHEET)
        guide.set_column(0, 0, 90, book.add_format({"text_wrap": True}))
        guide.write_column(0, 0, [line[:_CELL_LIMIT] for line in instructions])
        _write_schools(book, schools)


def write_problems(
    stream: BinaryIO,
    header: Sequence[Cell],
    rows: Iterable[RosterRow],
    *,
    sentence: Callable[[Problem], str],
) -> None:
    """The rows to mend, as they came, each with its number, columns and reasons.

    Every cell is a text cell, so that nothing in it is ever computed (promise V09)
    and no digit is lost. Mended, the file can be sent again as it is.
    """
    titles = ["" if cell is None else tidy(str(cell)) for cell in header]
    kept = [place for place, title in enumerate(titles) if title not in REPORT_TITLES]
    with text_workbook(stream) as book:
        sheet = book.add_worksheet(ROSTER_SHEET)
        plain = book.add_format({"num_format": _TEXT, "text_wrap": True})
        wrong = book.add_format({"num_format": _TEXT, "bg_color": "#F6DDD8"})
        sheet.set_column(0, len(kept) + 2, 16, plain)
        sheet.set_column(len(kept) + 3, len(kept) + 3, 70, plain)
        head = _head(book, "#D6E4EA")
        _write(sheet, 0, [titles[place] for place in kept] + [*REPORT_TITLES], head)
        for line, row in enumerate((row for row in rows if row.to_mend), start=1):
            named = list(dict.fromkeys(problem.column for problem in row.problems))
            given = [_given(titles[place], row.cells, place) for place in kept]
            reasons = "\n".join(sentence(problem) for problem in row.problems)
            report = [str(row.number), str(row.line), "、".join(named), reasons]
            _write(sheet, line, given + report, plain)
            for column, place in enumerate(kept):
                if titles[place] in named:
                    sheet.write_string(line, column, given[column], wrong)
        sheet.freeze_panes(1, 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:AZ{MAX_ROWS + 1}"})


def text_workbook(stream: BinaryIO) -> Workbook:
    """A workbook without temporary files: they would hold ID numbers (V24)."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    return Workbook(stream, options)


def _head(book: Workbook, colour: str) -> Format:
    return book.add_format({"bold": True, "num_format": _TEXT, "bg_color": colour})


def _offer(sheet: Worksheet, column: int, source: list[str] | str) -> None:
    options = {"validate": "list", "source": source, "error_type": "warning"}
    sheet.data_validation(1, column, MAX_ROWS, column, options)


def _write_schools(book: Workbook, schools: Sequence[School]) -> None:
    if not schools:
        return
    sheet = book.add_worksheet(SCHOOL_SHEET)
    sheet.set_column(0, 1, 30, book.add_format({"num_format": _TEXT}))
    for line, (name, code) in enumerate(
        [("学校", "代码"), *((school.name, school.code) for school in schools)]
    ):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, code)


def _given(title: str, cells: Sequence[Cell], place: int) -> str:
    """What stood in a cell, in a form that is refused again unless it is mended.

    An ID number in a number cell has lost its last digits; written out it would
    look whole. A formula without a result would look blank.
    """
    cell = cells[place] if place < len(cells) else None
    if isinstance(cell, NotComputed):
        return "#N/A"
    if title == TITLES["id_no"] and isinstance(cell, int | float):
        return f"{cell:.5E}"
    return as_text(cell)[:_CELL_LIMIT]


def _write(sheet: Worksheet, line: int, texts: Sequence[str], style: Format) -> None:
    for column, text in enumerate(texts):
        sheet.write_string(line, column, text[:_CELL_LIMIT], style)
