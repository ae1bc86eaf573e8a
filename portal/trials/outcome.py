"""What a trial came to: each result in a word, and all of it as a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

from flask_babel import gettext as _
from xlsxwriter.worksheet import Worksheet

from portal.roster.files import text_workbook
from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.sheet import Sheet
from portal.schemes.words.sheets import explain, lacks, words_of
from portal.trials.working import Tried

WIDTH = 16
LONGEST_CELL = 32_767
"""Characters; Excel takes no more."""


def verdict(sheet: Sheet) -> str:
    """Whether it qualifies, in a word; nothing where the scheme does not say."""
    if sheet.qualified is None:
        return ""
    return _("合格") if sheet.qualified else _("不合格")


def band_of(rules: Scheme, sheet: Sheet) -> str:
    """The band that a sheet came to, in words; nothing where it has none."""
    found = (words_of(band.title) for band in rules.bands if band.key == sheet.band)
    return next(found, "")


def outcome_workbook(rules: Scheme, tried: Sequence[Tried]) -> bytes:
    """One row for each person, and a second table with the reason for each line.

    Every cell is text, so that no name is a formula (V09).
    """
    stream = BytesIO()
    with text_workbook(stream) as book:
        results = book.add_worksheet()
        _write(results, _results(rules, tried))
        results.freeze_panes(1, 1)
        _write(book.add_worksheet(_("为什么")), _reasons(tried))
    return stream.getvalue()


def _results(rules: Scheme, tried: Sequence[Tried]) -> Iterator[Sequence[str]]:
    lines = tried[0].sheet.lines if tried else ()
    items = [words_of(line.title) for line in lines]
    yield [_("姓名"), _("总分"), _("结果"), *items, _("还缺什么")]
    for each in tried:
        result = band_of(rules, each.sheet) or verdict(each.sheet)
        points = [plain(line.points) for line in each.sheet.lines]
        lacking = " ".join(lacks(each.sheet))
        yield [each.who.name, each.sheet.shown, result, *points, lacking]


def _reasons(tried: Sequence[Tried]) -> Iterator[Sequence[str]]:
    yield _("姓名"), _("项目"), _("得分"), _("为什么")
    for each in tried:
        for line in each.sheet.lines:
            why = " ".join(explain(line))
            yield each.who.name, words_of(line.title), plain(line.points), why


def _write(sheet: Worksheet, rows: Iterable[Sequence[str]]) -> None:
    for number, row in enumerate(rows):
        sheet.set_column(0, len(row) - 1, WIDTH)
        for column, text in enumerate(row):
            sheet.write_string(number, column, text[:LONGEST_CELL])
