"""The circular: made of the marks, frozen, read by whom it concerns, corrected."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from portal_attendance.circular_models import Circular
from portal_attendance.models import Session as Meeting
from portal_attendance.models import SignIn
from sqlalchemy import select

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.users.models import User
from portal.workshops.models import WorkshopState


@pytest.fixture
def meeting(morning: Any) -> Meeting:
    """A session that is over: 陈晓燕 came late, 赵敏 not at all."""
    found: Meeting = morning.open()
    morning.clock.move(minutes=25)
    morning.sign(found)
    morning.end(found)
    return found


def publish(morning: Any, meeting: Meeting, **more: Any) -> Circular:
    """Publish as the leader."""
    data = {"title": "关于缺训情况的通报", "session": str(meeting.id), **more}
    answer = morning.browser("leader").post(morning.url("/circulars/new"), data=data)
    assert answer.status_code == 303, answer.text
    return newest(morning)


def newest(morning: Any) -> Circular:
    """The newest circular."""
    morning.session.expire_all()
    rows = select(Circular).order_by(Circular.id.desc())
    found: Circular = morning.session.scalars(rows).first()
    return found


def correct(morning: Any, meeting: Meeting, wanted: str = "present") -> None:
    """赵敏 asks for a correction and the leader approves it."""
    person = morning.people["other"].id
    page = morning.page(meeting, f"/people/{person}")
    answer = morning.browser("other").post(
        page, data={"wanted": wanted, "reason": "签到时手机没有网络，坐在第三排"}
    )
    assert answer.status_code == 303, answer.text
    answer = morning.browser("leader").post(
        morning.url(f"/corrections/{morning.correction().id}"),
        data={"decision": "approve"},
    )
    assert answer.status_code == 303, answer.text


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


def test_the_named_read_their_own_line_and_others_none(
    morning: Any, meeting: Meeting
) -> None:
    (third,) = morning.join("吴刚")
    row = publish(morning, meeting)
    page = morning.url(f"/circulars/{row.id}")

    own = morning.browser("other").get(page).text
    assert "赵敏" in own
    assert "陈晓燕" not in own.partition("<main")[2]
    assert morning.browser(third.name).get(page).status_code == 404
    assert morning.browser("other").get(page + ".xlsx").status_code == 403


def test_an_officer_reads_the_rows_of_the_own_school(
    morning: Any,
    meeting: Meeting,
    school_officer: User,
    other_school: Organisation,
    as_user: Callable[..., FlaskClient],
) -> None:
    far = factories.make_user(morning.session, "钱江", school=other_school)
    factories.give_role(morning.session, far, "training_officer", other_school)
    row = publish(morning, meeting)
    page = morning.url(f"/circulars/{row.id}/schools")

    own = as_user(school_officer).get(page)
    assert own.status_code == 200
    assert "赵敏" in own.text
    assert "清溪县实验小学" in own.text
    assert as_user(far).get(page).status_code == 404
    assert morning.browser("officer").get(page).status_code == 200


@pytest.mark.parametrize("state", [WorkshopState.CLOSED, WorkshopState.ARCHIVED])
def test_the_schools_named_read_it_when_the_workshop_is_over(
    morning: Any,
    meeting: Meeting,
    school_officer: User,
    other_school: Organisation,
    as_user: Callable[..., FlaskClient],
    state: WorkshopState,
) -> None:
    far = factories.make_user(morning.session, "钱江", school=other_school)
    factories.give_role(morning.session, far, "training_officer", other_school)
    row = publish(morning, meeting)
    morning.activity.workshop.state = state
    morning.session.commit()
    page = morning.url(f"/circulars/{row.id}/schools")

    for address in (page, f"{page}.xlsx"):
        assert as_user(school_officer).get(address).status_code == 200
        assert as_user(far).get(address).status_code == 404
        assert morning.browser().get(address).status_code == 404
    assert "赵敏" in as_user(school_officer).get(page).text
    assert as_user(school_officer).get(morning.url("/naming")).status_code == 404


def test_every_cell_of_the_spreadsheet_is_text(morning: Any, meeting: Meeting) -> None:
    morning.people["other"].name = "=HYPERLINK(1)"
    morning.session.commit()
    row = publish(morning, meeting, title="@SUM(1+1)")

    answer = morning.browser("leader").get(morning.url(f"/circulars/{row.id}.xlsx"))

    with ZipFile(BytesIO(answer.data)) as parts:
        sheets = [
            parts.read(name).decode()
            for name in parts.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]
        words = parts.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 2
    for sheet in sheets:
        cells = re.findall(r"<c ([^>]*)>", sheet)
        assert cells
        assert all('t="s"' in cell for cell in cells)
        assert "<f>" not in sheet
    assert all(one in words for one in ("=HYPERLINK(1)", "@SUM(1+1)", "缺训"))


def test_a_name_is_text_on_the_page(morning: Any, meeting: Meeting) -> None:
    morning.people["other"].name = "<script>alert(1)</script>"
    morning.session.commit()
    row = publish(morning, meeting, sentence="<script>alert(2)</script>")

    page = morning.browser("leader").get(morning.url(f"/circulars/{row.id}")).text

    assert "<script>alert" not in page


# Afterwards


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
