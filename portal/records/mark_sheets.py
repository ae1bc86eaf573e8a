"""The grid of marks as a spreadsheet: written with what stands, and read again.

A column for each item; beside each a column that says which revision was seen, so that
a sheet filled in at home does not overwrite what another leader gave meanwhile.
"""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from portal.errors import Invalid
from portal.records.cells import Unreadable, text_of
from portal.records.files import read_sheet
from portal.records.marking import Cell, Entry, Given
from portal.records.sources import GivenItem
from portal.roster.columns import Cell as SheetCell
from portal.roster.columns import SheetLine
from portal.roster.files import text_workbook
from portal.schemes.engine.marks import plain
from portal.users.codes import tidy
from portal.users.names import normalise_name
from portal.workshops.models import Enrolment

SHEET = "评分"
WHO = ("账号", "姓名", "小组")
SEEN = "版本（勿改）"
LONGEST_REVISION = 9
"""Digits; what is longer is no revision that anybody saw."""


def heads(items: Sequence[GivenItem]) -> list[str]:
    """The title of each item's column, told apart where two have one name."""
    titles = [_head(item) for item in items]
    return [
        title if titles.count(title) == 1 else f"{title} {place}"
        for place, title in enumerate(titles, start=1)
    ]


def _head(item: GivenItem) -> str:
    stage = "" if item.stage is None else f"（第{item.stage}阶段）"
    most = "" if item.most is None else f"（满分{plain(item.most)}）"
    return f"{item.name}{stage}{most}"


def write(
    stream: BinaryIO,
    items: Sequence[GivenItem],
    people: Sequence[Enrolment],
    standing: Mapping[Cell, Given],
) -> None:
    """The grid with the marks that stand; every cell is text (promise V09)."""
    with text_workbook(stream) as book:
        sheet = book.add_worksheet(SHEET)
        plain_cell = book.add_format({"num_format": 49})
        head = book.add_format({"num_format": 49, "bold": True, "bg_color": "#D6E4EA"})
        titles = [*WHO, *heads(items), SEEN]
        sheet.set_column(0, len(titles) - 1, 16, plain_cell)
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, head)
        for line, each in enumerate(people, start=1):
            given = [standing.get((each.user_id, item.key), Given()) for item in items]
            texts = [
                each.user.username,
                each.user.name,
                each.group.name if each.group else "",
                *("" if one.mark is None else plain(one.mark) for one in given),
                " ".join(str(one.revision) for one in given),
            ]
            for column, text in enumerate(texts):
                sheet.write_string(line, column, text, plain_cell)
        sheet.freeze_panes(1, 2)
        sheet.ignore_errors({"number_stored_as_text": f"A1:ZZ{len(people) + 1}"})


def read(
    data: bytes,
    file_name: str,
    items: Sequence[GivenItem],
    people: Sequence[Enrolment],
) -> list[Entry]:
    """What a filled sheet says, cell by cell; the checks of the marks come later.

    Raises:
        Invalid: it cannot be read, a column is missing or unknown, or a row names
            nobody who learns here, or somebody twice.
    """
    sheet = read_sheet(data, file_name)
    places = _places(sheet.header, heads(items))
    by_name = {normalise_name(each.user.username): each.user_id for each in people}
    entries: list[Entry] = []
    met: set[int] = set()
    for line in sheet.lines:
        account = _text(line, places[WHO[0]])
        user_id = by_name.get(normalise_name(account))
        if user_id is None or user_id in met:
            code = "marks_person_unknown" if user_id is None else "marks_person_twice"
            raise Invalid(code, line=line.line, given=account[:40])
        met.add(user_id)
        seen = _seen(_text(line, places.get(SEEN)), len(items))
        entries += [
            Entry(user_id, item.key, _text(line, places[title]), seen[place])
            for place, (item, title) in enumerate(zip(items, heads(items), strict=True))
        ]
    return entries


def _places(header: Sequence[SheetCell], titles: Sequence[str]) -> dict[str, int]:
    found = {
        tidy(str(cell)): place for place, cell in enumerate(header) if cell is not None
    }
    known = {tidy(title): title for title in (*WHO, *titles, SEEN)}
    needed = (WHO[0], *titles)
    if missing := [title for title in needed if tidy(title) not in found]:
        raise Invalid("records_header_missing", missing="、".join(missing))
    if unknown := [name for name in found if name and name not in known]:
        raise Invalid("records_header_unknown", unknown="、".join(unknown)[:200])
    return {known[name]: place for name, place in found.items() if name in known}


def _text(line: SheetLine, place: int | None) -> str:
    if place is None or place >= len(line.cells):
        return ""
    try:
        cell = line.cells[place]
        if isinstance(cell, float):
            return format(cell, ".15g")
        return text_of(cell)
    except Unreadable:
        # Refused as a mark with its cell named, as any other text there.
        return "#N/A"


def _seen(text: str, number: int) -> list[int]:
    """The revisions seen of each item; 0 where somebody wrote over the column."""
    parts = text.split()
    fits = len(parts) == number and all(
        part.isdecimal() and len(part) <= LONGEST_REVISION for part in parts
    )
    return [int(part) for part in parts] if fits else [0] * number
