"""Who comes by the QR code and has no part in the workshop (features F044)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from portal_attendance import codes
from portal_attendance.models import SignIn
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import func, select

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.workshops.models import ActivityState

pytestmark = pytest.mark.one_database

WHO = "钱江"


@pytest.fixture
def meeting(morning: Any, other_school: Organisation) -> Any:
    """A session that has begun, and a teacher of another school at the door."""
    morning.stranger(WHO, other_school)
    return morning.open()


def ticket(morning: Any, meeting: Any) -> str:
    """What the QR code's link carries now."""
    return codes.ticket_at(meeting.secret, morning.clock.at)


def scan(morning: Any, meeting: Any, with_ticket: str | None = None) -> Any:
    """Open the link of the QR code."""
    words = ticket(morning, meeting) if with_ticket is None else with_ticket
    link = f"{morning.page(meeting, '/sign')}?code={morning.code(meeting)}"
    return morning.browser(WHO).get(f"{link}&ticket={words}")


def come(morning: Any, meeting: Any, with_ticket: str | None = None) -> Any:
    """Press the button."""
    words = ticket(morning, meeting) if with_ticket is None else with_ticket
    page = morning.page(meeting, "/sign")
    return morning.browser(WHO).post(page, data={"ticket": words})


def rows(page: str, table: str) -> list[str]:
    """What stands in the lines of a table."""
    found = LexborHTMLParser(page).css(f"#{table} tbody tr")
    return [node.text() for node in found]


def many(morning: Any) -> int:
    """How many sign-ins there are."""
    found: int = morning.session.scalar(select(func.count()).select_from(SignIn))
    return found


def test_the_qr_code_carries_the_ticket(morning: Any, meeting: Any) -> None:
    seen = []

    class Picture:
        def svg_data_uri(self, **_how: Any) -> str:
            return "data:"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "segno.make", lambda link, **_how: (seen.append(link), Picture())[1]
        )
        morning.browser("leader").get(morning.page(meeting, "/screen"))

    (link,) = seen
    assert re.fullmatch(
        rf"http://[^/]+{morning.page(meeting, '/sign')}"
        rf"\?code={morning.code(meeting)}&ticket={ticket(morning, meeting)}",
        link,
    )


def test_who_scans_it_is_told_no_more_than_the_screen_shows_and_whom_to_tell(
    morning: Any, meeting: Any
) -> None:
    page = scan(morning, meeting)

    assert page.status_code == 200
    assert "您不在这场活动的名单上" in page.text
    assert "告诉坊主" in page.text
    assert "单元整体教学" in page.text
    main = page.text.partition("<main")[2]
    for hidden in (
        morning.activity.title,
        morning.activity.workshop.title,
        "陈晓燕",
        "学时",
        f'href="/activities/{morning.id}"',
    ):
        assert hidden not in main
    assert many(morning) == 0


def test_the_leader_sees_who_came_and_nothing_of_it_counts(
    morning: Any, meeting: Any, other_school: Organisation
) -> None:
    answer = come(morning, meeting)

    assert answer.status_code == 303
    assert "已记下您到场" in morning.browser(WHO).get(answer.location).text
    assert morning.mark(meeting, WHO) is None
    assert not morning.facts(WHO)
    page = morning.browser("leader").get(morning.page(meeting)).text
    (row,) = rows(page, "attendance-strangers")
    assert WHO in row
    assert "不在名单上" in row
    assert other_school.name in row
    screen = morning.browser("leader").get(morning.page(meeting, "/screen/code"))
    assert screen.json["came"] == 0


def test_who_came_for_somebody_else_stands_in_the_draft_of_the_circular(
    morning: Any, meeting: Any
) -> None:
    come(morning, meeting)
    morning.end(meeting)

    draft = morning.browser("leader").get(morning.url("/circulars/new")).text

    (line,) = [row for row in rows(draft, "circular-people") if WHO in row]
    assert "不在名单上" in line


@pytest.mark.parametrize("wrong", ["", "0" * 16, "x", "；"])
def test_without_the_ticket_there_is_nothing(
    morning: Any, meeting: Any, wrong: str
) -> None:
    missing = morning.browser(WHO).get(morning.url("/sessions/999/sign"))

    assert scan(morning, meeting, wrong).status_code == 404
    assert come(morning, meeting, wrong).status_code == 404
    assert missing.status_code == 404
    assert many(morning) == 0


def test_the_six_digits_open_nothing_to_a_stranger(morning: Any, meeting: Any) -> None:
    assert morning.sign(meeting, WHO).status_code == 404
    assert many(morning) == 0


def test_a_ticket_is_stale_with_its_code_and_tells_nothing_of_the_event(
    morning: Any, meeting: Any
) -> None:
    old = ticket(morning, meeting)
    morning.clock.move(seconds=39)
    assert scan(morning, meeting, old).status_code == 200
    morning.clock.move(seconds=1)

    for answer in (scan(morning, meeting, old), come(morning, meeting, old)):
        assert answer.status_code == 422
        assert "再扫一次大屏幕上的二维码" in answer.text
        assert "单元整体教学" not in answer.text
        assert meeting.title not in answer.text
    assert many(morning) == 0
    morning.clock.move(minutes=10)
    assert scan(morning, meeting, old).status_code == 404


def test_when_the_screen_is_dark_there_is_nothing(morning: Any, meeting: Any) -> None:
    morning.clock.set(meeting.ends_at)
    assert scan(morning, meeting).status_code == 404

    morning.clock.set(meeting.starts_at - timedelta(minutes=31))
    assert scan(morning, meeting).status_code == 404


def test_a_draft_is_hidden_from_who_holds_a_ticket(morning: Any, meeting: Any) -> None:
    morning.activity.state = ActivityState.DRAFT
    morning.session.commit()

    assert scan(morning, meeting).status_code == 404


def test_pressing_twice_is_one(morning: Any, meeting: Any) -> None:
    come(morning, meeting)
    morning.clock.move(minutes=5)

    assert come(morning, meeting).status_code == 303
    assert many(morning) == 1


def test_a_stranger_on_a_phone_that_was_used_is_held_and_keeps_nobody_waiting(
    morning: Any, meeting: Any
) -> None:
    morning.sign(meeting)
    mark = morning.browser().get_cookie("attendance_device", path="/activities")
    stranger = morning.browser(WHO)
    stranger.set_cookie("attendance_device", mark.value, path="/activities")

    come(morning, meeting)

    assert [row.state for row in morning.sign_ins(meeting, WHO)] == ["held"]
    morning.end(meeting)
    morning.session.refresh(meeting)
    assert meeting.settled_at is not None


def test_whom_the_leader_brings_in_scans_again_and_was_in_time(
    morning: Any, meeting: Any
) -> None:
    come(morning, meeting)
    factories.enrol(morning.session, morning.activity.workshop, morning.people[WHO])
    morning.session.commit()
    morning.clock.move(minutes=40)

    page = morning.browser(WHO).get(morning.page(meeting, "/sign")).text
    assert 'name="code"' in page
    assert morning.sign(meeting, WHO).status_code == 303

    assert morning.standing(meeting, WHO) == "present"
    shown = morning.browser("leader").get(morning.page(meeting)).text
    assert "不在名单上" not in shown
