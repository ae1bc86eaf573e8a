"""The circular: made of the marks, and frozen."""

from datetime import timedelta
from typing import Any

from portal_attendance.models import Session as Meeting
from portal_attendance.models import SignIn

from plugins.attendance.tests.publishing import newest, publish
from portal.organisations.models import Organisation
from portal.testing import factories


def test_the_draft_says_what_the_marks_say(morning: Any, meeting: Meeting) -> None:
    page = morning.browser("leader").get(morning.url("/circulars/new")).text

    assert "赵敏" in page
    assert "缺训" in page
    assert "迟到" in page
    assert newest(morning) is None


def test_published_it_names_people_and_reports_the_absent_only(
    morning: Any, meeting: Meeting
) -> None:
    row = publish(
        morning, meeting, sentence="请各校引以为戒。", doc_no="清教通〔2024〕3号"
    )

    said = {(one.name, one.matter) for one in row.rows}
    assert said == {("赵敏", "absent"), ("陈晓燕", "late")}
    assert morning.measures("other")["circular:1"] == {"in_circular": 1}
    assert "circular:1" not in morning.measures("learner")
    page = morning.browser("leader").get(morning.url(f"/circulars/{row.id}")).text
    assert "请各校引以为戒。" in page
    assert "清教通〔2024〕3号" in page
    assert "周文彬" in page


def test_who_was_replaced_is_named_so(morning: Any, meeting: Meeting) -> None:
    key = f"{meeting.id}-{morning.people['other'].id}"

    row = publish(morning, meeting, replaced=key)

    assert ("赵敏", "replaced") in {(one.name, one.matter) for one in row.rows}
    assert morning.measures("other")["circular:1"] == {"in_circular": 1, "replaced": 1}


def test_sent_twice_it_is_one_circular(morning: Any, meeting: Meeting) -> None:
    first = publish(morning, meeting)
    data = {"title": "关于缺训情况的通报", "session": str(meeting.id)}

    answer = morning.browser("leader").post(morning.url("/circulars/new"), data=data)

    assert answer.status_code == 422
    assert "上午已经通报过" in answer.text
    assert newest(morning).id == first.id


def test_an_absence_is_published_once_whatever_else_is_chosen(
    morning: Any, meeting: Meeting
) -> None:
    first = publish(morning, meeting)
    afternoon = morning.add(starts=meeting.starts_at + timedelta(hours=6), title="下午")
    morning.end(afternoon)
    leader = morning.browser("leader")
    both = [str(meeting.id), str(afternoon.id)]
    data = {"title": "关于缺训情况的通报", "session": both}

    answer = leader.post(morning.url("/circulars/new"), data=data)

    assert answer.status_code == 422
    assert "上午已经通报过" in answer.text
    assert newest(morning).id == first.id
    assert f'type="hidden" name="session" value="{meeting.id}"' not in answer.text
    second = publish(morning, afternoon)
    assert {one.session_id for one in second.rows} == {afternoon.id}


def test_staff_and_officers_who_tried_the_code_are_not_named(morning: Any) -> None:
    meeting = morning.open()
    for who in ("group leader", "officer"):
        assert morning.sign(meeting, who).status_code == 303
    morning.end(meeting)

    row = publish(morning, meeting)

    named = {one.name for one in row.rows}
    assert morning.people["group leader"].name not in named
    assert morning.people["officer"].name not in named
    assert "赵敏" in named


def test_staff_whose_sign_in_was_refused_are_not_named_either(morning: Any) -> None:
    meeting = morning.open()
    for who in ("learner", "group leader"):
        phone = morning.as_user(morning.people[who])
        phone.set_cookie("attendance_device", "d" * 43, path="/activities")
        morning.sign(meeting, browser=phone)
    (held,) = morning.sign_ins(meeting, "group leader")
    morning.browser("leader").post(
        morning.url(f"/sign-ins/{held.id}"),
        data={"decision": "refuse", "reason": "只是试一试"},
    )
    assert morning.sign_ins(meeting, "group leader")[0].state == "refused"
    morning.end(meeting)

    row = publish(morning, meeting)

    assert {one.name for one in row.rows} == {"赵敏"}


def test_a_teacher_who_came_and_was_not_on_the_list_is_named(
    morning: Any, meeting: Meeting, school: Organisation
) -> None:
    guest = factories.make_user(morning.session, "郑国平", school=school)
    morning.session.flush()
    signed = SignIn(
        session_id=meeting.id,
        user_id=guest.id,
        way="in",
        at=meeting.starts_at,
        listed=False,
    )
    morning.session.add(signed)
    morning.session.commit()

    row = publish(morning, meeting)

    assert ("郑国平", "visitor") in {(one.name, one.matter) for one in row.rows}


def test_what_is_posted_beside_the_form_names_nobody(
    morning: Any, meeting: Meeting
) -> None:
    learner = morning.people["learner"].id
    extra = {
        "rows": f"{learner}",
        "matter": "absent",
        "user_id": f"{learner}",
        "replaced": f"{meeting.id}-{learner}",
        "number": "99",
        "published_by_id": f"{learner}",
    }

    row = publish(morning, meeting, **extra)

    assert ("陈晓燕", "late") in {(one.name, one.matter) for one in row.rows}
    assert row.number == 1
    assert row.published_by_id == morning.people["leader"].id


def test_before_a_session_is_settled_nothing_is_published(morning: Any) -> None:
    meeting = morning.open()
    data = {"title": "通报", "session": str(meeting.id)}

    answer = morning.browser("leader").post(morning.url("/circulars/new"), data=data)

    assert answer.status_code == 422
    assert newest(morning) is None


# Who reads it
