"""The periods of a journal: weeks from Monday 00:00, fortnights, calendar months.

Windows are `[start, end)` at the county's midnight (cases.md, case 4).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.api import Span


@dataclass(frozen=True)
class Period:
    """One period: `number` counts from 1, `[first, end)` are days of the county."""

    key: str
    number: int
    first: date
    end: date

    @property
    def last(self) -> date:
        """The last day of the period."""
        return self.end - timedelta(days=1)

    def bounds(self, span: Span) -> tuple[datetime, datetime]:
        """The period as moments, not beyond the activity's own time."""
        starts = datetime.combine(self.first, time.min, span.zone)
        ends = datetime.combine(self.end, time.min, span.zone)
        return max(starts, span.starts), min(ends, span.ends)

    def holds(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.first <= day < self.end


def periods(kind: str, span: Span) -> Iterator[Period]:
    """The periods of the activity's time, the first and last cut to it."""
    first = span.starts.astimezone(span.zone).date()
    last = (span.ends - timedelta(microseconds=1)).astimezone(span.zone).date()
    start = _start(kind, first)
    number = 1
    while start <= last:
        end = _next(kind, start)
        yield Period(_key(kind, start), number, start, end)
        start, number = end, number + 1


def _start(kind: str, day: date) -> date:
    return day.replace(day=1) if kind == "month" else day - timedelta(day.weekday())


def _next(kind: str, start: date) -> date:
    if kind == "month":
        return (start + timedelta(days=31)).replace(day=1)
    return start + timedelta(weeks=2 if kind == "fortnight" else 1)


def _key(kind: str, start: date) -> str:
    if kind == "month":
        return f"month:{start:%Y-%m}"
    year, week, _ = start.isocalendar()
    return f"{'fortnight' if kind == 'fortnight' else 'week'}:{year}-W{week:02d}"
