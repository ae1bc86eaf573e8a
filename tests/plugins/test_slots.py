"""Slots, spans and marks: what they mean, and what cannot be made."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.activity import (
    Evidence,
    Grade,
    Mark,
    Slot,
    Span,
    Timing,
)
from portal.testing.broken import GoodType
from tests.plugins.activities import MONDAY, SLOT, SPAN, WEEK, hand_in


@pytest.mark.parametrize(
    ("after", "timing", "minutes"),
    [
        (WEEK - timedelta(microseconds=1), Timing.IN_TIME, 0),
        (WEEK, Timing.LATE, 0),
        (WEEK + timedelta(seconds=1), Timing.LATE, 1),
        (2 * WEEK, Timing.LATE, 10080),
        (2 * WEEK + timedelta(seconds=1), Timing.OVERDUE, 10081),
    ],
)
def test_a_window_excludes_its_end_and_a_late_allowance_includes_it(
    after: timedelta, timing: Timing, minutes: int
) -> None:
    handed_in = hand_in(MONDAY + after)

    assert handed_in.timing is timing
    assert handed_in.late_minutes == minutes


def test_at_the_border_it_is_late_by_nothing_which_is_not_in_time() -> None:
    assert hand_in(SLOT.due).late_by == timedelta(0)
    assert hand_in(SLOT.due - timedelta(microseconds=1)).late_by is None


def test_the_time_that_counts_decides_and_not_the_time_of_submission() -> None:
    resubmitted = hand_in(MONDAY + 10 * WEEK, counts_as_at=MONDAY)

    assert resubmitted.timing is Timing.IN_TIME


def test_a_slot_without_late_time_is_overdue_once_it_is_due() -> None:
    slot = Slot("once", "一次", opens=MONDAY, due=SPAN.ends, closes=SPAN.ends)

    assert slot.timing(SPAN.ends) is Timing.OVERDUE
    assert not slot.takes(SPAN.ends)


def test_a_slot_takes_what_comes_from_its_opening_until_it_closes() -> None:
    assert not SLOT.takes(SLOT.opens - timedelta(seconds=1))
    assert SLOT.takes(SLOT.opens)
    assert SLOT.takes(SLOT.closes - timedelta(seconds=1))
    assert not SLOT.takes(SLOT.closes)


def test_a_slot_that_closes_with_its_late_time_still_takes_the_last_moment() -> None:
    end = SPAN.ends
    slot = Slot("once", "一次", opens=MONDAY, due=SLOT.due, late_until=end, closes=end)

    assert slot.takes(end)
    assert not slot.takes(end + timedelta(microseconds=1))


def test_a_repeated_slot_names_each_hand_in() -> None:
    slot = Slot("week:1", "周", opens=MONDAY, due=SLOT.due, closes=SLOT.due, repeat=3)

    assert slot.keys == ("week:1", "week:1/2", "week:1/3")


@pytest.mark.parametrize(
    ("fields", "owed"),
    [({}, True), ({"exempt": True}, False), ({"required": False}, False)],
)
def test_only_what_is_required_and_not_exempt_is_owed(
    fields: dict[str, bool], owed: bool
) -> None:
    slot = Slot("once", "", opens=MONDAY, due=SLOT.due, closes=SLOT.due, **fields)

    assert slot.owed is owed


@pytest.mark.parametrize(
    "fields",
    [
        {"key": "Week 36"},
        {"key": "week:"},
        {"key": "week:" + "x" * 60},
        {"due": MONDAY},
        {"closes": MONDAY + timedelta(days=1)},
        {"late_until": MONDAY},
        {"repeat": 0},
        {"opens": datetime(2024, 9, 1)},  # noqa: DTZ001 — the point of the test
    ],
)
def test_a_slot_that_makes_no_sense_cannot_be_made(fields: dict[str, Any]) -> None:
    sound = {"key": "once", "title": "", "opens": MONDAY, "due": SLOT.due}

    with pytest.raises(ValueError):  # noqa: PT011 — each has words of its own
        Slot(**{**sound, "closes": SLOT.due, **fields})


def test_a_span_ends_after_it_starts_and_knows_its_zone() -> None:
    with pytest.raises(ValueError, match="must end after"):
        Span(MONDAY, MONDAY, SPAN.zone)


@pytest.mark.parametrize("score", ["-0.01", "1.01", "NaN", "Infinity"])
def test_a_score_outside_0_and_1_cannot_be_made(score: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Grade(Decimal(score))


@pytest.mark.parametrize("score", [0.5, 1, None])
def test_a_score_is_a_decimal(score: Any) -> None:
    with pytest.raises(TypeError):
        Grade(score)


def test_evidence_over_sixteen_kilobytes_is_refused() -> None:
    Evidence({"text": "字" * 5000})

    with pytest.raises(ValueError, match="over the 16384"):
        Evidence({"text": "字" * 6000})


scores = st.decimals(min_value=0, max_value=1, places=4)


@given(st.lists(scores, min_size=1, max_size=9), st.randoms())
def test_the_mean_of_marks_lies_among_them_in_any_order(
    given_scores: list[Decimal], random: Any
) -> None:
    marks = [Mark(MONDAY, score) for score in given_scores]
    shuffled = random.sample(marks, len(marks))

    combined = GoodType().combine({}, marks)

    assert combined is not None
    assert combined == GoodType().combine({}, shuffled)
    assert min(given_scores) <= combined.score <= max(given_scores)


def test_a_mark_without_a_score_leaves_the_mean_alone() -> None:
    marks = [Mark(MONDAY, Decimal("0.8")), Mark(MONDAY, remark="课堂证据充分")]

    assert GoodType().combine({}, marks) == Grade(Decimal("0.8000"))
    assert GoodType().combine({}, marks[1:]) is None
