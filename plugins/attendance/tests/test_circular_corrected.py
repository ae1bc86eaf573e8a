"""What comes after a circular: corrections, leave, the next one."""

from datetime import timedelta
from typing import Any

from portal_attendance.models import Session as Meeting

from plugins.attendance.tests.publishing import correct, newest, publish


def test_a_correction_stands_beside_the_circular_and_takes_the_fact_back(
    morning: Any, meeting: Meeting
) -> None:
    row = publish(morning, meeting)
    before = [(one.name, one.matter) for one in row.rows]

    correct(morning, meeting)

    assert [(one.name, one.matter) for one in newest(morning).rows] == before
    assert "circular:1" not in morning.measures("other")
    page = morning.browser("leader").get(morning.url(f"/circulars/{row.id}")).text
    assert "赵敏，上午：缺训，已更正为出勤。" in page
    assert (
        "已更正"
        in morning.browser("other").get(morning.url(f"/circulars/{row.id}")).text
    )


def test_leave_approved_afterwards_takes_the_fact_back(
    morning: Any, meeting: Meeting
) -> None:
    row = publish(morning, meeting)

    morning.grant_leave("other", meeting.starts_at, meeting.ends_at)

    assert "circular:1" not in morning.measures("other")
    page = morning.browser("leader").get(morning.url(f"/circulars/{row.id}")).text
    assert "缺训，已更正为请假。" in page


def test_leave_that_only_the_head_approved_counts_as_absence(
    morning: Any,
) -> None:
    meeting = morning.open()
    morning.grant_leave("other", meeting.starts_at, meeting.ends_at, steps=1)
    morning.sign(meeting)
    morning.end(meeting)

    publish(morning, meeting)

    assert morning.measures("other")["circular:1"] == {"in_circular": 1}


def test_a_second_circular_speaks_of_what_the_first_did_not(
    morning: Any, meeting: Meeting
) -> None:
    publish(morning, meeting)
    afternoon = morning.add(starts=meeting.starts_at + timedelta(hours=6), title="下午")
    morning.end(afternoon)

    draft = morning.browser("leader").get(morning.url("/circulars/new")).text
    assert draft.count("缺训</span>") == 2  # both were away in the afternoon
    second = publish(morning, afternoon)

    assert second.number == 2
    assert set(morning.measures("other")) >= {"circular:1", "circular:2"}


def test_persons_and_person_times_have_columns_of_their_own(morning: Any) -> None:
    meeting = morning.open()
    morning.grant_leave("other", meeting.starts_at, meeting.ends_at)
    morning.sign(meeting)
    morning.end(meeting)

    row = publish(morning, meeting)

    (school,) = row.content["schools"]
    assert (school["due"], school["attended"], school["on_leave"]) == (2, 1, 1)
    assert school["people_on_leave"] == 1
    assert [one.matter for one in row.rows] == []
