"""The overdue tasks as a spreadsheet to be sent: to everybody, or to one school.

Names are written as strings, never as formulas (V09); days and people are numbers, so
that they can be sorted and added.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.overview.overdue import MISSING, School

LATE_WORDS = {
    MISSING: _l("没有交"),
    "returned": _l("退回后没有再交"),
    "rejected": _l("不通过"),
}
"""Why somebody is on the list."""

Cell = str | int


def overdue_workbook(schools: Sequence[School]) -> bytes:
    """One row for each task that somebody is late with; beside it one a school."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False}
    )
    head = book.add_format({"bold": True, "valign": "top"})
    tasks = [
        (_("学校"), 24),
        (_("姓名"), 12),
        (_("训后任务"), 28),
        (_("项目"), 20),
        (_("截止时间"), 18),
        (_("逾期天数"), 10),
        (_("状态"), 16),
    ]
    _sheet(book, head, _("逾期名单"), tasks, _tasks(schools))
    sums = [(_("学校"), 24), (_("逾期的老师"), 12), (_("逾期的项数"), 12)]
    _sheet(book, head, _("按学校"), sums, _sums(schools))
    book.close()
    return stream.getvalue()


def name_of(school: School) -> str:
    """The school, or that there is none."""
    place = school.organisation
    return place.name if place else _("没有任职学校")


def _tasks(schools: Sequence[School]) -> Iterable[Sequence[Cell]]:
    for school in schools:
        for late in school.late:
            yield (
                name_of(school),
                late.name,
                late.workshop.title,
                late.task,
                str(format_datetime(late.due, "yyyy-MM-dd HH:mm")),
                late.days,
                str(LATE_WORDS[late.state]),
            )


def _sums(schools: Sequence[School]) -> Iterable[Sequence[Cell]]:
    for school in schools:
        yield name_of(school), school.people, len(school.late)


def _sheet(
    book: xlsxwriter.Workbook,
    head: object,
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Cell]],
) -> None:
    sheet = book.add_worksheet(name)
    for place, (title, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, head)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, place, value)
            else:
                sheet.write_string(number, place, value)
    sheet.freeze_panes(1, 0)
