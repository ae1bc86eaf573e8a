"""The dates of a peer review follow one another, whatever was filled in."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_peer_review.schedule import Phase, schedule

from portal.api import Span

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2024, 9, 1, 16, tzinfo=UTC)
"""Monday 2024-09-02 00:00 in Shanghai."""
FOUR_WEEKS = Span(MONDAY, MONDAY + timedelta(weeks=4), ZONE)

DAYS = st.none() | st.dates(date(2024, 8, 25), date(2024, 10, 10)).map(str)


def test_without_dates_half_of_the_time_is_for_each() -> None:
    dates = schedule({"late_days": 3}, FOUR_WEEKS)

    assert dates.submit_until == dates.assess_from == MONDAY + timedelta(weeks=2)
    assert dates.late_until == MONDAY + timedelta(weeks=2, days=3)
    assert dates.assess_until == dates.results_at == FOUR_WEEKS.ends


def test_a_day_means_its_end_in_the_county() -> None:
    days = {
        "submit_until": "2024-09-08",
        "assess_after": "2024-09-09",
        "assess_until": "2024-09-15",
        "results_after": "2024-09-16",
    }
    dates = schedule(days, FOUR_WEEKS)

    assert dates.submit_until == MONDAY + timedelta(days=7)
    assert dates.assess_from == MONDAY + timedelta(days=8)
    assert dates.assess_until == MONDAY + timedelta(days=14)
    assert dates.results_at == MONDAY + timedelta(days=15)


@pytest.mark.parametrize(
    ("days", "phase"),
    [
        (0, Phase.SUBMISSION),
        (7, Phase.BETWEEN),
        (8, Phase.ASSESSMENT),
        (14, Phase.EVALUATION),
        (15, Phase.CLOSED),
    ],
)
def test_each_phase_begins_at_its_very_moment(days: int, phase: Phase) -> None:
    dates = schedule(
        {
            "submit_until": "2024-09-08",
            "assess_after": "2024-09-09",
            "assess_until": "2024-09-15",
            "results_after": "2024-09-16",
        },
        FOUR_WEEKS,
    )
    moment = MONDAY + timedelta(days=days)

    assert dates.phase(moment) is phase
    assert dates.phase(moment - timedelta(microseconds=1)) is not phase


def test_the_dates_of_last_term_are_left_out_after_copying() -> None:
    stale = {"submit_until": "2024-03-10", "assess_until": "2024-03-20"}

    assert schedule(stale, FOUR_WEEKS) == schedule({}, FOUR_WEEKS)


@given(DAYS, DAYS, DAYS, DAYS, st.integers(0, 60), st.integers(1, 60 * 24 * 40))
def test_the_dates_are_in_order_whatever_was_filled_in(
    submit: str | None,
    begin: str | None,
    end: str | None,
    results: str | None,
    late: int,
    minutes: int,
) -> None:
    span = Span(MONDAY, MONDAY + timedelta(minutes=minutes), ZONE)
    settings = {
        "submit_until": submit,
        "assess_after": begin,
        "assess_until": end,
        "results_after": results,
        "late_days": late,
    }
    dates = schedule(settings, span)

    assert span.starts == dates.opens < dates.submit_until
    assert dates.submit_until <= dates.assess_from < dates.assess_until <= span.ends
    assert dates.assess_until <= dates.results_at
    assert dates.submit_until <= dates.late_until <= dates.assess_until
