"""The facts at hand while an item is worked out, and what each is worth so far."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from portal.completions.fact import Fact, Order
from portal.schemes.engine.rules import Item, Source

ZERO = Decimal(0)
DAWN: Order = (datetime.min.replace(tzinfo=UTC), "", "", "")


class Bench:
    """The facts that stand, by source, and the days of the tenant."""

    def __init__(self, facts: Iterable[Fact], zone: tzinfo) -> None:
        self.zone = zone
        self.facts: Mapping[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            self.facts[fact.source].append(fact)

    def of(self, item: Item) -> list[tuple[Fact, Decimal]]:
        """The facts that an item looks at, each with the amount it brings."""
        amounts: dict[Order, tuple[Fact, Decimal]] = {}
        for source in item.sources:
            for fact, brings in self._taken(source):
                known = amounts.get(fact.order, (fact, ZERO))[1]
                amounts[fact.order] = (fact, known + brings * source.times)
        return [amounts[order] for order in sorted(amounts)]

    def _taken(self, source: Source) -> Iterator[tuple[Fact, Decimal]]:
        """The facts that a source takes, earliest first, each with what it brings."""
        used: dict[object, Decimal] = defaultdict(Decimal)
        for fact in self.facts.get(source.source, ()):
            if not source.takes(fact):
                continue
            counts = not (fact.rejected or fact.exempt)
            brings = fact.amount(source.measure) * counts
            if source.per_activity is not None:
                brings = min(brings, source.per_activity - used[fact.activity])
                used[fact.activity] += brings
            yield fact, brings

    def sum(self, source: str, measure: str) -> Decimal:
        """How much all facts of a source report of a measure."""
        facts = self.facts.get(source, ())
        return sum((fact.amount(measure) for fact in facts), ZERO)

    def day(self, fact: Fact) -> str:
        """The tenant's day on which it happened, as an ISO date."""
        return fact.occurred_at.astimezone(self.zone).date().isoformat()


@dataclass(slots=True)
class Portion:
    """What one fact, or none (the start of a deduction), is worth so far.

    `part` is what "only the highest" compares: the fact, or the item of a group.
    """

    fact: Fact | None
    part: object
    value: Decimal

    @property
    def stage(self) -> int | None:
        """The stage of its fact."""
        return self.fact.stage if self.fact else None

    @property
    def order(self) -> Order:
        """What belongs to no fact comes before all facts."""
        return self.fact.order if self.fact else DAWN


def sum_of(portions: Iterable[Portion]) -> Decimal:
    """What they are worth together."""
    return sum((portion.value for portion in portions), ZERO)
