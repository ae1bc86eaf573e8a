"""What every curve is: the outcome of a sum, its inverse, and its explanation."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from portal.schemes.engine.marks import EXACT
from portal.schemes.engine.sheet import Note

ZERO = Decimal(0)
ENDLESS = Decimal("1e-10")
"""A quotient without an end as a decimal is kept to ten places."""


class Per(StrEnum):
    """What is taken together: everything, each stage, or each day of the tenant."""

    ALL = "all"
    STAGE = "stage"
    DAY = "day"


class Count(StrEnum):
    """How units are counted: full ones, begun ones too, or in proportion."""

    WHOLE = "whole"
    STARTED = "started"
    EXACT = "exact"


def units_of(amount: Decimal, unit: Decimal, count: Count) -> Decimal:
    """How many units an amount makes."""
    if count is Count.EXACT:
        return quotient_of(amount, unit)
    full, rest = divmod(amount, unit)
    return full + 1 if rest and count is Count.STARTED else full


def quotient_of(amount: Decimal, unit: Decimal) -> Decimal:
    quotient = EXACT.divide(amount, unit)
    if quotient * unit == amount:
        return quotient
    return quotient.quantize(ENDLESS, ROUND_HALF_EVEN)


def times(amount: Decimal, unit: Decimal, count: Count, points: Decimal) -> Decimal:
    """Units times points; in proportion the product first, so 90 of 90 is exact."""
    if count is Count.EXACT:
        return quotient_of(amount * points, unit)
    return units_of(amount, unit, count) * points


@dataclass(frozen=True)
class Curve(ABC):
    """A step that says what the sum of a group comes to."""

    per: Per = field(default=Per.ALL, kw_only=True)

    @abstractmethod
    def gives(self, amount: Decimal, stage: int | None) -> Decimal:
        """What `amount` comes to, in the group of `stage` where there is one."""

    @abstractmethod
    def needs(self, points: Decimal) -> Decimal | None:
        """The smallest amount that gives at least `points`, if that can be said."""

    @abstractmethod
    def note(self, before: Decimal, after: Decimal, stage: int | None) -> Note | None:
        """Why `before` became `after`; None where there is nothing to say."""
