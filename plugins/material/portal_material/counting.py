"""What of a time counts: pure rules, on the server's clock.

The time between two heartbeats of one opening counts, up to `LONGEST` of it: a page
sends one every half minute, so that a longer silence says that nobody was there. Time
after the close counts nothing, and midnight of the county parts it into two days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(seconds=45)
"""The most that one heartbeat brings."""

MINUTE = 60_000
"""Milliseconds."""

NIGHT_ENDS = 5
"""The hour until which somebody who learns is asked about by a person."""

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Piece:
    """A time of one day that counts: whole milliseconds up to `ends`."""

    day: date
    ms: int
    ends: datetime
    at_night: bool


def pieces(
    since: datetime, now: datetime, closes: datetime, zone: ZoneInfo
) -> Iterator[Piece]:
    """What counts of the time between two heartbeats, day by day.

    Never more than has passed, never more than `LONGEST`, nothing after the close;
    nothing at all when the clock was put back.
    """
    end = min(now, since + LONGEST, closes)
    while since < end:
        local = since.astimezone(zone)
        part = min(end, _midnight_after(local, zone))
        ms = (part - since) // MILLISECOND
        yield Piece(local.date(), ms, part, at_night=local.hour < NIGHT_ENDS)
        since = part


def _midnight_after(local: datetime, zone: ZoneInfo) -> datetime:
    """The next midnight of the zone, as an instant."""
    tomorrow = local.date() + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
    return midnight.astimezone(UTC)


def lost(since: datetime, now: datetime, closes: datetime) -> int:
    """Milliseconds between two heartbeats that were too far apart to count."""
    return max(0, (min(now, closes) - since - LONGEST) // MILLISECOND)


def room(most_ms: int, counted_ms: int, day_most_ms: int, day_counted_ms: int) -> int:
    """Milliseconds that may yet be counted: of the material, and of the day."""
    return max(0, min(most_ms - counted_ms, day_most_ms - day_counted_ms))


def whole_minutes(ms: int) -> int:
    """Minutes that are over; begun ones are not."""
    return ms // MINUTE
