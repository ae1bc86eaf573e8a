"""Weeks, fortnights and months: every moment of an activity lies in exactly one."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_journal.activity import Journal
from portal_journal.periods import periods

from portal.api import Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2024, 9, 1, 16, tzinfo=UTC)
WEEK = timedelta(weeks=1)
TERM = Span(MONDAY, MONDAY + 18 * WEEK, SHANGHAI)

moments = st.integers(0, 5_000_000).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
lengths = st.timedeltas(timedelta(minutes=1), timedelta(days=400))
kinds = st.sampled_from(["week", "fortnight", "month"])


def test_a_term_of_eighteen_weeks_owes_eighteen_journals() -> None:
    found = list(periods("week", TERM))

    assert [period.number for period in found] == list(range(1, 19))
    assert (found[0].key, found[-1].key) == ("week:2024-W36", "week:2025-W01")
    assert found[0].bounds(TERM) == (MONDAY, MONDAY + WEEK)


def test_a_week_over_new_year_bears_the_year_of_its_thursday() -> None:
    starts = datetime(2024, 12, 29, 16, tzinfo=UTC)

    (found,) = periods("week", Span(starts, starts + WEEK, SHANGHAI))

    assert found.key == "week:2025-W01"


def test_a_week_that_the_activity_begins_in_the_middle_of_is_cut_to_it() -> None:
    wednesday = MONDAY + timedelta(days=2, hours=8)
    span = Span(wednesday, MONDAY + 2 * WEEK, SHANGHAI)

    first, second = periods("week", span)

    assert first.bounds(span) == (wednesday, MONDAY + WEEK)
    assert second.bounds(span) == (MONDAY + WEEK, MONDAY + 2 * WEEK)


def test_months_are_those_of_the_calendar() -> None:
    found = list(periods("month", TERM))

    assert [period.key for period in found] == [
        *("month:2024-09", "month:2024-10", "month:2024-11"),
        *("month:2024-12", "month:2025-01"),
    ]
    assert (found[1].first, found[1].last) == (date(2024, 10, 1), date(2024, 10, 31))


@given(kinds, moments, lengths)
def test_periods_follow_one_another_and_fill_the_activity(
    kind: str, starts: datetime, lasts: timedelta
) -> None:
    span = Span(starts, starts + lasts, SHANGHAI)

    bounds = [period.bounds(span) for period in periods(kind, span)]

    assert (bounds[0][0], bounds[-1][1]) == (span.starts, span.ends)
    assert all(one[1] == following[0] for one, following in pairwise(bounds))
    assert all(opens < due for opens, due in bounds)


@given(kinds, moments, lengths)
def test_every_period_has_a_key_of_its_own(
    kind: str, starts: datetime, lasts: timedelta
) -> None:
    span = Span(starts, starts + lasts, SHANGHAI)

    keys = [period.key for period in periods(kind, span)]

    assert len(set(keys)) == len(keys)


@given(moments)
def test_weeks_begin_on_monday_at_the_countys_midnight(starts: datetime) -> None:
    span = Span(starts, starts + 3 * WEEK, SHANGHAI)

    begun = [period.bounds(span)[0] for period in periods("week", span)][1:]

    assert all(
        (local.weekday(), local.hour, local.minute) == (0, 0, 0)
        for local in (opens.astimezone(SHANGHAI) for opens in begun)
    )


@pytest.mark.parametrize(
    ("late_days", "late_until"), [(7, 2 * WEEK), (1, WEEK + timedelta(days=1))]
)
def test_a_slot_stays_open_for_the_late_allowance(
    late_days: int, late_until: timedelta
) -> None:
    settings = Journal.settings_form.defaults() | {"late_days": late_days}

    first = Journal().slots(settings, TERM, {})[0]

    assert (first.due, first.late_until) == (MONDAY + WEEK, MONDAY + late_until)
    assert first.closes == first.late_until


def test_without_an_allowance_nothing_is_taken_after_it_was_due() -> None:
    settings = Journal.settings_form.defaults() | {"late_days": 0}

    first = Journal().slots(settings, TERM, {})[0]

    assert (first.late_until, first.closes) == (None, first.due)


def test_a_week_with_a_holiday_in_it_is_not_owed() -> None:
    holidays = "2024-10-01\n2024-10-02\n\n2025-01-01"
    settings = Journal.settings_form.defaults() | {"holidays": holidays}

    exempt = [slot.key for slot in Journal().slots(settings, TERM, {}) if slot.exempt]

    assert exempt == ["week:2024-W40", "week:2025-W01"]
