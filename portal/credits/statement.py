"""The yearly statement (年度学分清单): computed from entries, never stored.

A pure function, so that it can be made again for any year and compared. Entries are
counted in the order of date and sequence; rules of the places, such as yearly caps,
cut at reading time in that order and change no entry (cases.md, case 7).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """An entry as a statement reads it, with the way back to its evidence.

    The claim leads to the score sheet as it was, and that to the facts
    (`queries.trace`). A reversal names the sequence of the entry it takes back.
    """

    entry_id: int
    sequence: int
    claim_id: int
    event_id: int
    title: str
    category: str
    training_level: str
    year: int
    occurred_on: date
    hours: Decimal
    credits: Decimal
    reversal_of: int | None = None
    reversed_by: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it is an entry that stands."""
        return self.reversal_of is None and self.reversed_by is None


@dataclass(frozen=True)
class Sum:
    """What the lines of a category, or all of them, come to."""

    hours: Decimal = ZERO
    credits: Decimal = ZERO

    def plus(self, line: Line) -> "Sum":
        """With one line more."""
        return Sum(self.hours + line.hours, self.credits + line.credits)


@dataclass(frozen=True)
class Statement:
    """A person's credits of one year: every line, and what they come to."""

    year: int
    lines: tuple[Line, ...]
    total: Sum
    by_category: tuple[tuple[str, Sum], ...]
    """By category, in the order in which the year first has them."""


def statement(entries: Iterable[Line], year: int) -> Statement:
    """The statement of a year from a person's entries, in whatever order they come."""
    lines = sorted(
        (line for line in entries if line.year == year),
        key=lambda line: (line.occurred_on, line.sequence),
    )
    sums: dict[str, Sum] = {}
    total = Sum()
    for line in lines:
        sums[line.category] = sums.get(line.category, Sum()).plus(line)
        total = total.plus(line)
    return Statement(year, tuple(lines), total, tuple(sums.items()))


def years(entries: Iterable[Line]) -> list[int]:
    """The years that have a line, the latest first."""
    return sorted({line.year for line in entries}, reverse=True)
