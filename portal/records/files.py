"""Records files: read from xlsx or csv, written as template and as error file.

The reading of the roster does the work: packages are counted before they are parsed,
and a formula without a value is not taken for a blank cell.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.errors import Invalid
from portal.records.columns import REPORT_TITLES, Whose, columns
from portal.records.problems import RowProblem
from portal.roster.cells import as_text
from portal.roster.columns import Cell, NotComputed, RosterSheet, SheetLine
from portal.roster.files import GUIDE_SHEET, MAX_BYTES, read_roster, text_workbook
from portal.users.codes import tidy

RECORDS_SHEET, PEOPLE_SHEET = "考核记录", "名单"
MOST_ROWS = 4000
"""Rows that one import takes: so many are written within two seconds."""

_CELL_LIMIT = 32_767
_TEXT = 49
"""The number format @ of Excel: what is typed is kept as it is typed."""
_WIDTHS = {"who": 20, "source": 24, "item": 28, "time": 20, "evidence": 30}
_OWN_WORDS = ("too_large", "too_far", "too_many_rows", "no_rows")


@dataclass(frozen=True)
class Example:
    """The one row of a template that shows how to write: field to text."""

    texts: dict[str, str]


def read_sheet(file: bytes | BinaryIO, file_name: str) -> RosterSheet:
    """The header and the lines of a sheet, with the cells as they are.

    Raises:
        Invalid: it is no spreadsheet, encrypted, too large, empty, and so on; a code
            of `portal.roster.problems.FILE_CODES`, or with `records_` where the
            sentence names what the sheet is.
    """
    data = file if isinstance(file, bytes) else file.read(MAX_BYTES + 1)
    try:
        return read_roster(data, file_name)
    except Invalid as error:
        what = error.code.removeprefix("roster_")
        if what not in _OWN_WORDS:
            raise
        raise Invalid(f"records_{what}", **error.params) from error


def write_template(
    stream: BinaryIO,
    *,
    sources: Sequence[str],
    measures: Sequence[str],
    example: Example,
    instructions: Sequence[str],
    people: Sequence[tuple[str, str]] = (),
    whose: Whose = Whose.PERSON,
) -> None:
    """The sheet to fill in: text cells, drop-down lists, one example, instructions.

    Args:
        sources: the words or names to choose from, as `measures`.
        people: accounts with names, or schools with codes, on a sheet of their own.
    """
    with text_workbook(stream) as book:
        sheet = book.add_worksheet(RECORDS_SHEET)
        as_typed = book.add_format({"num_format": _TEXT})
        for place, column in enumerate(columns(whose)):
            width = _WIDTHS.get(column.field, 12)
            sheet.set_column(place, place, width, as_typed)
            head = _head(book, "#D6E4EA" if column.required else "#FFFFFF")
            sheet.write_string(0, place, column.title, head)
            text = example.texts.get(column.field, "")
            sheet.write_string(1, place, text, as_typed)
            offers = {"source": sources, "measure": measures}.get(column.field)
            if offers:
                _offer(book, sheet, place, offers, column.title)
            elif column.field == "who" and people:
                _offer_cells(sheet, place, PEOPLE_SHEET, len(people))
        sheet.freeze_panes(1, 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:Z{MOST_ROWS + 1}"})
        guide = book.add_worksheet(GUIDE_SHEET)
        guide.set_column(0, 0, 90, book.add_format({"text_wrap": True}))
        guide.write_column(0, 0, [line[:_CELL_LIMIT] for line in instructions])
        if people:
            _write_people(book, people, whose)


def write_problems(
    stream: BinaryIO,
    header: Sequence[Cell],
    lines: Sequence[SheetLine],
    problems: Iterable[RowProblem],
    *,
    sentence: Callable[[RowProblem], str],
) -> None:
    """The rows to mend, as they came, each with its number, columns and reasons.

    Every cell is a text cell, so that nothing in it is ever computed (promise V09).
    Mended, the file can be sent again as it is.
    """
    titles = ["" if cell is None else tidy(str(cell)) for cell in header]
    kept = [place for place, title in enumerate(titles) if title not in REPORT_TITLES]
    by_row: dict[int, list[RowProblem]] = {}
    for problem in problems:
        by_row.setdefault(problem.row, []).append(problem)
    with text_workbook(stream) as book:
        sheet = book.add_worksheet(RECORDS_SHEET)
        plain = book.add_format({"num_format": _TEXT, "text_wrap": True})
        sheet.set_column(0, len(kept) + 2, 16, plain)
        sheet.set_column(len(kept) + 3, len(kept) + 3, 70, plain)
        head = _head(book, "#D6E4EA")
        _write(sheet, 0, [titles[place] for place in kept] + [*REPORT_TITLES], head)
        for line, (row, found) in enumerate(sorted(by_row.items()), start=1):
            cells = lines[row - 1].cells
            given = [_given(cells, place) for place in kept]
            named = "、".join(dict.fromkeys(problem.column for problem in found))
            reasons = "\n".join(sentence(problem) for problem in found)
            report = [str(row), str(found[0].line), named, reasons]
            _write(sheet, line, given + report, plain)
        sheet.freeze_panes(1, 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:AZ{len(lines) + 2}"})


def _head(book: Workbook, colour: str) -> Format:
    return book.add_format({"bold": True, "num_format": _TEXT, "bg_color": colour})


def _offer(
    book: Workbook, sheet: Worksheet, column: int, words: Sequence[str], title: str
) -> None:
    """A list to choose from: on a sheet of its own, for a cell takes 255 characters."""
    held = book.add_worksheet(title)
    held.write_string(0, 0, title)
    for line, word in enumerate(words, start=1):
        held.write_string(line, 0, word)
    held.hide()
    _offer_cells(sheet, column, title, len(words))


def _offer_cells(sheet: Worksheet, column: int, held: str, count: int) -> None:
    source = f"='{held}'!$A$2:$A${count + 1}"
    options = {"validate": "list", "source": source, "error_type": "warning"}
    sheet.data_validation(1, column, MOST_ROWS, column, options)


def _write_people(
    book: Workbook, people: Sequence[tuple[str, str]], whose: Whose
) -> None:
    sheet = book.add_worksheet(PEOPLE_SHEET)
    sheet.set_column(0, 1, 30, book.add_format({"num_format": _TEXT}))
    heads = ("账号", "姓名") if whose is Whose.PERSON else ("学校", "代码")
    for line, (first, second) in enumerate([heads, *people]):
        sheet.write_string(line, 0, first)
        sheet.write_string(line, 1, second)


def _given(cells: Sequence[Cell], place: int) -> str:
    """What stood in a cell; a formula without a result would look blank."""
    cell = cells[place] if place < len(cells) else None
    return "#N/A" if isinstance(cell, NotComputed) else as_text(cell)[:_CELL_LIMIT]


def _write(sheet: Worksheet, line: int, texts: Sequence[str], style: Format) -> None:
    for column, text in enumerate(texts):
        sheet.write_string(line, column, text[:_CELL_LIMIT], style)
