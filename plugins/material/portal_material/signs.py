"""What a person should look at, and ask about. Nobody is judged by these.

A slow network, one computer for three colleagues, a sick child at night: each has an
innocent reason, so that a sign is a question to a teacher and never a deduction.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal_material.counting import MINUTE

LONG_DAY = 6 * 60 * MINUTE
NIGHT = 60 * MINUTE
OFTEN = 5
"""Openings in a day that stopped another one while it was counting."""
RUSH, RUSH_TIME = 5, timedelta(minutes=1)
"""So many materials opened for the first time within so short a time."""
GAPS = 30 * MINUTE


class Sign(StrEnum):
    """What is unusual."""

    LONG_DAY = "long_day"
    NIGHT = "night"
    MANY_PLACES = "many_places"
    RUSH = "rush"
    GAPS = "gaps"


@dataclass(frozen=True)
class Studied:
    """One day of one material."""

    day: date
    item_id: int
    first_at: datetime
    counted_ms: int = 0
    night_ms: int = 0
    lost_ms: int = 0
    taken_over: int = 0


def signs(days: Sequence[Studied]) -> list[Sign]:
    """What is unusual about one person's days in an activity."""
    counted: Counter[date] = Counter()
    night: Counter[date] = Counter()
    places: Counter[date] = Counter()
    for one in days:
        counted[one.day] += one.counted_ms
        night[one.day] += one.night_ms
        places[one.day] += one.taken_over
    found = {
        Sign.LONG_DAY: max(counted.values(), default=0) >= LONG_DAY,
        Sign.NIGHT: max(night.values(), default=0) >= NIGHT,
        Sign.MANY_PLACES: max(places.values(), default=0) >= OFTEN,
        Sign.RUSH: is_rushed(_first_openings(days)),
        Sign.GAPS: sum(one.lost_ms for one in days) >= GAPS,
    }
    return [sign for sign, there in found.items() if there]


def _first_openings(days: Iterable[Studied]) -> list[datetime]:
    first: dict[int, datetime] = {}
    for one in days:
        first[one.item_id] = min(first.get(one.item_id, one.first_at), one.first_at)
    return sorted(first.values())


def is_rushed(openings: Sequence[datetime]) -> bool:
    """Whether `RUSH` of these, in order, lie within `RUSH_TIME`."""
    return any(
        last - first <= RUSH_TIME
        for first, last in zip(openings, openings[RUSH - 1 :], strict=False)
    )
