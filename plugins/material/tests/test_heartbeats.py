"""Minutes over HTTP: one place, the server's clock, every heartbeat once (V19, V20)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from portal_material.models import Kind, Seat
from sqlalchemy import select

from portal.testing.fixtures import Clock
from portal.workshops.models import Extension

MIDNIGHT = datetime(2024, 9, 2, 16, tzinfo=UTC)
"""In Shanghai, at the end of the first day."""


@pytest.fixture
def page(course: Any) -> Any:
    """A page of sixty minutes that the learner has just opened."""
    course.add()
    return course.open()


def test_opening_is_a_fact_and_no_minute(page: Any, course: Any) -> None:
    assert course.facts() == {"opened:1": {"opened": "1"}}
    assert page.told["say"].startswith("正在计时")
    assert page.total == 0


def test_staying_counts_whole_minutes(page: Any, course: Any) -> None:
    page.stay(minutes=7, seconds=50)

    assert page.total == 7
    assert page.told["values"]["today"] == "7"


def test_a_fact_comes_with_five_minutes_and_the_rest_on_leaving(
    page: Any, course: Any
) -> None:
    page.stay(minutes=4, seconds=30)
    before = course.minutes()
    page.stay(minutes=1)
    after_five = course.minutes()
    page.stay(minutes=2)
    page.send("leave")

    assert before == {}
    assert after_five == {"material:1:2024-09-02": "5"}
    assert course.minutes() == {"material:1:2024-09-02": "7"}


def test_who_just_goes_away_is_settled_by_the_job(page: Any, course: Any) -> None:
    page.stay(minutes=3)
    course.clock.move(minutes=1)
    too_early = course.settle()
    course.clock.move(minutes=2)

    assert (too_early, course.settle(), course.settle()) == (0, 1, 0)
    assert course.minutes() == {"material:1:2024-09-02": "3"}
    assert course.seat().counted_ms == 0


def test_what_was_counted_outlives_the_process(page: Any, course: Any) -> None:
    page.stay(minutes=2)  # and then everything is killed

    assert course.seat().counted_ms == 120_000


def test_a_silence_counts_no_more_than_a_heartbeat_and_is_told(
    page: Any, course: Any
) -> None:
    course.clock.move(minutes=20)
    page.send()
    page.send("leave")

    (day,) = course.days()
    assert (day.counted_ms, day.lost_ms) == (45_000, (20 * 60 - 45) * 1000)
    assert "没有收到这一页的信号" in course.browser().get(page.url).text


def test_the_same_heartbeat_again_counts_nothing(page: Any, course: Any) -> None:
    course.clock.move(seconds=30)
    page.send()
    course.clock.move(seconds=30)

    for number in (0, 1, 1, -5, 7, 2**40):
        page.send(number=number)

    assert (course.seat().counted_ms, course.seat().number) == (30_000, 1)


def test_after_leaving_nothing_counts(page: Any, course: Any) -> None:
    course.clock.move(seconds=30)
    page.send("leave")
    course.clock.move(seconds=30)

    assert page.send()["over"]
    assert page.send("leave")["over"]
    assert course.days()[0].counted_ms == 30_000


def test_a_pause_counts_nothing_until_it_ends(page: Any, course: Any) -> None:
    course.clock.move(seconds=20)
    page.send("pause")
    course.clock.move(hours=3)
    page.send("pause")
    course.clock.move(hours=1)
    page.send("on")
    course.clock.move(seconds=20)
    page.send("on")

    assert course.seat().counted_ms == 40_000
    assert course.seat().lost_ms == 0


def test_heartbeats_that_come_too_fast_are_not_written_down(
    page: Any, course: Any
) -> None:
    for _ in range(29):
        course.clock.move(seconds=1)
        page.send()

    assert course.seat().number == 2
    assert course.seat().counted_ms == 20_000


def test_a_newer_opening_takes_over_and_the_older_says_so(course: Any) -> None:
    course.add("课标解读")
    course.add("课例")
    left = course.open(1)
    left.stay(minutes=1)
    right = course.open(2)

    right.stay(minutes=2)
    told = left.send()

    assert told["over"]
    assert told["again"]
    assert "您在别处打开了学习资料" in told["say"]
    first = course.days()[0]
    assert (first.counted_ms, first.taken_over) == (60_000, 1)
    assert course.seat().counted_ms == 120_000


def test_two_windows_that_take_turns_count_no_more_than_the_time(course: Any) -> None:
    course.add()
    start = course.clock.at
    for _ in range(10):
        for page in (course.open(), course.open()):
            course.clock.move(seconds=20)
            page.send()
    page.send("leave")

    counted = sum(day.counted_ms for day in course.days())
    assert counted <= (course.clock.at - start) / timedelta(milliseconds=1)
    assert "次因为在别处打开而停止计时" in course.browser().get(page.url).text


def test_another_activitys_opening_takes_over_too(
    course: Any, activity: Any, session: Any
) -> None:
    course.add()
    page = course.open()
    page.stay(minutes=3)
    elsewhere = type(course)(
        course.app,
        session,
        course.clock,
        activity("material"),
        course.people,
        course.as_user,
    )
    session.commit()
    elsewhere.add()
    elsewhere.open()

    assert page.stay(seconds=30)["over"]
    assert course.settle() == 1
    assert course.minutes() == {"material:1:2024-09-02": "3"}


def test_the_name_of_anothers_opening_is_worth_nothing(course: Any) -> None:
    course.add()
    mine, others = course.open(), course.open(who="other")
    mine.opening = others.opening
    course.clock.move(seconds=30)

    assert mine.send()["over"]
    seats = course.session.scalars(select(Seat))
    assert [seat.counted_ms for seat in seats] == [0, 0]


def test_a_materials_cap_holds_over_days(course: Any) -> None:
    course.add(minutes=3)
    course.open().stay(minutes=2)
    course.clock.move(days=1)
    page = course.open()
    told = page.stay(minutes=2)

    assert told["over"]
    assert "已经计满" in told["say"]
    assert course.minutes() == {
        "material:1:2024-09-02": "2",
        "material:1:2024-09-03": "1",
    }


def test_a_days_cap_holds_over_materials(course: Any) -> None:
    course.set(day_minutes=3)
    course.add("课标解读")
    course.add("课例")
    course.open(1).stay(minutes=2)
    told = course.open(2).stay(minutes=4)

    assert "今天的时间已经计满" in told["say"]
    assert sum(map(int, course.minutes().values())) == 3
    course.clock.move(days=1)
    assert not course.open(2).told["over"]


def test_a_link_counts_that_it_was_opened_and_takes_nobodys_place(course: Any) -> None:
    course.add()
    course.add("国家平台", Kind.LINK, url="https://example.org/a", minutes=0)
    page = course.open(1)
    link = course.open(2)
    page.stay(minutes=1)

    assert link.told["over"]
    assert page.total == 1
    assert course.facts()["opened:2"] == {"opened": "1"}


# P08: midnight of the county, not of the server


def test_midnight_of_the_county_parts_the_minutes(course: Any, clock: Clock) -> None:
    course.add()
    clock.set(MIDNIGHT - timedelta(minutes=2, seconds=15))
    page = course.open()
    page.stay(minutes=5)
    page.send("leave")

    assert course.minutes() == {
        "material:1:2024-09-02": "2",
        "material:1:2024-09-03": "2",
    }
    assert [day.counted_ms for day in course.days()] == [135_000, 165_000]
    assert course.occurred("material:1:2024-09-02").replace(tzinfo=UTC) < MIDNIGHT


def test_a_pause_over_midnight_begins_a_new_day(course: Any, clock: Clock) -> None:
    course.set(day_minutes=2)
    course.add()
    clock.set(MIDNIGHT - timedelta(minutes=10))
    page = course.open()
    assert page.stay(minutes=3)["over"]
    page = course.open()
    page.send("pause")
    clock.set(MIDNIGHT + timedelta(hours=8))

    page = course.open()
    page.stay(minutes=1)
    page.send("leave")

    assert course.minutes() == {
        "material:1:2024-09-02": "2",
        "material:1:2024-09-03": "1",
    }


# P07: the close, by the server's clock


def test_time_counts_up_to_the_close(course: Any, clock: Clock) -> None:
    course.add()
    ends = course.activity.ends_at
    clock.set(ends - timedelta(minutes=1, seconds=20))
    page = course.open()
    told = page.stay(minutes=3)

    assert told["over"]
    assert "已经截止" in told["say"]
    assert list(course.minutes().values()) == ["1"]
    assert sum(day.counted_ms for day in course.days()) == 80_000
    assert course.days()[0].last_at < ends


def outside(course: Any) -> None:
    """One may look, and nothing counts."""
    assert course.open().told["over"]
    assert course.browser().get(course.url("/1")).status_code == 200
    course.browser().post(course.url("/1/read"))
    assert course.facts() == {}
    assert course.days() == []


def test_after_the_close_one_may_look_and_nothing_counts(
    course: Any, clock: Clock
) -> None:
    course.add()
    clock.set(course.activity.ends_at)

    outside(course)


def test_before_it_opens_one_may_look_and_nothing_counts(
    course: Any, clock: Clock, session: Any
) -> None:
    course.add()
    course.activity.starts_at = clock.at + timedelta(seconds=1)
    session.commit()

    outside(course)


def test_who_was_granted_more_time_goes_on(
    course: Any, clock: Clock, session: Any
) -> None:
    course.add()
    session.add(
        Extension(activity_id=course.id, user_id=course.people["learner"].id, hours=24)
    )
    session.commit()
    clock.set(course.activity.ends_at - timedelta(seconds=30))
    mine, others = course.open(), course.open(who="other")

    assert not mine.stay(minutes=1)["over"]
    assert others.send()["over"]


def test_a_clock_put_back_counts_nothing_twice(page: Any, course: Any) -> None:
    page.stay(minutes=1)
    course.clock.move(hours=-1)
    page.send()

    assert course.seat().counted_ms == 60_000
    page.stay(minutes=1)
    assert course.seat().counted_ms == 120_000
