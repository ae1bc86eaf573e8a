"""What a scheme counts that comes in by records: for templates, checks and grids."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO
from zoneinfo import ZoneInfo

from portal.records.columns import EXAMPLE, Whose
from portal.records.files import Example, write_template
from portal.records.terms import HAND, RECORDS, Terms, key_of
from portal.records.vocabulary import measure_word
from portal.schemes.engine.curves import Count
from portal.schemes.engine.rules import Item, Scheme, Source
from portal.schemes.engine.sheet import MARKS, Label
from portal.schemes.engine.steps import PRICES, Cap, Highest, Price
from portal.users.codes import tidy

KINDS = {
    "platform": Label("外部平台的记录", "Records of another platform"),
    "assignment": Label("作业", "Assignments"),
    "reading": Label("读书", "Reading"),
    "school": Label("学校工作", "Work of the school"),
}
"""Words for sources that several items of a scheme count."""

MOST_APART = 12
"""Marks of one item that the grid has room for; a sheet brings in any number."""

JUDGED = ("rejected", "exempt", "late", "late_minutes")
"""What says of any fact that it is worth nothing, or less."""


@dataclass(frozen=True)
class Counted:
    """A source that a scheme counts, with the item that names it for people."""

    source: str
    measures: tuple[str, ...]
    title: Label

    @property
    def kind(self) -> str:
        """What a records activity says that it brings in."""
        return self.source.removeprefix(RECORDS)

    @property
    def given(self) -> bool:
        """Whether it is marks, which people give."""
        return self.measures == (MARKS,)


@dataclass(frozen=True)
class GivenItem:
    """A mark that people give: what it is called, and the most it may be.

    `stage` is the stage it is given for, where the scheme counts stages apart. Where it
    counts the highest of several marks, `number` tells these apart, from 1.
    """

    title: Label
    source: str
    stage: int | None
    most: Decimal | None
    note: Label | None = None
    number: int | None = None

    @property
    def key(self) -> str:
        """What names the mark among a person's facts; the first of several is plain."""
        further = f".{self.number}" if (self.number or 1) > 1 else ""
        return key_of(self.source, f"{HAND}{self.stage or 0}{further}")

    @property
    def name(self) -> str:
        """What its fact is called."""
        return self.title.zh + (f"（第{self.number}个）" if self.number else "")


def counted(rules: Scheme, *, every: bool = False) -> list[Counted]:
    """The sources of records that a scheme counts, in its order.

    With `every` the sources of activities as well, as for trying a scheme.
    """
    titles: dict[str, list[Label]] = {}
    measures: dict[str, dict[str, None]] = {}
    for item, _ in rules.walk():
        for source in item.sources:
            if not every and not source.source.startswith(RECORDS):
                continue
            named = titles.setdefault(source.source, [])
            if (title := source.title or item.title) not in named:
                named.append(title)
            least = (name for name, _ in source.at_least)
            asked = measures.setdefault(source.source, {})
            asked.update(dict.fromkeys((source.measure, *least)))
    return [
        Counted(name, tuple(measures[name]), _title(name, named))
        for name, named in titles.items()
    ]


def pairs(schemes: Iterable[Scheme]) -> frozenset[tuple[str, str]]:
    """Source and measure as schemes put them together; nothing else may come in.

    Beside what is counted that is what a judgement looks at (`JUDGED`), and what
    honours compare or bar.
    """
    found: set[tuple[str, str]] = set()
    for rules in schemes:
        looked_at = _looked_at(rules)
        for each in counted(rules):
            names = {name for source, name in looked_at if source in ("", each.source)}
            found |= {(each.source, name) for name in (*each.measures, *names)}
    return frozenset(found)


def _looked_at(rules: Scheme) -> set[tuple[str, str]]:
    """Source, or nothing for any, and measure of what is looked at and not counted."""
    found = {("", name) for name in JUDGED}
    if rules.honours is not None:
        found |= {(bar.source or "", bar.measure) for bar in rules.honours.barred}
        found |= {
            (key.source or "", key.measure)
            for key in rules.honours.ranking
            if key.measure is not None
        }
    return found


def _title(source: str, named: Sequence[Label]) -> Label:
    """What the scheme calls it, or its one item; else the portal's word for it."""
    kind = source.removeprefix(RECORDS)
    if len(named) == 1:
        return named[0]
    return KINDS.get(kind, Label(source, source))


def given_items(rules: Scheme) -> list[GivenItem]:
    """The marks that people give by hand, in the scheme's order; each once."""
    found: dict[str, GivenItem] = {}
    for item, _ in rules.walk():
        for source in item.sources:
            if source.measure == MARKS and source.source.startswith(RECORDS):
                for given in _given(item, source):
                    found.setdefault(given.key, given)
    return list(found.values())


def _given(item: Item, source: Source) -> Iterator[GivenItem]:
    """The marks of one source: in each stage one, or as many as may count of several.

    Five modules are marked apart where the five highest count (S9).
    """
    keep = max(
        (step.keep for step in item.steps if isinstance(step, Highest)), default=1
    )
    numbers = range(1, min(keep, MOST_APART) + 1) if keep > 1 else (None,)
    title = source.title or item.title
    for stage in sorted(source.stages) or (None,):
        most = _most(item, source, stage)
        for number in numbers:
            yield GivenItem(title, source.source, stage, most, item.note, number)


def _most(item: Item, source: Source, stage: int | None) -> Decimal | None:
    """The most that one mark may be, before the item weighs and prices it.

    It is what the lowest cap leaves; an item without a cap, or with steps that can not
    be turned round, says nothing.
    """
    limits = []
    worth = source.times
    for step in item.steps:
        if isinstance(step, Cap):
            limits.append(step.limit_of(stage) / worth)
        elif isinstance(step, Price) and step.count is Count.EXACT and not step.start:
            worth *= step.points / step.unit
        elif isinstance(step, PRICES):
            break
    return min(limits, default=None)


def words_of_sources(sources: Sequence[Counted]) -> dict[str, str]:
    """Source to its word in a sheet: the item's title, or the name where it is not one.

    Sheets are written in Chinese; a name is understood beside every word.
    """
    titles = [tidy(each.title.zh) for each in sources]
    return {
        each.source: each.title.zh if titles.count(title) == 1 else each.source
        for each, title in zip(sources, titles, strict=True)
    }


def terms_for(rules: Scheme, zone: ZoneInfo) -> Terms:
    """The terms on which a sheet is read to try a scheme: any names, all its sources.

    Whatever measure the portal knows may be reported, for deductions, rejections and
    honours look at more than what is counted.
    """
    sources = counted(rules, every=True)
    return Terms(
        zone=zone,
        sources=understood(sources),
        measures=frozenset(name for each in sources for name in each.measures),
    )


def understood(sources: Sequence[Counted]) -> dict[str, str]:
    """Every word and name that may stand for a source, to its name."""
    words = {tidy(word): name for name, word in words_of_sources(sources).items()}
    return {**words, **{each.source: each.source for each in sources}}


def write_scheme_template(
    stream: BinaryIO,
    sources: Sequence[Counted],
    *,
    instructions: Sequence[str],
    day: str,
    people: Sequence[tuple[str, str]] = (),
    whose: Whose = Whose.PERSON,
) -> None:
    """The sheet to fill in for these sources, with one example of the first.

    Args:
        day: of the example, as 2024-09-02.
    """
    words = words_of_sources(sources)
    measures = list(dict.fromkeys(m for each in sources for m in each.measures))
    first = measures[0] if measures else ""
    write_template(
        stream,
        sources=list(words.values()),
        measures=[measure_word(name) for name in measures],
        example=Example(
            {
                "who": EXAMPLE,
                "source": next(iter(words.values()), ""),
                "item": "第一阶段",
                "stage": "1",
                "time": day,
                "measure": measure_word(first),
                "amount": "5",
            }
        ),
        instructions=instructions,
        people=people,
        whose=whose,
    )
