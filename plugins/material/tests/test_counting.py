"""What of a time counts: never more than has passed, in any order, in any zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_material import counting
from portal_material.counting import LONGEST, MILLISECOND, pieces

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2024, 10, 10, 4, tzinfo=UTC)
NEVER = datetime(2100, 1, 1, tzinfo=UTC)

moments = st.integers(1_322_000_000_000, 1_800_000_000_000).map(
    lambda ms: datetime.fromtimestamp(ms / 1000, UTC)
)
"""From before Samoa left a day out, at the end of 2011."""
steps = st.timedeltas(timedelta(seconds=-100), timedelta(hours=40))
zones = st.sampled_from(
    ["Asia/Shanghai", "America/New_York", "Pacific/Apia", "America/Havana"]
).map(ZoneInfo)


@given(moments, steps, steps, zones)
def test_no_more_counts_than_has_passed_and_is_allowed(
    since: datetime, later: timedelta, close: timedelta, zone: ZoneInfo
) -> None:
    now, closes = since + later, since + close

    found = list(pieces(since, now, closes, zone))

    counted = sum(piece.ms for piece in found) * MILLISECOND
    allowed = max(timedelta(0), min(later, close, LONGEST))
    assert allowed - len(found) * MILLISECOND <= counted <= allowed


@given(moments, st.lists(st.timedeltas(timedelta(0), timedelta(hours=30)), max_size=30))
def test_any_heartbeats_together_count_no_more_than_has_passed(
    start: datetime, gaps: list[timedelta]
) -> None:
    at, counted, by_day = start, 0, {}
    for gap in gaps:
        for piece in pieces(at, at + gap, NEVER, SHANGHAI):
            counted += piece.ms
            by_day[piece.day] = by_day.get(piece.day, 0) + piece.ms
        at += gap

    assert counted * MILLISECOND <= at - start
    assert max(by_day.values(), default=0) <= 24 * 60 * counting.MINUTE


@given(moments, zones, st.timedeltas(timedelta(0), LONGEST))
def test_each_piece_lies_in_its_day_and_they_are_one_after_the_other(
    since: datetime, zone: ZoneInfo, later: timedelta
) -> None:
    end = since
    for piece in pieces(since, since + later, NEVER, zone):
        assert (piece.ends - MILLISECOND / 1000).astimezone(zone).date() == piece.day
        assert piece.ends > end
        end = piece.ends
    assert end == since + later


@pytest.mark.parametrize(
    ("seconds", "counted"), [(0, 0), (30, 30), (45, 45), (46, 45), (600, 45), (-5, 0)]
)
def test_a_heartbeat_brings_what_passed_up_to_45_seconds(
    seconds: int, counted: int
) -> None:
    now = NOON + timedelta(seconds=seconds)

    found = list(pieces(NOON, now, NEVER, SHANGHAI))

    assert sum(piece.ms for piece in found) == counted * 1000


def test_midnight_of_the_county_parts_a_heartbeat() -> None:
    since = datetime(2024, 10, 10, 15, 59, 50, tzinfo=UTC)  # 23:59:50 in Shanghai

    found = list(pieces(since, since + timedelta(seconds=30), NEVER, SHANGHAI))

    assert [(piece.day, piece.ms, piece.at_night) for piece in found] == [
        (date(2024, 10, 10), 10_000, False),
        (date(2024, 10, 11), 20_000, True),
    ]


def test_what_comes_after_the_close_counts_nothing() -> None:
    closes = NOON + timedelta(seconds=10)

    cut = list(pieces(NOON, NOON + timedelta(seconds=30), closes, SHANGHAI))
    after = list(pieces(closes, closes + timedelta(seconds=30), closes, SHANGHAI))

    assert sum(piece.ms for piece in cut) == 10_000
    assert after == []


@given(
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
)
def test_room_is_never_beyond_either_cap(
    most: int, counted: int, day: int, of_day: int
) -> None:
    room = counting.room(most, counted, day, of_day)

    assert room == 0 or (counted + room <= most and of_day + room <= day)


def test_a_begun_minute_is_no_minute() -> None:
    assert [counting.whole_minutes(ms) for ms in (0, 59_999, 60_000, 119_999)] == [
        *(0, 0, 1, 1)
    ]
