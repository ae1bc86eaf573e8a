"""A list as a spreadsheet to take away."""

from collections.abc import Sequence
from io import BytesIO

from flask import Response

from portal.files.serving import spreadsheet
from portal.roster.files import text_workbook

WIDTH = 14
WIDE = 60
"""In characters: of a column, and of the last one where it is a sentence."""


def list_to_keep(
    lines: Sequence[Sequence[str]], name: str, *, last: int = WIDTH
) -> Response:
    """The lines below a heading that stays in sight; every cell is text (V09)."""
    stream = BytesIO()
    with text_workbook(stream) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(number, column, text)
        width = len(lines[0])
        sheet.set_column(0, width - 2, WIDTH)
        sheet.set_column(width - 1, width - 1, last)
        sheet.freeze_panes(1, 0)
    return spreadsheet(stream.getvalue(), name)
