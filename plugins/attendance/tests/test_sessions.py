"""Sessions: added one by one or by the week, by the county's clock."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from portal_attendance import sessions
from portal_attendance.models import Session as Meeting
from sqlalchemy import select

from portal.tenants import Tenant

FORM = {
    "title": "第一场",
    "day": "2024-09-04",
    "starts": "14:00",
    "ends": "16:00",
    "class_hours": "1.5",
    "late_after": "5",
    "weeks": "1",
}


def meetings(morning: Any) -> list[Meeting]:
    """All sessions, in order."""
    morning.session.expire_all()
    rows = select(Meeting).order_by(Meeting.number)
    return list(morning.session.scalars(rows))


def add(morning: Any, **changes: str) -> Any:
    """Fill the form in as the leader does."""
    leader = morning.browser("leader")
    return leader.post(morning.url("/sessions/new"), data={**FORM, **changes})


def test_a_weekly_study_is_laid_out_at_once(morning: Any) -> None:
    answer = add(morning, weeks="16")

    assert answer.status_code == 303, answer.text
    found = meetings(morning)
    assert len(found) == 16
    assert [one.number for one in found] == list(range(1, 17))
    zone = ZoneInfo("Asia/Shanghai")
    walls = {one.starts_at.astimezone(zone).strftime("%a %H:%M") for one in found}
    assert walls == {"Wed 14:00"}


def test_a_weekly_study_begins_at_the_same_hour_when_the_clocks_change(
    morning: Any,
) -> None:
    """P08: in a county of New York two o'clock is two o'clock, also in November."""
    zone = ZoneInfo("America/New_York")
    tenant = morning.session.get_one(Tenant, morning.activity.tenant_id)
    tenant.time_zone = zone.key
    before = datetime(2024, 10, 30, 14, tzinfo=zone)
    morning.session.commit()

    with morning.acting() as ctx:
        plan = morning.plan(before.astimezone(UTC))
        first, second = sessions.add(ctx, plan, weeks=2)
        starts = [one.starts_at for one in (first, second)]

    assert [one.astimezone(zone).hour for one in starts] == [14, 14]
    assert starts[1] - starts[0] == timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "请写场次名称"),
        ({"day": "2024-02-30"}, "field-error"),
        ({"starts": "25:00"}, "field-error"),
        ({"ends": "14:00"}, "结束时间要晚于开始时间"),
        ({"class_hours": "-1"}, "field-error"),
        ({"class_hours": "NaN"}, "field-error"),
        ({"class_hours": "1.005"}, "最多两位小数"),
        ({"class_hours": "1e30"}, "field-error"),
        ({"class_hours": "-1e400"}, "field-error"),
        ({"class_hours": "1e-400"}, "最多两位小数"),
        ({"class_hours": "sNaN"}, "请填写数字"),
        ({"day": "9999-12-31", "weeks": "52"}, "2000 年到 2100 年之间"),
        ({"day": "0001-01-01"}, "2000 年到 2100 年之间"),
        ({"weeks": "0"}, "field-error"),
        ({"weeks": "53"}, "field-error"),
        ({"late_after": "999"}, "field-error"),
        ({"day": "2019-09-04"}, "起止日期之内"),
        ({"weeks": "50"}, "起止日期之内"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    morning: Any, changes: dict[str, str], words: str
) -> None:
    answer = add(morning, **changes)

    assert answer.status_code == 422
    assert words in answer.text
    assert not meetings(morning)


def test_a_moved_session_moves_on_my_study(morning: Any) -> None:
    add(morning)
    morning.browser("leader").post(morning.url("/open"))
    (meeting,) = meetings(morning)
    form = {**FORM, "starts": "15:00", "ends": "17:00", "place": "一号报告厅"}

    morning.browser("leader").post(morning.page(meeting, "/edit"), data=form)

    (duty,) = morning.duties()
    assert duty.title == "第一场（一号报告厅）"
    assert duty.due_at == meetings(morning)[0].ends_at


def test_an_open_event_takes_no_session_without_a_place(morning: Any) -> None:
    morning.open()
    morning.set(place="")

    answer = add(morning)

    assert answer.status_code == 422
    assert "还缺地点" in answer.text


def test_who_called_off_says_why_and_everybody_hears(morning: Any) -> None:
    add(morning)
    leader = morning.browser("leader")
    leader.post(morning.url("/open"))
    (meeting,) = meetings(morning)
    assert leader.post(morning.page(meeting, "/cancel"), data={}).status_code == 422

    leader.post(morning.page(meeting, "/cancel"), data={"reason": "主讲人生病"})

    assert meetings(morning)[0].cancel_reason == "主讲人生病"
    assert not morning.duties()
    assert "取消" in morning.browser().get("/notices").text


def test_what_began_is_not_called_off(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    leader = morning.browser("leader")

    answer = leader.post(
        morning.page(meeting, "/cancel"),
        data={"reason": "不办了"},
        follow_redirects=True,
    )

    assert "已经有人签到" in answer.text
    assert meetings(morning)[0].cancelled_at is None


def test_a_session_of_another_event_is_not_found(morning: Any, activity: Any) -> None:
    other = activity("attendance")
    meeting = morning.open()
    leader = morning.browser("leader")

    answer = leader.get(f"/activities/{other.id}/attendance/sessions/{meeting.id}")

    assert answer.status_code == 404
