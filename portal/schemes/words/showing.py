"""What people are shown of their own sheet: the marks, or only the band (等级).

Where a scheme shows levels, nothing that a person sees lets them work the mark out:
neither points of a line, nor how many lack.
"""

from dataclasses import replace

from flask_babel import gettext as _

from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Scheme, Shows
from portal.schemes.engine.sheet import MARKS, Line, Sheet
from portal.schemes.words.sheets import amount_words, lacks, words_of

TELLS_MARKS = ("points_to_pass", "gate_points")
"""What lacks, said in marks."""


def only_levels(rules: Scheme) -> bool:
    """Whether people see the band that their marks come to, and not the marks."""
    return rules.shows is Shows.LEVELS


def level_of(rules: Scheme, sheet: Sheet) -> str:
    """The band of a sheet in words."""
    titles = {band.key: words_of(band.title) for band in rules.bands}
    return titles.get(sheet.band or "", _("还没有等级"))


def shown_lacks(rules: Scheme, sheet: Sheet) -> list[str]:
    """What lacks to qualify, without marks where these are not shown."""
    if not only_levels(rules):
        return lacks(sheet)
    told = tuple(note for note in sheet.missing if note.code not in TELLS_MARKS)
    return lacks(replace(sheet, missing=told))


def amount_of(line: Line) -> str:
    """What a line counted, with its unit; nothing for marks that people give."""
    if line.measure == MARKS:
        return ""
    return amount_words(plain(line.amount), line.measure, line.unit)
