"""How one item is worked out: its facts taken in, its steps applied, its line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal

from portal.schemes.engine.marks import plain
from portal.schemes.engine.portions import ZERO, Bench, Portion, sum_of
from portal.schemes.engine.rules import Item
from portal.schemes.engine.run import Run
from portal.schemes.engine.sheet import Counted, Line, Note
from portal.schemes.engine.steps import Cap


@dataclass
class Worked:
    """An item with its facts' amounts, what they came to, and why."""

    item: Item
    parts: list["Worked"]
    taken: list[Portion]
    portions: list[Portion]
    uncut: Decimal
    priced_from: Decimal
    """What the price was put on: the amount after lateness and earlier caps."""
    notes: list[Note]

    @property
    def points(self) -> Decimal:
        """What the item comes to."""
        return sum_of(self.portions)

    @property
    def is_empty(self) -> bool:
        """Whether there is no fact for it at all."""
        return all(portion.fact is None for portion in self.taken)

    def points_in(self, stage: int | None) -> Decimal:
        """What it comes to in one stage; in all for None."""
        return sum_of(each for each in self.portions if stage in {None, each.stage})

    def amount_in(self, stage: int | None) -> Decimal:
        """What was counted in one stage; in all for None."""
        return sum_of(each for each in self.taken if stage in {None, each.stage})

    def lines(self, parent: str | None = None) -> Iterator[Line]:
        """The line of this item, followed by those of its parts."""
        yield Line(
            item=self.item.id,
            parent=parent,
            title=self.item.title,
            measure=self.item.measure,
            unit=self.item.unit,
            amount=self.amount_in(None),
            uncut=self.uncut,
            points=self.points,
            most=self.item.most,
            facts=() if self.parts else tuple(_counted(self.taken, self.portions)),
            notes=tuple(self.notes),
            aside=self.item.aside,
        )
        for part in self.parts:
            yield from part.lines(self.item.id)


def work_out(item: Item, bench: Bench) -> Worked:
    """Take in what the item counts, apply its steps, and say why."""
    parts = [work_out(part, bench) for part in item.items]
    if parts:
        taken = [
            Portion(portion.fact, part.item.id, portion.value)
            for part in parts
            if not part.item.aside
            for portion in part.portions
        ]
        taken.sort(key=lambda portion: portion.order)
    else:
        taken = [Portion(fact, fact.order, amount) for fact, amount in bench.of(item)]
    taken.insert(0, Portion(None, None, ZERO))
    run = Run(bench, item.measure, taken)
    run.notes += _opening(item, taken)
    run.apply(item.steps)
    uncapped = tuple(step for step in item.steps if not isinstance(step, Cap))
    free = run if uncapped == item.steps else Run(bench, item.measure, taken)
    if free is not run:
        free.apply(uncapped)
    if item.is_amount:
        run.notes += _amount(taken)
        run.bring_nothing()
        free.bring_nothing()
    return Worked(
        item=item,
        parts=parts,
        taken=taken,
        portions=run.portions,
        uncut=sum_of(free.portions),
        priced_from=run.priced_from,
        notes=run.notes,
    )


def _opening(item: Item, taken: Sequence[Portion]) -> Iterator[Note]:
    """What is to be said before any step: nothing there, rejected, exempt."""
    if item.items:
        return
    facts = [portion.fact for portion in taken if portion.fact is not None]
    if not facts:
        yield Note("not_marked" if item.given else "nothing")
    for fact in facts:
        if fact.rejected:
            yield Note("rejected", {"title": fact.title})
        elif fact.exempt:
            yield Note("exempt", {"title": fact.title})


def _amount(taken: Sequence[Portion]) -> Iterator[Note]:
    """How much there is of what brings no marks."""
    if any(portion.fact is not None for portion in taken):
        yield Note("amount", {"amount": plain(sum_of(taken))})


def _counted(
    taken: Iterable[Portion], portions: Iterable[Portion]
) -> Iterator[Counted]:
    for before, after in zip(taken, portions, strict=True):
        fact = before.fact
        if fact is not None:
            yield Counted(
                source=fact.source,
                activity=fact.activity,
                key=fact.key,
                title=fact.title,
                occurred_at=fact.occurred_at.astimezone(UTC),
                stage=fact.stage,
                amount=before.value,
                points=after.value,
                evidence=fact.evidence,
            )
