"""Days as people say them, and the moments that they mean in the county.

People name the first and the last day; the portal keeps `[start, end)`. The last day
counts to its midnight.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_INSTANT = timedelta(microseconds=1)


def begins(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of the day."""
    return datetime.combine(day, time(), zone)


def ends(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after the day."""
    return begins(day + timedelta(days=1), zone)


def first_day(starts_at: datetime, zone: ZoneInfo) -> date:
    """The day on which something starts."""
    return starts_at.astimezone(zone).date()


def last_day(ends_at: datetime, zone: ZoneInfo) -> date:
    """The last day of something that is over at `ends_at`."""
    return (ends_at.astimezone(zone) - _INSTANT).date()


def begins_or_stays(day: date, before: datetime | None, zone: ZoneInfo) -> datetime:
    """The start of the day, or the moment that was kept when it is of that day."""
    if before is not None and first_day(before, zone) == day:
        return before
    return begins(day, zone)


def ends_or_stays(day: date, before: datetime | None, zone: ZoneInfo) -> datetime:
    """The end of the day, or the moment that was kept when that day is its last."""
    if before is not None and last_day(before, zone) == day:
        return before
    return ends(day, zone)
