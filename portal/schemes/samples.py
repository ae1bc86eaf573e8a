"""Invented people on whom a scheme is tried while it is written.

One did everything that the rules reward, one half of it, one little, and one did all
of it late. What they did is found by trying: the least of each item that brings its
most, so the samples fit whatever scheme it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from portal.completions.fact import Fact
from portal.schemes.engine.curves import Per
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.rules import Item, Scheme, Source
from portal.schemes.engine.sheet import MARKS
from portal.schemes.engine.steps import Cap, Highest, Late, Step

BEGINS = datetime(2024, 9, 2, 2, tzinfo=UTC)
STAGE_LENGTH = timedelta(days=30)
FEW, MANY = 3, 10
"""How many facts in a stage and of a source: on so many days, for limits of a day."""

TRIED = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 16, 20, 25, 30, 40, 50, 60, 80)
MUCH, MORE = 100, 120
FREE = 5
"""How often somebody does what has no limit."""

STAGES = 6
"""How many stages there are where the scheme speaks of stages without naming them."""

BY_TWENTY = frozenset({"watch_minutes", "minutes", "class_hours", "points"})
BY_HUNDRED = frozenset({"characters"})
USUAL_LATENESS = Decimal(3 * 24 * 60)


class Portrait(StrEnum):
    """What kind of learner it is."""

    ALL = "all"
    HALF = "half"
    LITTLE = "little"
    LATE = "late"


@dataclass(frozen=True)
class Deed:
    """How much of an item everything is: what each source reports in each stage."""

    item: Item
    amount: int
    stages: tuple[int, ...]
    backwards: bool
    """Whether less is better, as with absences."""


def invented(scheme: Scheme, zone: tzinfo) -> dict[Portrait, list[Fact]]:
    """The facts of the four, for the sources that the scheme counts."""
    days = MANY if _speaks_of_single(scheme) else FEW
    deeds = [_deed(item, scheme, days, zone) for item in _leaves(scheme.items)]
    late = _lateness(scheme)
    shares = {Portrait.ALL: 6, Portrait.HALF: 3, Portrait.LITTLE: 2}
    found = {who: _facts_of(deeds, days, share) for who, share in shares.items()}
    return {**found, Portrait.LATE: _facts_of(deeds, days, 6, late)}


def _speaks_of_single(scheme: Scheme) -> bool:
    """Whether it matters on how many days, or in how many pieces, something is done."""
    return any(
        isinstance(step, Highest) or getattr(step, "per", None) is Per.DAY
        for item, _ in scheme.walk()
        for step in item.steps
    )


def with_new_sources(
    before: Mapping[Portrait, list[Fact]], after: Mapping[Portrait, list[Fact]]
) -> dict[Portrait, list[Fact]]:
    """The facts under an earlier scheme, and those of sources that it did not count."""
    known = {
        (fact.source, measure)
        for facts in before.values()
        for fact in facts
        for measure in fact.measures
    }
    return {
        who: [*facts, *(f for f in after[who] if not _known(f, known))]
        for who, facts in before.items()
    }


def _known(fact: Fact, known: set[tuple[str, str]]) -> bool:
    return any((fact.source, measure) in known for measure in fact.measures)


def _leaves(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        if item.items:
            yield from _leaves(item.items)
        else:
            yield item


def _deed(item: Item, scheme: Scheme, days: int, zone: tzinfo) -> Deed:
    """The least amount that brings the most of this item, its musts included."""
    stages = _stages(item, scheme)
    alone = Scheme(scheme.title, (item,))

    def worth(amount: int) -> Decimal:
        facts = _facts([Deed(item, amount, stages, backwards=False)], days)
        sheet = evaluate(alone, facts, zone=zone)
        return sheet.lines[0].points + (0 if sheet.qualified is False else 1)

    most = worth(MUCH)
    if worth(MORE) > most:
        return Deed(item, FREE, stages, backwards=False)
    if (nothing := worth(0)) > most:
        return Deed(item, 0, stages, backwards=True)
    if nothing == most:
        return Deed(item, FREE, stages, backwards=False)
    least = next((amount for amount in TRIED if worth(amount) == most), MUCH)
    return Deed(item, least, stages, backwards=False)


def _stages(item: Item, scheme: Scheme) -> tuple[int, ...]:
    """The stages in which somebody does this; (0,) outside of stages."""
    named = {
        stage
        for each, _ in scheme.walk()
        for source in each.sources
        for stage in source.stages
    }
    named |= {s for each, _ in scheme.walk() for step in each.steps for s in _of(step)}
    speaks = any(
        getattr(step, "per", None) is Per.STAGE
        for each, _ in scheme.walk()
        for step in each.steps
    )
    if not named and not speaks:
        return (0,)
    own = {stage for source in item.sources for stage in source.stages}
    return tuple(sorted(own)) or tuple(range(1, max(named, default=STAGES) + 1))


def _of(step: Step) -> Iterable[int]:
    return step.stages or () if isinstance(step, Cap) else ()


def _facts_of(
    deeds: list[Deed], days: int, share: int, lateness: Decimal | None = None
) -> list[Fact]:
    """The facts of somebody who did so many sixths of everything."""
    some = [
        Deed(each.item, _share(each, share), each.stages, each.backwards)
        for each in deeds
    ]
    return _facts(some, days, lateness)


def _share(deed: Deed, share: int) -> int:
    if deed.backwards:
        return (6 - share + 1) // 2
    return deed.amount * share // 6


def _facts(
    deeds: Iterable[Deed], days: int, lateness: Decimal | None = None
) -> list[Fact]:
    """The facts of these deeds. What two items count alike happens once."""
    wanted: dict[tuple[Source, int], int] = {}
    for deed in deeds:
        for source in deed.item.sources:
            for stage in deed.stages:
                if source.stages and stage not in source.stages:
                    continue
                plain = Source(source.source, source.measure, at_least=source.at_least)
                most = max(wanted.get((plain, stage), 0), deed.amount)
                wanted[plain, stage] = most
    return [
        fact
        for (source, stage), amount in wanted.items()
        for fact in _facts_in(source, stage, amount, days, lateness)
    ]


def _facts_in(
    source: Source, stage: int, amount: int, days: int, lateness: Decimal | None
) -> Iterator[Fact]:
    """So much of one source in one stage, on as many days as there are pieces."""
    pieces = 1 if source.measure == MARKS else min(amount, days)
    least = dict(source.at_least)
    late = {"late_minutes": lateness, "late": Decimal(1)} if lateness else {}
    for number in range(pieces):
        part = amount // pieces + (number < amount % pieces)
        done = Decimal(part) * _size(source.measure)
        reached = max(done, least.get(source.measure, Decimal(0)))
        yield Fact(
            source=source.source,
            activity=0,
            key=f"{source.source}:{source.measure}:{stage}:{number}",
            revision=1,
            occurred_at=BEGINS + STAGE_LENGTH * stage + timedelta(days=number),
            measures={**late, **least, source.measure: reached},
            stage=stage or None,
        )


def _size(measure: str) -> int:
    """How much of a measure is done at a time."""
    if measure in BY_TWENTY:
        return 20
    return 100 if measure in BY_HUNDRED else 1


def _lateness(scheme: Scheme) -> Decimal:
    """Late enough to lose something, and in time enough to keep something."""
    rungs = [
        rung.up_to_minutes
        for item, _ in scheme.walk()
        for step in item.steps
        if isinstance(step, Late)
        for rung in step.rungs
        if 0 < rung.factor < 1
    ]
    return min(rungs, default=USUAL_LATENESS)
