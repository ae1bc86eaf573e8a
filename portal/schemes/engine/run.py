"""The steps of an item, applied to its portions one after the other.

Every step gives its outcome back to the single facts, so that the next step may
group them otherwise (a daily limit after a stage limit), and so that a person sees
what each fact brought. A curve over a sum is shared out by its growth, earliest
first: what a cap cuts, the latest loses.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from portal.schemes.engine.curves import ZERO, Curve, Per, units_of
from portal.schemes.engine.marks import plain
from portal.schemes.engine.portions import Bench, Portion, sum_of
from portal.schemes.engine.sheet import MARKS, Note
from portal.schemes.engine.steps import (
    PRICES,
    Compared,
    Highest,
    Late,
    Less,
    Step,
    Void,
)


class Run:
    """The steps of an item, applied one after the other to its portions."""

    def __init__(self, bench: Bench, measure: str, taken: Iterable[Portion]) -> None:
        self.bench = bench
        self.measure = measure
        self.portions = [Portion(one.fact, one.part, one.value) for one in taken]
        self.notes: list[Note] = []
        self.priced_from = sum_of(self.portions)

    def apply(self, steps: Sequence[Step]) -> None:
        """Apply them in their order."""
        for step in steps:
            match step:
                case Late():
                    self._late(step)
                case Void():
                    self._void(step)
                case Less():
                    self._less(step)
                case Highest():
                    self._highest(step)
                case _:
                    self._curve(step)

    def bring_nothing(self) -> None:
        """Let amounts that nothing prices be no marks."""
        for portion in self.portions:
            portion.value = ZERO

    def _curve(self, step: Curve) -> None:
        if isinstance(step, PRICES):
            self.priced_from = sum_of(self.portions)
        for where, group in self._groups(step.per):
            stage = where.get("stage")
            stage = stage if isinstance(stage, int) else None
            amount = given = ZERO
            for portion in group:
                amount += portion.value
                now = step.gives(amount, stage)
                portion.value, given = now - given, now
            note = step.note(amount, given, stage)
            if note is not None and (amount or given):
                self._say(note.code, measure=self.measure, **note.params, **where)
        if isinstance(step, PRICES):
            self.measure = MARKS

    def _late(self, step: Late) -> None:
        for portion in self.portions:
            if portion.fact is None or not portion.value:
                continue
            minutes = portion.fact.late_minutes
            factor = step.factor(minutes)
            portion.value *= factor
            if factor != 1:
                params = {"title": portion.fact.title, "minutes": plain(minutes)}
                if factor:
                    self._say("late", factor=plain(factor), **params)
                else:
                    self._say("too_late", **params)

    def _highest(self, step: Highest) -> None:
        for where, group in self._groups(step.per):
            parts: dict[object, list[Portion]] = defaultdict(list)
            for portion in group:
                parts[_compared(portion, step.of)].append(portion)
            worth = [part for part in parts.values() if sum_of(part)]
            worth.sort(key=sum_of, reverse=True)
            for part in worth[step.keep :]:
                _limit(part, step.others)
            if len(worth) > step.keep:
                dropped = len(worth) - step.keep
                others = {"others": plain(step.others)} if step.others else {}
                code = "highest_others" if step.others else "highest"
                self._say(code, keep=step.keep, dropped=dropped, **others, **where)

    def _void(self, step: Void) -> None:
        reached = self.bench.sum(step.source, step.measure)
        if reached >= step.at_least:
            self.bring_nothing()
            self._say(
                "void",
                reached=plain(reached),
                at_least=plain(step.at_least),
                measure=step.measure,
            )

    def _less(self, step: Less) -> None:
        reported = self.bench.sum(step.source, step.measure)
        earned = sum_of(self.portions)
        left = step.leaves(earned, reported)
        if left == earned:
            return
        _limit(self.portions, left)
        self._say(
            "deduct",
            measure=step.measure,
            amount=plain(reported),
            unit=plain(step.unit),
            count=plain(units_of(reported, step.unit, step.count)),
            each=plain(step.minus),
            full=plain(earned),
            points=plain(left),
        )

    def _groups(self, per: Per) -> Iterator[tuple[dict[str, str | int], list[Portion]]]:
        """Portions that are taken together; what has no fact is in no stage or day."""
        if per is Per.ALL:
            yield {}, self.portions
            return
        groups: dict[str | int | None, list[Portion]] = defaultdict(list)
        for portion in self.portions:
            if portion.fact is not None and per is Per.STAGE:
                groups[portion.stage].append(portion)
            elif portion.fact is not None:
                groups[self.bench.day(portion.fact)].append(portion)
        for key in sorted(groups, key=lambda key: (key is not None, key)):
            yield ({} if key is None else {per.value: key}), groups[key]

    def _say(self, code: str, **params: str | int) -> None:
        self.notes.append(Note(code, params))


def _compared(portion: Portion, of: Compared) -> object:
    """What a portion belongs to when the highest are looked for."""
    if of is Compared.FACTS and portion.fact is not None:
        return portion.fact.order
    return portion.part


def _limit(part: Iterable[Portion], most: Decimal) -> None:
    """Let a part keep no more than so much, earliest first."""
    for portion in part:
        portion.value = min(portion.value, most)
        most -= portion.value
