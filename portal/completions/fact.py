"""A fact as the scheme engine sees it: a plain value, without a database.

Facts are appended and never changed. A changed judgement is a new fact of the same
activity and key with a higher revision; taking back is one with `withdrawn`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

Order = tuple[datetime, str, str, str]

ZERO = Decimal(0)
LARGEST = Decimal(10) ** 12
MOST_DECIMALS = 28


@dataclass(frozen=True)
class Fact:
    """This person did this, with measures in their own units.

    `source` is what a scheme's item counts: the type of the activity or the kind of
    a record. `key` names the achievement within the activity (`"week:2024-W36"`).
    `occurred_at` is aware. `stage` counts from 1; None stands outside the stages.
    `evidence` are references for the reader; the engine carries them along.

    Raises:
        ValueError: the time has no zone, or a measure is negative or out of range.
        TypeError: a measure is a float.
    """

    source: str
    activity: str | int
    key: str
    revision: int
    occurred_at: datetime
    measures: Mapping[str, Decimal | int]
    title: str = ""
    stage: int | None = None
    withdrawn: bool = False
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.occurred_at.tzinfo is None:
            raise ValueError("occurred_at must carry a time zone")
        checked = {name: _amount(name, value) for name, value in self.measures.items()}
        object.__setattr__(self, "measures", checked)

    def amount(self, measure: str) -> Decimal:
        """How much of this measure the fact reports; 0 where it reports none."""
        found = self.measures.get(measure, ZERO)
        return found if isinstance(found, Decimal) else Decimal(found)

    @cached_property
    def achievement(self) -> tuple[str, str]:
        """What the revisions of one achievement share."""
        return (str(self.activity), self.key)

    @cached_property
    def order(self) -> Order:
        """The stable order of facts: earliest first, never by arrival."""
        return (self.occurred_at, self.source, *self.achievement)

    @cached_property
    def rejected(self) -> bool:
        """Whether it was refused, as a copied text is: kept, shown, worth nothing."""
        return self.amount("rejected") > 0

    @cached_property
    def exempt(self) -> bool:
        """Whether an approved leave took it out of the duty."""
        return self.amount("exempt") > 0

    @property
    def late_minutes(self) -> Decimal:
        """Lateness in whole minutes, begun ones counted; 0 means in time.

        What is handed in at the very moment it was due is late by nothing and still
        late (windows are `[start, end)`): a fact says so by `late`, and it counts as
        one minute.
        """
        late = self.amount("late_minutes")
        return late if late else Decimal(1 if self.amount("late") else 0)


def current_facts(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts that stand: the highest revision of each achievement, in stable order.

    Repetitions and the order of arrival make no difference; what was withdrawn is
    gone. A revision has one content in the database; should two differ here, the
    same one is taken whatever came first.
    """
    highest: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        known = highest.get(fact.achievement)
        if known is None or _newer(fact, known):
            highest[fact.achievement] = fact
    standing = (fact for fact in highest.values() if not fact.withdrawn)
    return tuple(sorted(standing, key=lambda fact: fact.order))


def _newer(fact: Fact, known: Fact) -> bool:
    if fact.revision != known.revision:
        return fact.revision > known.revision
    return fact != known and _content(fact) > _content(known)


def _content(fact: Fact) -> tuple[object, ...]:
    measures = sorted((name, Decimal(value)) for name, value in fact.measures.items())
    return (
        fact.withdrawn,
        fact.order,
        fact.stage or 0,
        measures,
        fact.title,
        fact.evidence,
    )


def _amount(name: str, value: Decimal | int) -> Decimal:
    if not isinstance(value, Decimal | int):
        raise TypeError(f"{name} must be a Decimal or an int, not {value!r}")
    amount = Decimal(value)
    if not amount.is_finite() or not 0 <= amount < LARGEST:
        raise ValueError(f"{name} must lie between 0 and {LARGEST}, not {value}")
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
        raise ValueError(f"{name} has more than {MOST_DECIMALS} decimals")
    return amount
