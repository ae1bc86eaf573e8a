"""The closed set of steps by which an item turns amounts into marks.

A step is data with its arithmetic. Most are curves: what a sum comes to. A curve is
applied to each group of facts (`per`: all of them, each stage, each day), and the
engine shares the outcome out to the facts, earliest first. `needs` is the inverse
that tells a person what lacks; None where there is no honest answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.schemes.engine.curves import (
    ZERO,
    Count,
    Curve,
    Per,
    quotient_of,
    times,
    units_of,
)
from portal.schemes.engine.marks import plain
from portal.schemes.engine.sheet import Note


@dataclass(frozen=True)
class Price(Curve):
    """`points` for each `unit`: 40 minutes are 1 mark.

    Below `start` nothing is given; from there on `base`, and the units count from
    `start` (below 1 680 minutes 0; 1 680 → 20; each further 60 → 1).
    """

    unit: Decimal
    points: Decimal
    count: Count = Count.EXACT
    start: Decimal = ZERO
    base: Decimal = ZERO

    def gives(self, amount: Decimal, stage: int | None) -> Decimal:
        """Base and units from the start on."""
        if amount < self.start:
            return ZERO
        beyond = amount - self.start
        return self.base + times(beyond, self.unit, self.count, self.points)

    def needs(self, points: Decimal) -> Decimal | None:
        """Whole units from the start on; unknown where begun units count."""
        if points <= self.base:
            return self.start
        if self.count is Count.STARTED:
            return None
        if self.count is Count.EXACT:
            return self.start + quotient_of(
                (points - self.base) * self.unit, self.points
            )
        units = units_of(points - self.base, self.points, Count.STARTED)
        return self.start + units * self.unit

    def note(self, before: Decimal, after: Decimal, stage: int | None) -> Note:
        """How many units it was, or how much lacks to the first of them."""
        beyond = before - self.start
        count = units_of(max(ZERO, beyond), self.unit, self.count)
        first = self.start or self.unit
        if before < first and not count:
            lacks = {"start": plain(first), "lacks": plain(first - before)}
            return Note("price_below", {"amount": plain(before), **lacks})
        params = {
            "amount": plain(before),
            "unit": plain(self.unit),
            "count": plain(count),
            "each": plain(self.points),
            "points": plain(after),
        }
        if not self.start:
            return Note(f"price_{self.count}", params)
        params |= {"start": plain(self.start), "base": plain(self.base)}
        if not count:
            return Note("price_start", params)
        return Note(f"price_from_{self.count}", {**params, "beyond": plain(beyond)})


@dataclass(frozen=True)
class Shortfall(Curve):
    """Full `points` for `target`; each `unit` missing takes `minus`, to a floor."""

    target: Decimal
    points: Decimal
    unit: Decimal
    minus: Decimal
    count: Count = Count.WHOLE
    floor: Decimal = ZERO

    def gives(self, amount: Decimal, stage: int | None) -> Decimal:
        """The full points less what the missing units take."""
        missing = max(ZERO, self.target - amount)
        taken = times(missing, self.unit, self.count, self.minus)
        return max(self.floor, self.points - taken)

    def needs(self, points: Decimal) -> Decimal | None:
        """The target for full points; unknown between."""
        return self.target if points == self.points else None

    def note(self, before: Decimal, after: Decimal, stage: int | None) -> Note:
        """What is missing, and what that took."""
        missing = max(ZERO, self.target - before)
        params = {
            "amount": plain(before),
            "target": plain(self.target),
            "points": plain(after),
        }
        if not missing:
            return Note("shortfall_none", params)
        count = units_of(missing, self.unit, self.count)
        return Note(
            f"shortfall_{self.count}",
            {
                **params,
                "lacks": plain(missing),
                "unit": plain(self.unit),
                "count": plain(count),
                "each": plain(self.minus),
                "full": plain(self.points),
            },
        )


@dataclass(frozen=True)
class Deduct(Curve):
    """Begins with `points`; each `unit` counted takes `minus`, down to `floor`."""

    points: Decimal
    unit: Decimal
    minus: Decimal
    count: Count = Count.WHOLE
    floor: Decimal = ZERO

    def gives(self, amount: Decimal, stage: int | None) -> Decimal:
        """The points less what was counted takes."""
        taken = times(amount, self.unit, self.count, self.minus)
        return max(self.floor, self.points - taken)

    def needs(self, points: Decimal) -> Decimal | None:
        """Nothing that a person does brings a deduction back."""
        return None

    def note(self, before: Decimal, after: Decimal, stage: int | None) -> Note:
        """What was counted, and what it took."""
        params = {"full": plain(self.points), "points": plain(after)}
        if not before:
            return Note("deduct_none", params)
        return Note(
            "deduct",
            {
                **params,
                "amount": plain(before),
                "unit": plain(self.unit),
                "count": plain(units_of(before, self.unit, self.count)),
                "each": plain(self.minus),
            },
        )


@dataclass(frozen=True)
class Cliff(Curve):
    """All or nothing: below `at_least` it is worth nothing."""

    at_least: Decimal

    def gives(self, amount: Decimal, stage: int | None) -> Decimal:
        """The amount itself, or nothing."""
        return amount if amount >= self.at_least else ZERO

    def needs(self, points: Decimal) -> Decimal | None:
        """At least the edge."""
        return max(points, self.at_least)

    def note(self, before: Decimal, after: Decimal, stage: int | None) -> Note | None:
        """How much lacks to the edge."""
        if before >= self.at_least:
            return None
        return Note(
            "cliff",
            {
                "amount": plain(before),
                "start": plain(self.at_least),
                "lacks": plain(self.at_least - before),
            },
        )


@dataclass(frozen=True)
class Cap(Curve):
    """No more than `limit`; `stages` has an own limit for each stage it names.

    With `stages`, what lies outside the named ones does not count.
    """

    limit: Decimal = ZERO
    stages: Mapping[int, Decimal] | None = None

    def gives(self, amount: Decimal, stage: int | None) -> Decimal:
        """The amount, cut at the limit."""
        return min(amount, self.limit_of(stage))

    def limit_of(self, stage: int | None) -> Decimal:
        """The limit that holds in this stage."""
        if self.stages is None:
            return self.limit
        return ZERO if stage is None else self.stages.get(stage, ZERO)

    def needs(self, points: Decimal) -> Decimal | None:
        """The same, unless the limit of all stands in the way."""
        return None if self.per is Per.ALL and points > self.limit else points

    def note(self, before: Decimal, after: Decimal, stage: int | None) -> Note | None:
        """What was cut."""
        if after == before:
            return None
        limit = plain(self.limit_of(stage))
        params = {"before": plain(before), "limit": limit, "cut": plain(before - after)}
        return Note("cap", params)


@dataclass(frozen=True)
class Rung:
    """Late by at most `up_to_minutes`, the limit included, counts `factor`."""

    up_to_minutes: Decimal
    factor: Decimal


@dataclass(frozen=True)
class Late:
    """What lateness leaves of each fact; later than the last rung it is nothing."""

    rungs: tuple[Rung, ...]

    def factor(self, minutes: Decimal) -> Decimal:
        """The factor of the first rung that reaches so far."""
        reached = (rung.factor for rung in self.rungs if minutes <= rung.up_to_minutes)
        return next(reached, ZERO)


class Compared(StrEnum):
    """What is compared in a group: its items, or all their facts together."""

    ITEMS = "items"
    FACTS = "facts"


@dataclass(frozen=True)
class Highest:
    """Only the `keep` highest facts count (in a group: items); `others` at most so."""

    keep: int = 1
    others: Decimal = ZERO
    per: Per = Per.ALL
    of: Compared = Compared.ITEMS


@dataclass(frozen=True)
class Void:
    """Nothing at all once `source` reports `at_least` of `measure` (三次缺勤作零)."""

    source: str
    measure: str
    at_least: Decimal


@dataclass(frozen=True)
class Less:
    """Takes `minus` off what was earned for each `unit` that `source` reports."""

    source: str
    measure: str
    unit: Decimal
    minus: Decimal
    count: Count = Count.WHOLE
    floor: Decimal = ZERO

    def leaves(self, earned: Decimal, reported: Decimal) -> Decimal:
        """What is left of the marks, and no less than the floor where it was above."""
        taken = times(reported, self.unit, self.count, self.minus)
        return max(earned - taken, min(earned, self.floor))


Step = Late | Price | Shortfall | Deduct | Cliff | Cap | Highest | Void | Less
PRICES = (Price, Shortfall, Deduct)
"""The steps after which an amount is marks."""
