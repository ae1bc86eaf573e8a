"""Leave over HTTP: asked, decided, and hidden from whom it does not concern."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.leave.models import Leave, LeaveState
from portal.organisations.models import Organisation
from portal.testing.factories import make_user
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User

pytestmark = pytest.mark.one_database

FORM = {
    "starts_on": "2024-09-09",
    "ends_on": "2024-09-15",
    "reason_class": "official",
    "reason": "学校派出学习一周",
}


@pytest.fixture
def teacher(as_user: AsUser, learner: User) -> FlaskClient:
    """The teacher's browser."""
    return as_user(learner)


def the_leave(session: Session) -> Leave:
    session.expire_all()
    return session.scalars(select(Leave).order_by(Leave.id.desc()).limit(1)).one()


def ask(client: FlaskClient, **changes: Any) -> str:
    answer = client.post("/leave/new", data={**FORM, **changes})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_teacher_asks_and_two_others_decide(
    teacher: FlaskClient, as_user: AsUser, head_of_centre: User, director: User,
    session: Session,
) -> None:  # fmt: skip
    address = ask(teacher)
    leave = the_leave(session)
    assert leave.state == LeaveState.AT_SCHOOL
    assert leave.starts_at.isoformat() == "2024-09-08T16:00:00+00:00"
    assert leave.ends_at.isoformat() == "2024-09-15T16:00:00+00:00"
    head = as_user(head_of_centre)
    assert "陈晓燕" in head.get("/leave/approvals").text
    assert "2024-09-09 至 2024-09-15" in head.get("/leave/approvals").text
    assert head.post(f"{address}/pass").status_code == 303
    assert "已同意，报教育局审批。" in head.get(address).text
    assert "只有一级批准不算准假" in teacher.get(address).text
    bureau = as_user(director)
    assert "1 项待办" in bureau.get("/leave").text
    assert bureau.post(f"{address}/approve").status_code == 303
    assert the_leave(session).state == LeaveState.APPROVED
    assert "已准假。" in bureau.get(address).text
    page = teacher.get(address).text
    assert "教育局：批准" in page
    assert "学校：同意" in page
    mine = LexborHTMLParser(teacher.get("/leave").text).css_first("#leaves").text()
    assert "已准假" in mine
    assert "2024-09-09 至 2024-09-15" in mine


def test_a_form_sent_twice_is_one_leave_and_approving_twice_one_approval(
    teacher: FlaskClient, as_user: AsUser, head_of_centre: User, session: Session
) -> None:
    assert ask(teacher) == (address := ask(teacher))
    assert len(session.scalars(select(Leave)).all()) == 1
    head = as_user(head_of_centre)
    for _ in range(2):
        assert head.post(f"{address}/pass").status_code == 303
    assert the_leave(session).state == LeaveState.AT_BUREAU


def test_a_draft_is_nobodys_but_the_teachers_and_can_be_changed(
    teacher: FlaskClient, as_user: AsUser, head_of_centre: User, session: Session
) -> None:
    address = ask(teacher, do="draft")
    head = as_user(head_of_centre)
    assert head.get(address).status_code == 404
    assert head.post(f"{address}/pass").status_code == 404
    assert "陈晓燕" not in head.get("/leave/approvals").text
    page = LexborHTMLParser(teacher.get(f"{address}/edit").text)
    assert page.css_first("#ends_on").attributes["value"] == "2024-09-15"
    changed = {**FORM, "ends_on": "2024-09-10", "do": "draft"}
    assert teacher.post(f"{address}/edit", data=changed).status_code == 303
    assert teacher.post(f"{address}/submit").status_code == 303
    leave = the_leave(session)
    assert leave.state == LeaveState.AT_SCHOOL
    assert (leave.ends_at - leave.starts_at).days == 2
    assert teacher.get(f"{address}/edit").status_code == 303


def test_a_refusal_needs_a_reason_and_the_teacher_reads_it(
    teacher: FlaskClient, as_user: AsUser, head_of_centre: User
) -> None:
    address = ask(teacher)
    head = as_user(head_of_centre)
    assert head.get(f"{address}/refuse").status_code == 200
    assert head.post(f"{address}/refuse", data={"reason": ""}).status_code == 422
    for _ in range(2):
        answer = head.post(f"{address}/refuse", data={"reason": "本周有统考"})
        assert answer.status_code == 303
    assert "本周有统考" in teacher.get(address).text
    assert "已驳回" in head.get("/leave/approvals").text


def test_what_each_role_may_not_do_is_404_or_403(
    teacher: FlaskClient, as_user: AsUser, head_of_centre: User, director: User,
    other_head: User, school_officer: User, client: FlaskClient,
) -> None:  # fmt: skip
    address = ask(teacher)
    for hidden in (other_head, school_officer):
        browser = as_user(hidden)
        assert browser.get(address).status_code == 404, hidden.name
        assert browser.post(f"{address}/withdraw").status_code == 404
        assert browser.get(f"{address}/refuse").status_code == 404
    assert as_user(other_head).post(f"{address}/pass").status_code == 404
    assert as_user(school_officer).post(f"{address}/approve").status_code == 403
    assert as_user(school_officer).get("/leave/approvals").status_code == 403
    assert as_user(head_of_centre).post(f"{address}/withdraw").status_code == 403
    assert as_user(head_of_centre).post(f"{address}/approve").status_code == 403
    assert as_user(director).post(f"{address}/pass").status_code == 403
    assert as_user(director).get(f"{address}/refuse").status_code == 403
    assert teacher.post(f"{address}/pass").status_code == 403
    assert teacher.get("/leave/approvals").status_code == 403
    assert client.get(address).status_code == 303


def test_who_may_do_both_steps_still_does_only_one(
    teacher: FlaskClient, as_user: AsUser, county_officer: User, session: Session
) -> None:
    address = ask(teacher)
    officer = as_user(county_officer)
    officer.post(f"{address}/pass")
    assert f"{address}/approve" not in officer.get(address).text
    answer = officer.post(f"{address}/approve")
    assert "一人审批不算准假" in officer.get(answer.location).text
    assert the_leave(session).state == LeaveState.AT_BUREAU
    assert "没有等您审批的请假" in officer.get("/leave/approvals").text


def test_the_head_cannot_approve_the_own_leave(
    as_user: AsUser, head_of_centre: User, session: Session
) -> None:
    head = as_user(head_of_centre)
    address = ask(head)
    assert head.post(f"{address}/pass").status_code == 403
    assert head.get(f"{address}/refuse").status_code == 403
    assert the_leave(session).state == LeaveState.AT_SCHOOL
    assert "没有等您审批的请假" in head.get("/leave/approvals").text


def test_the_proof_is_opened_by_who_decides_and_by_nobody_else(
    teacher: FlaskClient, as_user: AsUser, head_of_centre: User, other_head: User,
    session: Session,
) -> None:  # fmt: skip
    proof = (io.BytesIO("公函".encode()), "公函.txt")
    address = ask(teacher, proof=proof)
    file = f"/files/{the_leave(session).proof_file_id}"
    assert file in as_user(head_of_centre).get(address).text
    assert as_user(head_of_centre).get(file).status_code == 200
    assert teacher.get(file).status_code == 200
    assert as_user(other_head).get(file).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"starts_on": ""}, "starts_on", "请选择开始日期"),
        ({"ends_on": "2024-09-01"}, "ends_on", "不能早于"),
        ({"reason": ""}, "reason", "请写明事由"),
        ({"starts_on": "2024-08-20"}, "starts_on", "只能留作草稿"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(
    teacher: FlaskClient, session: Session, changes: dict[str, str], field: str,
    words: str,
) -> None:  # fmt: skip
    answer = teacher.post("/leave/new", data={**FORM, **changes})
    assert answer.status_code == 422
    page = LexborHTMLParser(answer.text)
    assert words in page.css_first(f"#{field}-error").text()
    assert page.css_first("#form-errors")
    if "reason" not in changes:
        assert FORM["reason"] in page.css_first("#reason").text()
    assert session.scalars(select(Leave)).all() == []


def test_a_wrong_proof_is_refused_and_nothing_is_asked(
    teacher: FlaskClient, session: Session
) -> None:
    proof = (io.BytesIO(b"MZ\x90"), "proof.exe")
    answer = teacher.post("/leave/new", data={**FORM, "proof": proof})
    assert answer.status_code == 422
    assert "不接收" in LexborHTMLParser(answer.text).css_first("#proof-error").text()
    assert session.scalars(select(Leave)).all() == []


def test_what_a_form_adds_to_its_fields_is_not_taken(
    teacher: FlaskClient, session: Session, learner: User, school_officer: User
) -> None:
    evil = {
        "state": "approved",
        "user_id": str(school_officer.id),
        "school_by_id": str(school_officer.id),
        "bureau_at": "2024-09-01",
        "organisation_id": "1",
    }
    address = ask(teacher, **evil)
    leave = the_leave(session)
    assert (leave.user_id, leave.state) == (learner.id, LeaveState.AT_SCHOOL)
    assert (leave.school_by_id, leave.bureau_at) == (None, None)
    teacher.post(f"{address}/submit", data=evil)
    assert the_leave(session).state == LeaveState.AT_SCHOOL


def test_leave_that_has_begun_is_not_withdrawn_by_a_page_from_before(
    teacher: FlaskClient, as_user: AsUser, head_of_centre: User, director: User,
    clock: Clock, session: Session,
) -> None:  # fmt: skip
    address = ask(teacher)
    as_user(head_of_centre).post(f"{address}/pass")
    as_user(director).post(f"{address}/approve")
    assert "撤回" in teacher.get(address).text
    clock.move(days=7)
    answer = teacher.post(f"{address}/withdraw")
    assert "不能撤回" in teacher.get(answer.location).text
    assert the_leave(session).state == LeaveState.APPROVED


def test_without_any_leave_the_page_says_what_to_do(
    as_user: AsUser, session: Session, school: Organisation
) -> None:
    user = make_user(session, "孙丽", school=school)
    page = as_user(user).get("/leave").text
    assert "还没有请过假" in page
    assert "/leave/new" in page
