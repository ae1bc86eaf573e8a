"""A slot of a week, and what was handed in for it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.activity import (
    HandIn,
    Slot,
    Span,
)

MONDAY = datetime(2024, 9, 1, 16, tzinfo=UTC)
WEEK = timedelta(days=7)
SPAN = Span(MONDAY, MONDAY + 2 * WEEK, ZoneInfo("Asia/Shanghai"))

SLOT = Slot(
    "week:2024-W36",
    "第一周",
    opens=MONDAY,
    due=MONDAY + WEEK,
    late_until=MONDAY + 2 * WEEK,
    closes=MONDAY + 3 * WEEK,
)


def hand_in(at: datetime = MONDAY, **fields: Any) -> HandIn:
    given: dict[str, Any] = {"slot": SLOT, "version": 1, "submitted_at": at}
    return HandIn(**given | {"counts_as_at": at} | fields)
