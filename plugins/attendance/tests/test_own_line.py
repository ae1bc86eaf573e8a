"""Who leads and takes part as well: on the list, and not judge of themselves."""

from typing import Any

import pytest
from portal_attendance.models import How
from portal_attendance.models import Session as Meeting

from portal.testing import factories


@pytest.fixture
def leading_learner(morning: Any) -> Any:
    """The leader is enrolled as a learner, too."""
    workshop = morning.activity.workshop
    factories.enrol(morning.session, workshop, morning.people["leader"], "learner")
    morning.session.commit()
    return morning


def fill(morning: Any, meeting: Meeting, by: str, **said: str) -> Any:
    """Save the list; names with an underscore for the space."""
    data = {
        f"standing-{morning.people[who.replace('_', ' ')].id}": standing
        for who, standing in said.items()
    }
    page = morning.page(meeting, "/list")
    return morning.browser(by).post(page, data=data, follow_redirects=True)


@pytest.mark.parametrize("kept", ["code", "list"])
def test_who_leads_does_not_say_how_they_stand_themselves(
    leading_learner: Any, kept: str
) -> None:
    leading_learner.set(kept=kept)
    meeting = leading_learner.open()

    answer = fill(
        leading_learner,
        meeting,
        "leader",
        leader="present",
        learner="present",
        other="absent",
    )

    assert answer.status_code == 422
    assert "不能登记自己的考勤" in answer.text
    assert leading_learner.mark(meeting, "leader") is None
    assert leading_learner.mark(meeting, "learner") is None


def test_ones_own_line_is_there_to_be_read_only(leading_learner: Any) -> None:
    meeting = leading_learner.open()
    own = f'name="standing-{leading_learner.people["leader"].id}"'
    page = leading_learner.page(meeting, "/list")

    assert own not in leading_learner.browser("leader").get(page).text
    assert own in leading_learner.browser("officer").get(page).text


def test_a_list_waits_for_somebody_else_to_fill_the_leaders_line(
    leading_learner: Any,
) -> None:
    leading_learner.set(kept="list")
    meeting = leading_learner.open()

    answer = fill(leading_learner, meeting, "leader", learner="present", other="absent")

    assert "您自己的考勤还没有登记" in answer.text
    assert leading_learner.standing(meeting) == "present"
    assert leading_learner.mark(meeting, "leader") is None
    leading_learner.session.refresh(meeting)
    assert meeting.settled_at is None

    fill(leading_learner, meeting, "officer", leader="late")

    leading_learner.session.refresh(meeting)
    assert meeting.settled_at is not None
    (entry,) = leading_learner.entries(meeting, "leader")
    assert (entry.standing, entry.how) == ("late", How.LIST)
    assert entry.by_id == leading_learner.people["officer"].id


def test_approved_leave_of_who_leads_needs_nobodys_word(leading_learner: Any) -> None:
    leading_learner.set(kept="list")
    meeting = leading_learner.open()
    leading_learner.grant_leave("leader", meeting.starts_at, meeting.ends_at)

    fill(leading_learner, meeting, "leader", learner="present", other="present")

    assert leading_learner.standing(meeting, "leader") == "on_leave"


def test_a_person_of_five_thousand_digits_is_left_out(morning: Any) -> None:
    meeting = morning.open()
    page = morning.page(meeting, "/list")

    answer = morning.browser("leader").post(
        page, data={f"standing-{'1' * 5000}": "present"}
    )

    assert answer.status_code == 303
