"""By what a records sheet is read: whom it may name, and what it may report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from portal.records.columns import Whose, columns
from portal.records.vocabulary import MEASURES
from portal.users.codes import tidy
from portal.users.names import normalise_name

RECORDS = "records:"
"""How the sources begin that come in by records alone."""

HAND = "mark@"
"""How the items begin that people mark by hand; no sheet may name one so."""


@dataclass(frozen=True)
class Who:
    """The person or school that a row is about: as it is written, and as it is known.

    `id` is None where anybody may be named, as when a scheme is tried.
    """

    key: str
    name: str
    id: int | None = None


Find = Callable[[str], Sequence[Who]]
"""Everybody whom a cell may mean: none, one, or several."""


def anybody(given: str) -> Sequence[Who]:
    """Take every name for a person."""
    return [Who(normalise_name(given), given)]


@dataclass(frozen=True)
class Terms:
    """What a sheet is read by.

    `sources` is word or name to name; None lets any well-formed source stand.
    `measures` are understood beside the portal's vocabulary. `stages` is how many
    stages there are; None lets any number stand.
    """

    zone: ZoneInfo
    find: Find = anybody
    sources: Mapping[str, str] | None = None
    measures: frozenset[str] = frozenset()
    counted: frozenset[tuple[str, str]] | None = None
    """The pairs of source and measure that are counted; others are refused."""
    stages: int | None = None
    whose: Whose = Whose.PERSON

    @cached_property
    def known_measures(self) -> Mapping[str, str]:
        """Every word and name that may stand for a measure, to its name."""
        words = {tidy(word): code for code, word in MEASURES.words.items()}
        names = {code: code for code in (*MEASURES.words, *self.measures)}
        return {**words, **names}

    def title(self, field: str) -> str:
        """What a column is called in the sheet."""
        return next(c.title for c in columns(self.whose) if c.field == field)


def key_of(source: str, item: str) -> str:
    """The key of an item of a source: `minutes：第一阶段`."""
    return f"{source.removeprefix(RECORDS)}:{item}"
