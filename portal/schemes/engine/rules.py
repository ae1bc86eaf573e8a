"""A scheme (考核方案) as the engine works it out: frozen values, already checked.

`portal.schemes.documents.scheme` reads them from JSON; the format is described in
`docs/reference/schemes.md`. One kind of scheme scores teachers, leaders and schools.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from portal.completions.fact import Fact
from portal.schemes.engine.curves import Per
from portal.schemes.engine.honours_rule import HonoursRule
from portal.schemes.engine.sheet import MARKS, POINTS, Label
from portal.schemes.engine.steps import (
    PRICES,
    Cap,
    Compared,
    Deduct,
    Highest,
    Price,
    Shortfall,
    Step,
)

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True)
class Source:
    """What an item counts: a measure of the facts of one source.

    `times` weighs it (a side currency: a log is 2 points, a comment 1). Only facts in
    `stages` (all where empty) that reach every minimum of `at_least` are taken.
    Of each activity no more than `per_activity` is taken: 1 of its posts is having
    taken part. `title` is what this scheme calls it.
    """

    source: str
    measure: str
    times: Decimal = ONE
    stages: frozenset[int] = frozenset()
    at_least: tuple[tuple[str, Decimal], ...] = ()
    title: Label | None = None
    per_activity: Decimal | None = None

    def takes(self, fact: Fact) -> bool:
        """Whether this fact is one that the item looks at.

        What was rejected, or exempt, is looked at whatever it reports, to be named.
        """
        if self.stages and fact.stage not in self.stages:
            return False
        if fact.rejected or fact.exempt:
            return True
        return self.measure in fact.measures and all(
            fact.amount(name) >= least for name, least in self.at_least
        )


class GateOf(StrEnum):
    """What a gate looks at: the amount counted, or the points it came to."""

    AMOUNT = "amount"
    POINTS = "points"


@dataclass(frozen=True)
class Gate:
    """A must: below `at_least` nobody qualifies, whatever the total.

    With `stages`, it must be reached in each of them. An amount is what was counted
    before lateness, caps and prices; copied and exempt facts bring none.
    """

    of: GateOf
    at_least: Decimal
    stages: tuple[int, ...] = ()


@dataclass(frozen=True)
class Item:
    """A line of the scheme: it counts `sources`, or puts `items` together.

    The steps are taken in their order. What stands `aside` is counted and shown and
    is no part of any total: a side currency that only chooses the outstanding, or,
    without a price, a mere amount (S7 has musts and no marks).
    `unseen` are clauses that the source did not show; they bring nothing.
    """

    id: str
    title: Label
    sources: tuple[Source, ...] = ()
    items: tuple["Item", ...] = ()
    steps: tuple[Step, ...] = ()
    gates: tuple[Gate, ...] = ()
    unit: Label | None = None
    note: Label | None = None
    aside: bool = False
    unseen: tuple[Label, ...] = ()

    @cached_property
    def measure(self) -> str:
        """What its amounts are: one measure, or points where several are weighed.

        Its parts bring marks, or points where these have a price in their turn.
        """
        if self.items:
            return POINTS if is_priced(self) else MARKS
        plain = {source.measure for source in self.sources if source.times == 1}
        weighed = any(source.times != 1 for source in self.sources)
        return plain.pop() if len(plain) == 1 and not weighed else POINTS

    @cached_property
    def given(self) -> bool:
        """Whether a person gives the marks."""
        return not self.items and self.measure == MARKS

    @cached_property
    def is_amount(self) -> bool:
        """Whether it only shows how much there is: it brings no marks."""
        return bool(self.sources) and self.measure != MARKS and not is_priced(self)

    @cached_property
    def most(self) -> Decimal | None:
        """The highest it can bring, where the rules fix one."""
        if self.is_amount:
            return ZERO
        top = _sum_of_most(self.items) if self.items else None
        for step in self.steps:
            if isinstance(step, Cap):
                limit = self._limit(step)
                top = min((x for x in (top, limit) if x is not None), default=None)
            elif isinstance(step, Price):
                whole = None if step.per is not Per.ALL else top
                top = None if whole is None else step.gives(whole, None)
            elif isinstance(step, Highest) and top is not None:
                top = min(top, self._most_of_highest(step, top))
            elif isinstance(step, Shortfall | Deduct):
                top = step.points
        return top

    def _most_of_highest(self, step: Highest, top: Decimal) -> Decimal:
        """What the highest items of a group can bring together."""
        if not self.items or step.per is not Per.ALL or step.of is Compared.FACTS:
            return top
        counted = (item for item in self.items if not item.aside)
        marks = sorted((item.most or ZERO for item in counted), reverse=True)
        others = (min(each, step.others) for each in marks[step.keep :])
        return sum(marks[: step.keep], ZERO) + sum(others, ZERO)

    def _limit(self, cap: Cap) -> Decimal | None:
        """What a cap leaves at most over all its groups."""
        if cap.per is Per.ALL:
            return cap.limit
        if cap.per is Per.DAY:
            return None
        if cap.stages is not None:
            return sum(cap.stages.values(), ZERO)
        stages = [source.stages for source in self.sources]
        if not stages or not all(stages):
            return None
        return cap.limit * len(frozenset[int]().union(*stages))


def _sum_of_most(items: tuple[Item, ...]) -> Decimal | None:
    total = ZERO
    for item in items:
        if item.aside:
            continue
        if item.most is None:
            return None
        total += item.most
    return total


@dataclass(frozen=True)
class Band:
    """A name for all marks from `at_least` up to the next band (优秀, 良好 …)."""

    key: str
    title: Label
    at_least: Decimal


class Rounding(StrEnum):
    """What limits are tested on: the exact total, or the total rounded half up."""

    NONE = "none"
    WHOLE = "whole"


class Scores(StrEnum):
    """Whom a scheme scores."""

    TEACHER = "teacher"
    LEADER = "leader"
    SCHOOL = "school"


class Shows(StrEnum):
    """What teachers are shown: marks, or only the band that these come to (S6)."""

    MARKS = "marks"
    LEVELS = "levels"


@dataclass(frozen=True)
class Scheme:
    """The rules that turn facts into a score sheet.

    `cap` cuts the total; `bands` stand highest first; without a pass mark the gates
    alone decide (S7), and without either nobody is called qualified. `dated` is the
    year or day of the source, `unseen` what it did not show.
    """

    title: Label
    items: tuple[Item, ...]
    pass_mark: Decimal | None = None
    cap: Decimal | None = None
    bands: tuple[Band, ...] = ()
    rounding: Rounding = Rounding.NONE
    source: Label | None = None
    scores: Scores = Scores.TEACHER
    dated: str | None = None
    unseen: tuple[Label, ...] = ()
    shows: Shows = Shows.MARKS
    honours: HonoursRule | None = None

    @property
    def has_unseen(self) -> bool:
        """Whether the source did not show every clause."""
        return bool(self.unseen) or any(item.unseen for item, _ in self.walk())

    @property
    def limits(self) -> tuple[Decimal, ...]:
        """The marks that a shown figure may not be rounded across."""
        passing = () if self.pass_mark is None else (self.pass_mark,)
        return (*passing, *(band.at_least for band in self.bands))

    @property
    def most(self) -> Decimal | None:
        """The highest total, where the rules fix one."""
        total = _sum_of_most(self.items)
        limits = [limit for limit in (total, self.cap) if limit is not None]
        return min(limits, default=None)

    def walk(self) -> Iterator[tuple[Item, str | None]]:
        """Every item with the id of the item it is part of, as they are read."""
        yield from _walk(self.items, None)

    @property
    def gated(self) -> bool:
        """Whether there is a must: it may decide alone, without any marks."""
        return any(item.gates for item, _ in self.walk())

    def counts(self) -> frozenset[tuple[str, str]]:
        """Every (source, measure) that it counts: each must have a reporter."""
        return frozenset(
            (source.source, source.measure)
            for item, _ in self.walk()
            for source in item.sources
        )


def _walk(
    items: tuple[Item, ...], parent: str | None
) -> Iterator[tuple[Item, str | None]]:
    for item in items:
        yield item, parent
        yield from _walk(item.items, item.id)


def is_priced(item: Item) -> bool:
    """Whether a step turns its amounts into marks."""
    return any(isinstance(step, PRICES) for step in item.steps)
