"""Rates of a workshop with their definitions (facts.md (f)): pure numbers.

Pooled counts, never means of rates: a rate of the county is the sum of its parts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Rate:
    """So many of so many; None where nobody is counted."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent with one decimal."""
        if not self.whole:
            return None
        return (Decimal(self.part) * 100 / self.whole).quantize(
            Decimal("0.1"), ROUND_HALF_UP
        )

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.part + other.part, self.whole + other.whole)


@dataclass(frozen=True)
class Person:
    """One learner, as the overview counts them.

    `owed` are the slots due so far that nobody exempted, `given` those of them that
    were handed in and count; `slots` is all that is owed to the end.
    """

    user_id: int
    name: str
    group: str
    came: bool
    owed: int
    given: int
    slots: int
    lacks: tuple[str, ...]
    """Titles of what is missing now."""
    total: Decimal | None
    shown: str
    qualified: bool | None

    @property
    def given_of_owed(self) -> str:
        """How many of how many, as the list shows it."""
        return f"{self.given}/{self.owed}"

    def at_risk(self, pass_mark: Decimal | None) -> bool:
        """Whether going on like this does not reach the pass mark.

        The marks so far, stretched over all that is owed, stay below it.
        """
        if pass_mark is None or self.qualified or not self.owed:
            return False
        return (self.total or Decimal(0)) * self.slots / self.owed < pass_mark


@dataclass(frozen=True)
class Figures:
    """The rates of a workshop or of some of its groups."""

    people: int
    came: Rate
    submitted: Rate
    reviewed: Rate
    reviewed_in_time: Rate
    qualified: Rate


def figures(
    people: Iterable[Person],
    *,
    texts: int,
    reviewed: int,
    reviewed_in_time: int,
) -> Figures:
    """Count the people; `texts` are versions handed in."""
    everybody = list(people)
    number = len(everybody)
    return Figures(
        people=number,
        came=Rate(sum(p.came for p in everybody), number),
        submitted=Rate(sum(p.given for p in everybody), sum(p.owed for p in everybody)),
        reviewed=Rate(reviewed, texts),
        reviewed_in_time=Rate(reviewed_in_time, texts),
        qualified=Rate(sum(p.qualified is True for p in everybody), number),
    )


def distribution(totals: Iterable[Decimal], *, width: int = 10) -> list[int]:
    """How many totals lie in each ten marks; the last bin takes what is above 100."""
    bins = [0] * (100 // width)
    for total in totals:
        bins[min(int(total // width), len(bins) - 1)] += 1
    return bins
