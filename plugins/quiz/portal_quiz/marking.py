"""What an answer is worth: pure rules, so that a paper can be marked again.

An answer's share runs from 0 to 1 and never beyond. True/false and single choice are
right or wrong. Of several right options the paper's rule says what a part earns.
A short answer is right when it reads as one of the accepted ones once widths, case
and blanks are evened out. An essay has no rule: a person marks it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from portal_quiz.models import Kind

RIGHT = Decimal(1)
WRONG = Decimal(0)
HALF = Decimal("0.5")
SMALLEST = Decimal("0.000001")
CENT = Decimal("0.01")


class Partial(StrEnum):
    """What part of several right options earns."""

    ALL = "all"
    """Nothing, unless all are chosen and no other."""
    HALF = "half"
    """Half, where some are chosen and none of them is wrong (少选得一半)."""
    SHARE = "share"
    """Their share of the right ones, less the share of wrong ones chosen."""


@dataclass(frozen=True)
class Key:
    """What is right: options by their keys, or accepted words; `model` is an example
    answer of an essay. `exact` switches off that widths and case are evened out."""

    right: frozenset[str] = frozenset()
    accepted: tuple[str, ...] = ()
    exact: bool = False
    model: str = ""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Key:
        """As it stands in a question's version."""
        return cls(
            frozenset(stored.get("right", ())),
            tuple(stored.get("accepted", ())),
            bool(stored.get("exact")),
            str(stored.get("model", "")),
        )

    def to_json(self) -> dict[str, Any]:
        """The same to be stored; what is empty is left out."""
        full = {
            "right": sorted(self.right),
            "accepted": list(self.accepted),
            "exact": self.exact,
            "model": self.model,
        }
        return {name: value for name, value in full.items() if value}


def is_marked_by_rule(kind: str) -> bool:
    """Whether no person is needed."""
    return kind != Kind.ESSAY


def mark(
    kind: str, key: Key, response: Mapping[str, Any], partial: Partial
) -> Decimal | None:
    """The share that a response earns; None where a person must say."""
    if not is_answered(response):
        return WRONG
    if kind == Kind.ESSAY:
        return None
    if kind == Kind.SHORT:
        return _truth(is_accepted(str(response.get("text", "")), key))
    chosen = frozenset(response.get("chosen", ()))
    if kind == Kind.MULTIPLE:
        return RULES[partial](chosen, key.right)
    return _truth(chosen == key.right)


def is_answered(response: Mapping[str, Any]) -> bool:
    """Whether something was chosen or written."""
    return bool(response.get("chosen")) or bool(str(response.get("text", "")).strip())


def _all(chosen: frozenset[str], right: frozenset[str]) -> Decimal:
    return _truth(chosen == right)


def _half(chosen: frozenset[str], right: frozenset[str]) -> Decimal:
    if chosen == right:
        return RIGHT
    return HALF if chosen and chosen < right else WRONG


def _share(chosen: frozenset[str], right: frozenset[str]) -> Decimal:
    earned = Decimal(len(chosen & right) - len(chosen - right)) / len(right)
    return max(WRONG, earned).quantize(SMALLEST, ROUND_HALF_UP)


RULES: Mapping[Partial, Callable[[frozenset[str], frozenset[str]], Decimal]] = {
    Partial.ALL: _all,
    Partial.HALF: _half,
    Partial.SHARE: _share,
}


def is_accepted(text: str, key: Key) -> bool:
    """Whether the text reads as one of the accepted answers."""
    return even(text, exact=key.exact) in {
        even(one, exact=key.exact) for one in key.accepted
    }


def even(text: str, *, exact: bool = False) -> str:
    """A short answer without differences that are none.

    Full and half width, case, and blanks at the ends and in a row; between Chinese
    characters, where a blank means nothing, they go altogether. An exact one keeps
    its case and its width and loses the blanks at its ends only.
    """
    if exact:
        return unicodedata.normalize("NFC", text).strip()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _joined(unicodedata.normalize("NFKC", folded).split())


def _joined(words: Iterable[str]) -> str:
    """The words with a blank between two that need one to stay apart."""
    joined = ""
    for word in words:
        apart = joined and _needs_blank(joined[-1]) and _needs_blank(word[0])
        joined += f" {word}" if apart else word
    return joined


def _needs_blank(sign: str) -> bool:
    """Whether a sign belongs to a script that separates words."""
    return unicodedata.east_asian_width(sign) not in "WF"


def earned(points: Decimal, share: Decimal) -> Decimal:
    """The points that a share of them comes to, to a hundredth, half up."""
    return (points * share).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Total:
    """What the answers of an attempt come to. `points` count what is marked so far."""

    points: Decimal
    out_of: Decimal
    complete: bool

    @property
    def score(self) -> Decimal:
        """Of a hundred, to a hundredth; a paper worth nothing comes to nothing."""
        if not self.out_of:
            return Decimal("0.00")
        return (100 * self.points / self.out_of).quantize(CENT, ROUND_HALF_UP)


def total(answers: Collection[tuple[Decimal, Decimal | None]]) -> Total:
    """The sum of answers, each worth so many points of which this share was earned."""
    marked = [earned(points, share) for points, share in answers if share is not None]
    return Total(
        sum(marked, Decimal(0)),
        sum((points for points, _ in answers), Decimal(0)),
        len(marked) == len(answers),
    )


def passes(result: Total, pass_percent: int) -> bool:
    """Whether the points reach the pass mark; compared before anything is rounded."""
    return result.complete and 100 * result.points >= pass_percent * result.out_of


def _truth(holds: bool) -> Decimal:
    return RIGHT if holds else WRONG
