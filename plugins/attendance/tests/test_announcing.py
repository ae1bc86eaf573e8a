"""Sessions that stand on My study, and for how long."""

from datetime import timedelta
from typing import Any

from plugins.attendance.tests.morning import HALF_PAST_EIGHT


def test_the_first_session_of_the_week_is_ahead_on_my_study(morning: Any) -> None:
    meeting = morning.add()
    assert not morning.duties()

    morning.browser("leader").post(morning.url("/open"))

    (duty,) = morning.duties()
    assert duty.title == "上午（教师发展中心三楼）"
    assert duty.due_at == meeting.ends_at
    assert duty.url == morning.page(meeting, "/sign")
    page = morning.browser().get("/").text
    assert "教师发展中心三楼" in page
    morning.clock.set(meeting.starts_at)
    morning.sign(meeting)
    assert not morning.duties()


def test_newcomers_are_told_by_the_next_run(morning: Any) -> None:
    morning.add()
    morning.browser("leader").post(morning.url("/open"))
    morning.join("孙立")

    morning.keep()
    morning.keep()

    assert len(morning.duties("孙立")) == 1
    assert len(morning.duties()) == 1


def test_a_minute_before_its_week_nothing_is_announced(morning: Any) -> None:
    meeting = morning.add(starts=HALF_PAST_EIGHT + timedelta(weeks=2))
    morning.clock.set(meeting.starts_at - timedelta(days=7, minutes=1))

    morning.browser("leader").post(morning.url("/open"))

    assert not morning.duties()
    morning.clock.move(minutes=1)
    morning.keep()
    assert len(morning.duties()) == 1


def test_before_its_time_the_page_says_what_comes_next(morning: Any) -> None:
    meeting = morning.open()
    morning.clock.set(meeting.starts_at - timedelta(hours=2))

    page = morning.browser().get(morning.page(meeting, "/sign")).text

    assert "开始签到。" in page
    assert "填大屏幕上的签到码" in page
    assert 'href="/leave/new"' in page
    own_way = morning.browser("leader").get(morning.page(meeting, "/sign")).text
    assert "不能到场的" not in own_way  # who is not on the list needs no leave

    morning.set(kept="list")
    page = morning.browser().get(morning.page(meeting, "/sign")).text
    assert "坊主按名单登记" in page
    assert "签到码" not in page
