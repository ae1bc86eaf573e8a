"""What a scheme counts that comes in by records: for templates, checks and grids."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO
from zoneinfo import ZoneInfo

from portal.records.columns import EXAMPLE, Whose
from portal.records.files import Example, write_template
from portal.records.terms import RECORDS, Terms
from portal.records.vocabulary import MEASURES
from portal.schemes.rules import Item, Scheme
from portal.schemes.sheet import MARKS, Label
from portal.users.codes import tidy


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
    """An item whose marks people give: what it is called, and the most they may be."""

    id: str
    title: Label
    source: str
    most: Decimal | None
    stages: tuple[int, ...] = ()
    note: Label | None = None


def counted(rules: Scheme, *, every: bool = False) -> list[Counted]:
    """The sources of records that a scheme counts, in its order.

    With `every` the sources of activities as well, as for trying a scheme.
    """
    found: dict[str, tuple[Label, list[str]]] = {}
    for item, _ in rules.walk():
        for source in item.sources:
            if not every and not source.source.startswith(RECORDS):
                continue
            _, measures = found.setdefault(source.source, (item.title, []))
            for measure in (source.measure, *(name for name, _ in source.at_least)):
                if measure not in measures:
                    measures.append(measure)
    return [
        Counted(name, tuple(measures), title)
        for name, (title, measures) in found.items()
    ]


def given_items(rules: Scheme) -> list[GivenItem]:
    """The items that people mark by hand, in the scheme's order."""
    return [
        GivenItem(
            item.id,
            item.title,
            source.source,
            _most_given(item),
            tuple(sorted(source.stages)),
            item.note,
        )
        for item, _ in rules.walk()
        for source in item.sources
        if source.measure == MARKS and source.source.startswith(RECORDS)
    ]


def _most_given(item: Item) -> Decimal | None:
    """The most that one mark may be: what the item can bring, where it says so."""
    return item.most


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


def measure_word(name: str) -> str:
    """What a measure is called in a sheet; its name where the portal has no word."""
    return MEASURES.words.get(name, name)
