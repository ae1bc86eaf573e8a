"""Working a scheme out on records, and the outcome as a spreadsheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from io import BytesIO

from portal.records.reading import Read
from portal.records.terms import Who
from portal.roster.files import text_workbook
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.sheet import Line, Sheet

WIDTH = 16
LONGEST_CELL = 32_767


@dataclass(frozen=True)
class Tried:
    """What somebody's records come to."""

    who: Who
    sheet: Sheet


def work_out(rules: Scheme, read: Read, zone: tzinfo) -> list[Tried]:
    """The sheet of everybody whose records could be read, the highest first."""
    tried = [
        Tried(who, evaluate(rules, facts, zone=zone))
        for who, facts in read.facts().items()
    ]
    return sorted(tried, key=lambda each: (-each.sheet.total, each.who.key))


@dataclass(frozen=True)
class Titles:
    """What the columns of the outcome are called."""

    who: str
    total: str
    verdict: str
    lacks: str
    why: str


def workbook(
    rules: Scheme,
    tried: Sequence[Tried],
    titles: Titles,
    *,
    title_of: Callable[[Line], str],
    verdict: Callable[[Sheet], str],
    lacks: Callable[[Sheet], Sequence[str]],
    explain: Callable[[Line], Sequence[str]],
) -> bytes:
    """One row for each person, and a second table with the reason for each line.

    Every cell is text, so that no name is a formula (V09).
    """
    stream = BytesIO()
    with text_workbook(stream) as book:
        sheet = book.add_worksheet()
        why = book.add_worksheet(titles.why)
        lines = tried[0].sheet.lines if tried else ()
        named = [title_of(line) for line in lines]
        head = [titles.who, titles.total, titles.verdict, *named, titles.lacks]
        rows = [head]
        reasons = [[titles.who, titles.total, titles.why]]
        for each in tried:
            name, outcome = each.who.name or each.who.key, each.sheet
            points = [plain(line.points) for line in outcome.lines]
            lacking = " ".join(lacks(outcome))
            rows.append([name, outcome.shown, verdict(outcome), *points, lacking])
            reasons += [
                [name, title_of(line), plain(line.points), " ".join(explain(line))]
                for line in outcome.lines
            ]
        for place, table in ((sheet, rows), (why, reasons[1:])):
            for number, row in enumerate(table):
                for column, text in enumerate(row):
                    place.write_string(number, column, text[:LONGEST_CELL])
            place.set_column(0, len(head), WIDTH)
        sheet.freeze_panes(1, 1)
    return stream.getvalue()
