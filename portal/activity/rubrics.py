"""Rubrics as plugins see them: criteria with levels, and the score they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.errors import Invalid


@dataclass(frozen=True)
class Level:
    """One level of a criterion; `share` is what it earns, from 0 to 1."""

    title: str
    share: Decimal
    description: str = ""


@dataclass(frozen=True)
class Criterion:
    """One aspect that is judged. A weight counts among the weights of the rubric."""

    key: str
    title: str
    weight: Decimal
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class RubricRef:
    """An activity's rubric (评分量规), as its leader chose it."""

    title: str
    criteria: tuple[Criterion, ...]

    def score(self, levels: Mapping[str, int]) -> Decimal:
        """The weighted share that the chosen levels come to, from 0 to 1.

        Args:
            levels: the place of the level chosen, from 0, by the criterion's key.
                What is no criterion of this rubric is left out.

        Raises:
            Invalid: a criterion has no level chosen (`level_missing`), or one that it
                lacks (`level_unknown`).
        """
        total = weights = Decimal(0)
        for criterion in self.criteria:
            number = levels.get(criterion.key)
            if number is None:
                raise Invalid("level_missing", criterion=criterion.title)
            if not 0 <= number < len(criterion.levels):
                raise Invalid("level_unknown", criterion=criterion.title)
            total += criterion.weight * criterion.levels[number].share
            weights += criterion.weight
        return (total / weights).quantize(Decimal("0.0001"), ROUND_HALF_UP)

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The criteria as the macros of `ui/rubric.html` draw them.

        A level's value is its place.
        """
        return [
            {
                "key": criterion.key,
                "title": criterion.title,
                "levels": [
                    {
                        "value": number,
                        "title": level.title,
                        "text": level.description,
                    }
                    for number, level in enumerate(criterion.levels)
                ],
            }
            for criterion in self.criteria
        ]


def rubric_ref(title: str, criteria: Sequence[Mapping[str, Any]]) -> RubricRef:
    """A stored rubric as a value; shares and weights are decimal strings."""
    return RubricRef(
        title,
        tuple(
            Criterion(
                str(criterion["key"]),
                criterion["title"],
                Decimal(str(criterion.get("weight", 1))),
                tuple(
                    Level(
                        level["title"],
                        Decimal(str(level["share"])),
                        level.get("description", ""),
                    )
                    for level in criterion["levels"]
                ),
            )
            for criterion in criteria
        ),
    )
