"""When things happen in the demonstration: its weeks, and travelling in time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal import clock

WEEKS = 6
"""How many weeks of journals there are; the present moment falls in the last."""

_DAYS = (4, 6, 8, 12, 15, 20, 35)
"""How journals spread over the week: most teachers write at its end."""

_WAKES, _SLEEPS = 7, 23

_HOURS = dict.fromkeys(range(_WAKES, _SLEEPS), 1) | {
    12: 3,
    16: 2,
    19: 4,
    20: 6,
    21: 6,
    22: 4,
}
"""Hours at which people work, and how likely: after lunch and in the evening."""


@dataclass(frozen=True)
class Term:
    """Some weeks from a Monday, as moments of the county's clock."""

    monday: date
    weeks: int
    zone: ZoneInfo

    def at(self, week: int, day: int = 0, hour: int = 0, minute: int = 0) -> datetime:
        """A moment of a week (from 1, also before or after the term); Monday is 0."""
        on = self.monday + timedelta(weeks=week - 1, days=day)
        return datetime.combine(on, time(hour, minute), self.zone)

    @property
    def starts(self) -> datetime:
        """The first moment."""
        return self.at(1)

    @property
    def ends(self) -> datetime:
        """The first moment no longer."""
        return self.at(self.weeks + 1)

    def earlier(self, weeks_before: int, weeks: int) -> "Term":
        """Another term that began so many weeks before this one."""
        return Term(self.monday - timedelta(weeks=weeks_before), weeks, self.zone)

    def writing_moment(self, rng: Random, week: int, days: range) -> datetime:
        """When somebody hands in in the week: on one of the days, mostly late."""
        day = rng.choices(days, [_DAYS[day % 7] for day in days])[0]
        return self.working_moment(rng, week, day)

    def awake(self, moment: datetime) -> datetime:
        """The moment itself, or the next morning when people sleep then."""
        local = moment.astimezone(self.zone)
        if _WAKES <= local.hour < _SLEEPS:
            return local
        wakes = local.replace(hour=_WAKES)
        return wakes + timedelta(days=1) if local.hour >= _SLEEPS else wakes

    def working_moment(self, rng: Random, week: int, day: int) -> datetime:
        """A moment of a day at which people work."""
        hour = rng.choices(list(_HOURS), list(_HOURS.values()))[0]
        return self.at(week, day, hour, rng.randrange(60)) + timedelta(
            seconds=rng.randrange(60)
        )


def term_of(now: datetime, zone: ZoneInfo) -> Term:
    """The six weeks of which the last one holds `now`."""
    today = now.astimezone(zone).date()
    return Term(today - timedelta(days=today.weekday(), weeks=WEEKS - 1), WEEKS, zone)


@contextmanager
def time_travel() -> Iterator[Callable[[datetime], None]]:
    """Let the portal's clock stand at the moments to which the given function puts it.

    Afterwards it goes on as before, whatever happened.
    """
    moment = clock.now()

    def travel(to: datetime) -> None:
        nonlocal moment
        moment = to

    before = clock.set_source(lambda: moment)
    try:
        yield travel
    finally:
        clock.set_source(before)
