"""The columns of a records sheet, and the header that must name them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.errors import Invalid
from portal.roster.columns import Cell
from portal.users.codes import tidy


class Whose(StrEnum):
    """Whom the rows of a sheet are about."""

    PERSON = "person"
    SCHOOL = "school"


@dataclass(frozen=True)
class Column:
    """A column: its field in code, its title, and the same in English."""

    field: str
    title: str
    english: str
    required: bool = True


_WHO = {
    Whose.PERSON: (
        Column("who", "账号", "account"),
        Column("name", "姓名", "name", required=False),
    ),
    Whose.SCHOOL: (Column("who", "学校", "school"),),
}
_WHAT = (
    Column("source", "来源", "source"),
    Column("item", "事项", "item"),
    Column("stage", "阶段", "stage", required=False),
    Column("time", "时间", "time"),
    Column("measure", "计量", "measure"),
    Column("amount", "数量", "amount"),
    Column("late_minutes", "迟交分钟", "late_minutes", required=False),
    Column("evidence", "证据", "evidence", required=False),
)

EXAMPLE = "（示例）"
"""Stands for the person in the one row of a template that only shows how to write."""

REPORT_TITLES = ("行号", "表格行", "列", "原因")
"""What an error file adds. Mended and sent again, its columns are passed over."""


def columns(whose: Whose) -> tuple[Column, ...]:
    """The columns in the order of the template."""
    return _WHO[whose] + _WHAT


def match_header(header: Sequence[Cell], whose: Whose) -> Mapping[str, int]:
    """Where each field stands. Titles must match, in either language; order may differ.

    Raises:
        Invalid: columns are missing, unknown or named twice; `missing`, `unknown`
            and `repeated` hold their titles.
    """
    known = columns(whose)
    titles = {_key(name): column for column in known for name in _names(column)}
    found = [titles.get(_key(cell)) for cell in header]
    given = Counter(column.field for column in found if column)
    missing = [c.title for c in known if c.required and c.field not in given]
    unknown = [
        str(cell)[:40]
        for cell, column in zip(header, found, strict=True)
        if column is None and _key(cell) and _key(cell) not in REPORT_TITLES
    ]
    _refuse(missing, unknown)
    if repeated := [column.title for column in known if given[column.field] > 1]:
        raise Invalid("records_header_repeated", repeated="、".join(repeated))
    return {column.field: place for place, column in enumerate(found) if column}


def is_example(cell: Cell) -> bool:
    """Whether the row of this person is the template's example, left as it was."""
    return isinstance(cell, str) and tidy(cell) == tidy(EXAMPLE)


def _refuse(missing: Sequence[str], unknown: Sequence[str]) -> None:
    wrong = {
        name: "、".join(found)
        for name, found in (("missing", missing), ("unknown", unknown))
        if found
    }
    if wrong:
        raise Invalid(f"records_header_{'_and_'.join(wrong)}", **wrong)


def _names(column: Column) -> tuple[str, str]:
    return column.title, column.english


def _key(cell: Cell) -> str:
    return "" if cell is None else tidy(str(cell)).casefold().replace("_", "")
