"""What a circular says in words, on the page and in the spreadsheet."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import xlsxwriter

from portal.api import Words
from portal.api import gettext as _
from portal.api import lazy_gettext as _l
from portal_attendance.circular_models import Circular, CircularRow
from portal_attendance.drafting import Matter
from portal_attendance.models import Entry, Standing
from portal_attendance.words import STANDINGS

MATTERS: Mapping[str, tuple[Words, str]] = {
    Matter.ABSENT: (_l("缺训"), "danger"),
    Matter.REPLACED: (_l("缺训，由他人代训"), "danger"),
    Matter.LATE: (_l("迟到"), "warn"),
    Matter.EARLY: (_l("早退"), "warn"),
    Matter.LATE_AND_EARLY: (_l("迟到、早退"), "warn"),
    Matter.VISITOR: (_l("不在名单上而签到，不予认可"), "warn"),
}
"""What is said of a person, and in which colour."""

SCHOOL_COLUMNS: Mapping[str, Words] = {
    "due": _l("应到人次"),
    "attended": _l("实到人次"),
    "absent": _l("缺训人次"),
    "late": _l("迟到人次"),
    "early": _l("早退人次"),
    "on_leave": _l("请假人次"),
    "people_on_leave": _l("请假人数"),
}
"""Person-times and persons, each in a column of its own (feature F055)."""

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(
    circular: Circular,
    rows: Sequence[CircularRow],
    schools: Sequence[Mapping[str, object]],
    corrected: Mapping[int, Entry],
) -> bytes:
    """The circular as a spreadsheet: two sheets, every cell a text (V09)."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        people = [
            [_("学校"), _("姓名"), _("场次"), _("情况"), _("更正")],
            *(
                [
                    row.school,
                    row.name,
                    row.session,
                    str(MATTERS[row.matter][0]),
                    corrected_words(corrected.get(row.id)),
                ]
                for row in rows
            ),
        ]
        _write(book, _("人员"), [[circular.title], *people])
        titles = [_("学校"), *map(str, SCHOOL_COLUMNS.values())]
        counts = [
            [str(one["name"]), *(str(one[key]) for key in SCHOOL_COLUMNS)]
            for one in schools
        ]
        _write(book, _("学校"), [[circular.title], titles, *counts])
    return stream.getvalue()


def corrected_words(entry: Entry | None) -> str:
    """To what a mark was corrected since; empty where it was not."""
    if entry is None:
        return ""
    return _("已更正为%(standing)s", standing=STANDINGS[Standing(entry.standing)][0])


def _write(
    book: xlsxwriter.Workbook, title: str, lines: Sequence[Sequence[str]]
) -> None:
    sheet = book.add_worksheet(title)
    for number, line in enumerate(lines):
        for column, cell in enumerate(line):
            sheet.write_string(number, column, cell)
    sheet.set_column(0, 8, 16)
    sheet.freeze_panes(2, 0)
