"""What becomes of each teacher's journal in each week: the plot of the term.

Chance decides most of it, by how diligent a teacher is; beside that certain scenes
happen in every workshop, so that every state can be seen however small the county is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

FEWEST = 6
"""Learners that a workshop needs for every scene to happen."""

_ONE_SET_FOR = 20
"""For so many learners every scene happens once."""


class Fate(StrEnum):
    """What becomes of one teacher's journal of one week."""

    IN_TIME = "in_time"
    LATE = "late"
    EXTENDED = "extended"
    """Handed in after the date, within the time that the leader had granted."""
    REVISED = "revised"
    """Returned, handed in once more, accepted."""
    ABANDONED = "abandoned"
    """Returned and never handed in again."""
    RETURNED = "returned"
    """Returned, and to be revised now."""
    COPIED = "copied"
    """Taken from a colleague and rejected."""
    DOUBTED = "doubted"
    """Half taken from a colleague, held, and accepted by the leader."""
    HELD = "held"
    """Half taken from a colleague; the leader has yet to decide."""
    MISSING = "missing"
    STARTED = "started"
    """A draft that was not handed in."""
    DUE = "due"
    """Nothing yet: the last week's journal of someone who still has the time."""
    ON_LEAVE = "on_leave"


TAKEN = (Fate.COPIED, Fate.DOUBTED, Fate.HELD)
"""The fates of texts that have a colleague's for their source."""

SCENES = (
    (Fate.COPIED, 3),
    (Fate.DOUBTED, 2),
    (Fate.HELD, 5),
    (Fate.RETURNED, 5),
    (Fate.ABANDONED, 3),
    (Fate.ON_LEAVE, 4),
    (Fate.REVISED, 2),
    (Fate.LATE, 4),
    (Fate.EXTENDED, 4),
    (Fate.MISSING, 3),
    (Fate.STARTED, 5),
    (Fate.DUE, 6),
)
"""What happens in every workshop, and in which week; each to the next teacher."""

_DILIGENCE = (0.4, 0.8)
"""Up to which share of the teachers one is steady, then as most are."""

_LUCK: tuple[dict[Fate, int], ...] = (
    {Fate.IN_TIME: 92, Fate.REVISED: 5, Fate.LATE: 3},
    {Fate.IN_TIME: 74, Fate.REVISED: 8, Fate.LATE: 10, Fate.MISSING: 8},
    {Fate.IN_TIME: 40, Fate.REVISED: 5, Fate.LATE: 25, Fate.MISSING: 30},
)
"""How likely the fates of a week are, for the steady, for most, for those behind."""


@dataclass(frozen=True)
class Plot:
    """The fates of a workshop's teachers, by their place in it and by week."""

    fates: Sequence[Sequence[Fate]]
    sources: dict[tuple[int, int], int]
    """From whom a text is taken: by teacher and week, the place of the colleague."""
    diligence: Sequence[int]
    """0 the steady, 1 as most are, 2 those who fall behind."""

    def fate(self, learner: int, week: int) -> Fate:
        """What becomes of the teacher's journal of the week (from 1)."""
        return self.fates[learner][week - 1]

    def first(self, fate: Fate) -> tuple[int, int]:
        """Some teacher and week of this fate. Raises StopIteration: there is none."""
        return next(
            (learner, week)
            for learner, weeks in enumerate(self.fates)
            for week, other in enumerate(weeks, 1)
            if other is fate
        )


def plot(rng: Random, learners: int, weeks: int) -> Plot:
    """Decide the fates of a workshop of `learners` teachers.

    Raises:
        ValueError: there are too few for every scene.
    """
    if learners < FEWEST:
        raise ValueError(f"A workshop needs {FEWEST} learners, not {learners}")
    order = rng.sample(range(learners), learners)
    diligence = _diligence(order)
    fates = [_by_luck(rng, _LUCK[diligence[n]], weeks) for n in range(learners)]
    sources: dict[tuple[int, int], int] = {}
    played: set[tuple[int, int]] = set()
    for number in range(max(1, learners // _ONE_SET_FOR) * len(SCENES)):
        fate, week = SCENES[number % len(SCENES)]
        learner = _free(order, number, week, played)
        fates[learner][week - 1] = fate
        if fate in TAKEN:
            source = _free(order, number + learners // 2, week, played)
            fates[source][week - 1] = Fate.IN_TIME
            sources[learner, week] = source
    return Plot(fates, sources, diligence)


def _diligence(order: Sequence[int]) -> list[int]:
    """The diligence of each teacher: the shares are exact, who it is is chance."""
    found = [0] * len(order)
    for place, learner in enumerate(order):
        found[learner] = sum(place >= share * len(order) for share in _DILIGENCE)
    return found


def _by_luck(rng: Random, luck: dict[Fate, int], weeks: int) -> list[Fate]:
    return rng.choices(list(luck), list(luck.values()), k=weeks)


def _free(
    order: Sequence[int], number: int, week: int, played: set[tuple[int, int]]
) -> int:
    """The next teacher in order whose week is not part of a scene yet; takes it."""
    for step in range(len(order)):
        learner = order[(number + step) % len(order)]
        if (learner, week) not in played:
            played.add((learner, week))
            return learner
    raise ValueError(f"Too many scenes in week {week}")
