"""The overview as a spreadsheet: string cells, no formulas (V09)."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter
from flask_babel import gettext as _

from portal.overview.gathering import Overview


def workbook(overview: Overview) -> bytes:
    """One row for each learner, one column for each slot."""
    titles = [_("姓名"), _("组"), _("已交"), _("应交"), _("得分"), _("合格")]
    titles += [week.title for week in overview.weeks]
    return _book(_("学情"), titles, rows(overview))


def _book(name: str, titles: Sequence[str], cells: Sequence[Sequence[str]]) -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False}
    )
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, head)
    for number, row in enumerate(cells, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(titles), 12)
    book.close()
    return stream.getvalue()


def rows(overview: Overview) -> Sequence[Sequence[str]]:
    """The cells of the people, in the order of the page."""
    words = {
        "in_time": _("按时"),
        "late": _("迟交"),
        "returned": _("已退回"),
        "held": _("待核查"),
        "rejected": _("未通过"),
        "missing": _("缺"),
        "exempt": _("免交"),
        "not_due": "",
    }
    return [
        [
            person.name,
            person.group,
            str(person.given),
            str(person.owed),
            person.shown,
            {True: _("合格"), False: _("尚未合格"), None: ""}[person.qualified],
            *(
                words[week.check.people.get(person.user_id, "not_due")]
                for week in overview.weeks
            ),
        ]
        for person in overview.people
    ]
