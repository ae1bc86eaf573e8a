"""The columns of a roster, and the header that must name them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from portal.errors import Invalid
from portal.users.codes import tidy


class NotComputed:
    """A formula whose value the file does not hold: it must not read as blank."""

    def __repr__(self) -> str:
        return "NOT_COMPUTED"


NOT_COMPUTED = NotComputed()

Cell: TypeAlias = (
    str | float | int | bool | date | datetime | time | timedelta | NotComputed | None
)
"""What a spreadsheet can hold."""


@dataclass(frozen=True)
class SheetLine:
    """A line of the sheet that holds something; `line` counts from 1 as Excel."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RosterSheet:
    """A spreadsheet as it was read: the header, then every line that is not blank.

    `other_sheets` names sheets that hold something and were not read.
    """

    header: tuple[Cell, ...]
    lines: tuple[SheetLine, ...]
    other_sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column: its field in code, its title in the sheet."""

    field: str
    title: str
    required: bool


COLUMNS = (
    Column("name", "姓名", required=True),
    Column("id_no", "身份证号", required=True),
    Column("mobile", "手机", required=True),
    Column("school", "学校", required=True),
    Column("stage_code", "学段", required=True),
    Column("subject_code", "学科", required=True),
    Column("degree", "学历", required=True),
    Column("sex", "性别", required=False),
    Column("birth_date", "出生日期", required=False),
    Column("title", "职称", required=False),
    Column("teacher_tier", "教师梯队", required=False),
    Column("email", "邮箱", required=False),
)
"""In the order of the template: required columns first."""

TITLES: Mapping[str, str] = {column.field: column.title for column in COLUMNS}

REPORT_TITLES = ("行号", "表格行", "列", "原因")
"""What an error file adds. Mended and sent again, its columns are passed over."""


def match_header(header: Sequence[Cell]) -> Mapping[str, int]:
    """Where each field stands. Names must match; their order may differ.

    Raises:
        Invalid: columns are missing, unknown or named twice; `missing`, `unknown`
            and `repeated` hold their titles, joined for the sentence.
    """
    titles = ["" if cell is None else tidy(str(cell)) for cell in header]
    named = Counter(title for title in titles if title)
    known = {column.title for column in COLUMNS}
    missing = [c.title for c in COLUMNS if c.required and c.title not in named]
    unknown = [t for t in named if t not in known and t not in REPORT_TITLES]
    _refuse_header(missing, unknown)
    if repeated := [t for t, times in named.items() if times > 1 and t in known]:
        raise Invalid("roster_header_repeated", repeated="、".join(repeated))
    return {c.field: titles.index(c.title) for c in COLUMNS if c.title in named}


def _refuse_header(missing: Sequence[str], unknown: Sequence[str]) -> None:
    titles = {
        name: "、".join(found)
        for name, found in (("missing", missing), ("unknown", unknown))
        if found
    }
    if titles:
        raise Invalid(f"roster_header_{'_and_'.join(titles)}", **titles)
