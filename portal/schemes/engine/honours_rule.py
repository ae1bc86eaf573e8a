"""The honours rule of a scheme (评优): apart from the marks, and from passing.

A quota, who may not be chosen, and what the rest are ranked by.
`portal.schemes.engine.honours` works it out; its form stands in
`docs/reference/schemes.md`.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.schemes.engine.sheet import Label


class Share(StrEnum):
    """Whom a share is a share of: those who qualified, or everybody who took part."""

    QUALIFIED = "qualified"
    PARTICIPANTS = "participants"


class By(StrEnum):
    """What a ranking key compares: the total, an item's marks, or a measure."""

    TOTAL = "total"
    ITEM = "item"
    MEASURE = "measure"


class Ties(StrEnum):
    """Who is taken of those still equal across the last place."""

    CHOOSE = "choose"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True)
class Bar:
    """Whose facts report `at_least` of `measure` may not be chosen.

    Without a source the facts of every source count: `rejected` is a copied work,
    wherever it was handed in.
    """

    measure: str
    source: str | None = None
    at_least: Decimal = Decimal(1)


@dataclass(frozen=True)
class RankingKey:
    """One key of the ranking; the higher stands first."""

    by: By
    item: str | None = None
    source: str | None = None
    measure: str | None = None


@dataclass(frozen=True)
class HonoursRule:
    """Who is honoured: a `share` of the qualified, or a number of `places`.

    With neither the number is open, as where a source does not say it: people are
    ranked, and nobody is honoured yet.
    `from_mark` asks for more than the pass mark. Without a ranking the total ranks.
    """

    share: Decimal | None = None
    places: int | None = None
    of: Share = Share.QUALIFIED
    from_mark: Decimal | None = None
    barred: tuple[Bar, ...] = ()
    ranking: tuple[RankingKey, ...] = (RankingKey(By.TOTAL),)
    ties: Ties = Ties.CHOOSE
    title: Label | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is not said how many are honoured."""
        return self.share is None and self.places is None
