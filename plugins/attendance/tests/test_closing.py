"""Closing an event: what it needs, and what can still be done afterwards."""

from typing import Any

import pytest
from portal_attendance.keeping_models import Outcome, Photo
from portal_attendance.models import Event
from sqlalchemy import select

from plugins.attendance.tests.giving import NOTES, give, many, write
from portal.submissions.models import Submission


def close(morning: Any) -> Any:
    """Press the button."""
    return morning.browser("leader").post(morning.url("/closing"))


def is_closed(morning: Any) -> bool:
    """Whether it did."""
    morning.session.expire_all()
    event = morning.session.scalars(select(Event)).one_or_none()
    return event is not None and event.closed_at is not None


@pytest.mark.parametrize("part", ["theme", "lecturer", "place"])
def test_without_one_of_the_five_it_is_not_closed_and_says_where_to_mend_it(
    morning: Any, part: str
) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)
    morning.set(**{part: ""})

    close(morning)

    assert not is_closed(morning)
    page = morning.browser("leader").get(morning.url("/closing")).text
    assert f"/sessions/{meeting.id}/edit" in page
    assert "还有 1 项没有补齐" in page


def test_an_event_without_a_session_lacks_time_and_list(morning: Any) -> None:
    close(morning)

    assert not is_closed(morning)
    page = morning.browser("leader").get(morning.url("/closing")).text
    assert "还有 2 项没有补齐" in page


def test_whatever_the_settings_require_must_be_there(morning: Any) -> None:
    morning.set(photos_least=2, list_photo=True, outcome=True, notes="owed")
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)
    leader = morning.browser("leader")

    page = leader.get(morning.url("/closing")).text
    assert "还有 4 项没有补齐" in page
    assert "陈晓燕、赵敏" in page or "赵敏、陈晓燕" in page
    give(morning, "learner", 1, 2)
    give(morning, "leader", 3, of_list="yes")
    leader.post(morning.url("/outcome"), data={"text": "结论见附件。"})
    close(morning)
    assert not is_closed(morning)
    write(morning, text=NOTES)
    write(
        morning, "other", text="我记的是另一半：先听学生说，再看学生做，最后才讲。" * 12
    )
    close(morning)

    assert is_closed(morning)


def test_closed_the_list_stays_but_for_an_approved_correction(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)
    assert close(morning).status_code == 303
    assert is_closed(morning)
    assert morning.measures()["event"] == {"events": 1}

    again = morning.browser("leader").post(
        morning.page(meeting, "/list"),
        data={f"standing-{morning.people['other'].id}": "present"},
    )
    assert again.status_code in (303, 409, 422)
    assert morning.standing(meeting, "other") == "absent"


def test_who_does_not_lead_does_not_close(morning: Any) -> None:
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)

    assert morning.browser().post(morning.url("/closing")).status_code == 403
    assert not is_closed(morning)


# Closed


@pytest.fixture
def kept(morning: Any) -> Any:
    """A closed event that needed the learner's photo and the lecturer's result."""
    morning.set(photos_least=1, outcome=True)
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)
    give(morning)
    morning.browser("leader").post(morning.url("/outcome"), data={"text": "结论。"})
    close(morning)
    assert is_closed(morning)
    return morning


def take_down(kept: Any, who: str, reason: str) -> str:
    """Ask that the photo goes; the words on the page afterwards."""
    row = kept.session.scalars(select(Photo)).one()
    page = kept.url(f"/photos/{row.id}/take-down")
    answer = kept.browser(who).post(
        page, data={"reason": reason}, follow_redirects=True
    )
    return str(answer.text)


@pytest.mark.parametrize(
    ("who", "reason", "words"),
    [("learner", "拍糊了", "由坊主写明原因撤下"), ("leader", " ", "请写明原因")],
)
def test_closed_a_photo_goes_by_the_leaders_reason_alone(
    kept: Any, who: str, reason: str, words: str
) -> None:
    assert words in take_down(kept, who, reason)

    assert kept.session.scalars(select(Photo)).one().removed_at is None
    assert kept.measures()["photos"] == {"photos": 1}


def test_closed_a_photo_that_must_not_stand_is_taken_back_and_says_so(
    kept: Any,
) -> None:
    page = take_down(kept, "leader", "拍到了学生的脸")

    assert "photos" not in kept.measures()
    assert "拍到了学生的脸" in page
    assert "拍到了学生的脸" not in kept.browser("other").get(kept.url("/photos")).text
    gate = kept.browser("leader").get(kept.url("/closing")).text
    assert "缺" in gate
    assert is_closed(kept)


def test_closed_notes_are_taken_back_by_the_same_rule(morning: Any) -> None:
    morning.set(notes="owed")
    meeting = morning.open()
    morning.sign(meeting)
    morning.end(meeting)
    other = "我记的是另一半：先听学生说，再看学生做，最后才讲。" * 12
    for who, text in (("learner", NOTES), ("other", other)):
        assert write(morning, who, text=text).status_code == 303
    close(morning)
    assert is_closed(morning)
    work = morning.session.scalars(
        select(Submission).where(Submission.user_id == morning.people["learner"].id)
    ).one()

    said = {
        "decision": "return",
        "revision": work.revision,
        "advice": "这是抄来的，请自己重写一份。",
    }
    answer = morning.browser("leader").post(f"/desk/{work.id}", data=said)

    assert answer.status_code == 303, answer.text
    morning.session.refresh(work)
    assert work.state == "returned"


@pytest.mark.parametrize("who", ["learner", "leader"])
def test_closed_nobody_adds_photos(kept: Any, who: str) -> None:
    answer = give(kept, who, 3)

    assert answer.status_code == 422
    assert "活动已经结束归档，不能再改" in answer.text
    assert many(kept, Photo) == 1
    assert kept.measures()["photos"] == {"photos": 1}


def test_closed_the_lecturers_result_stays(kept: Any) -> None:
    leader = kept.browser("leader")

    answer = leader.post(kept.url("/outcome"), data={"text": "另一个结论。"})

    assert answer.status_code == 422
    assert many(kept, Outcome) == 1


def test_closed_the_page_of_photos_takes_no_more(kept: Any) -> None:
    own = kept.browser().get(kept.url("/photos")).text
    page = kept.browser("leader").get(kept.url("/photos")).text

    assert "照片和成果不再增加" in own
    assert "/take-down" not in own
    assert "/take-down" in page
    assert 'type="file"' not in page
