"""The plot of a workshop and the stories that follow from it, before any database."""

from collections import Counter
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest

from portal import clock
from portal.activity import Decision
from portal.demonstration.deeds import Deed, Draft, HandIn, Judge
from portal.demonstration.fates import FEWEST, Fate, Plot, plot
from portal.demonstration.stories import Cohort, tell
from portal.demonstration.term import WEEKS, Term, term_of, time_travel

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOWS = [
    datetime(2026, 10, 5, 0, 5, tzinfo=SHANGHAI),
    datetime(2026, 10, 7, 14, 0, tzinfo=SHANGHAI),
    datetime(2026, 10, 11, 23, 55, tzinfo=SHANGHAI),
]
"""The first minutes, the middle and the last minutes of the sixth week."""


def cohort(size: int) -> Cohort:
    names = [f"陈{number}" for number in range(size)]
    return Cohort("7", names, "chinese", "20", [n % 2 for n in range(size)])


def told(size: int, now: datetime) -> tuple[Plot, Term, list[Deed]]:
    fates, term = plot(Random(7), size, WEEKS), term_of(now, SHANGHAI)
    return fates, term, tell(cohort(size), fates, term, now)


@pytest.mark.parametrize("size", [FEWEST, 20, 91])
def test_every_fate_befalls_somebody(size: int) -> None:
    fates = plot(Random(7), size, WEEKS).fates
    assert {fate for weeks in fates for fate in weeks} == set(Fate)


def test_a_workshop_too_small_for_every_scene_is_refused() -> None:
    with pytest.raises(ValueError, match="5"):
        plot(Random(7), FEWEST - 1, WEEKS)


@pytest.mark.parametrize("now", NOWS)
@pytest.mark.parametrize("size", [FEWEST, 20])
def test_nothing_happens_after_the_present_moment(size: int, now: datetime) -> None:
    _plot, _term, deeds = told(size, now)
    assert all(deed.at <= now for deed in deeds)
    assert deeds == sorted(deeds, key=lambda deed: deed.at)


@pytest.mark.parametrize("now", NOWS)
def test_the_present_moment_falls_in_the_last_week(now: datetime) -> None:
    term = term_of(now, SHANGHAI)
    assert term.at(WEEKS) <= now < term.ends


@pytest.mark.parametrize("now", NOWS)
def test_a_copy_comes_after_the_text_it_is_taken_from(now: datetime) -> None:
    fates, _term, deeds = told(20, now)
    handed_in = {(d.learner, d.week): d.at for d in deeds if isinstance(d, HandIn)}
    assert fates.sources
    for (learner, week), source in fates.sources.items():
        assert handed_in[source, week] < handed_in[learner, week]


@pytest.mark.parametrize("now", NOWS)
def test_about_a_weeks_texts_wait_in_each_group(now: datetime) -> None:
    _plot, _term, deeds = told(20, now)
    last = {(d.learner, d.week): d for d in deeds if isinstance(d, HandIn | Judge)}
    waiting = Counter(
        deed.learner % 2 for deed in last.values() if isinstance(deed, HandIn)
    )
    assert all(8 <= waiting[group] <= 11 for group in range(2))


@pytest.mark.parametrize("now", NOWS)
def test_whoever_has_to_revise_now_still_has_the_days_for_it(now: datetime) -> None:
    fates, _term, deeds = told(20, now)
    learner, week = fates.first(Fate.RETURNED)
    returned = [
        deed
        for deed in deeds
        if isinstance(deed, Judge) and (deed.learner, deed.week) == (learner, week)
    ]
    assert [deed.decision for deed in returned] == [Decision.RETURN]
    assert (now - returned[0].at).days < 7


@pytest.mark.parametrize("now", NOWS)
def test_leaders_sleep_at_night(now: datetime) -> None:
    _plot, _term, deeds = told(91, now)
    past = [d for d in deeds if isinstance(d, Judge) and (now - d.at).days >= 3]
    assert past
    assert all(7 <= deed.at.astimezone(SHANGHAI).hour < 23 for deed in past)


@pytest.mark.parametrize("now", NOWS)
def test_somebody_is_writing(now: datetime) -> None:
    _plot, _term, deeds = told(20, now)
    assert any(isinstance(deed, Draft) for deed in deeds)


def test_the_clock_goes_on_as_before_after_travelling() -> None:
    stopped = NOWS[0]
    before = clock.set_source(lambda: stopped)
    try:
        with time_travel() as travel:
            travel(NOWS[1])
            assert clock.now() == NOWS[1]
        assert clock.now() == NOWS[0]
    finally:
        clock.set_source(before)
