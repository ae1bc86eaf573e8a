"""What leaders read on the event's first page and on the page of a session."""

import re
from datetime import timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.one_database


def names_of(page: str) -> list[str]:
    """The links of the list, by what they are called."""
    return re.findall(r'aria-label="(\w+的考勤记录)">', page)


def test_calling_off_and_hours_say_what_they_are_about(morning: Any) -> None:
    morning.add()
    morning.add(starts=morning.clock.at + timedelta(days=9), title="下午")
    morning.browser("leader").post(morning.url("/open"))

    page = morning.browser("leader").get(f"/activities/{morning.id}").text

    assert page.count("<span>取消这一场</span>") == 2
    assert 'aria-label="取消这一场：下午"' in page
    assert "共 6 学时" in page


def test_the_name_leads_to_the_record_once_there_is_one(morning: Any) -> None:
    meeting = morning.open()
    assert not names_of(morning.browser("leader").get(morning.page(meeting)).text)

    morning.sign(meeting)

    page = morning.browser("leader").get(morning.page(meeting)).text
    assert len(names_of(page)) == 1
    assert f"/people/{morning.people['learner'].id}" in page


def test_who_signed_on_the_day_itself_is_shown_with_the_clock_alone(
    morning: Any,
) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    morning.clock.move(days=3)

    page = morning.browser("leader").get(morning.page(meeting)).text

    (shown,) = re.findall(
        r'data-label="签到时间"><div class="cell"><time[^>]*>([^<]*)<', page
    )
    assert shown == "08:30"
