"""The two steps over HTTP: what waits for whom, its evidence, and the decisions."""

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy.orm import Session

from portal.credits.models import ClaimState
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.course import Course
from portal.testing.fixtures import AsUser

pytestmark = pytest.mark.one_database


@pytest.fixture
def school_desk(course: Course, as_user: AsUser) -> FlaskClient:
    """The school officer's browser; two teachers of theirs have claims."""
    course.teacher("陈晓燕")
    course.teacher("刘芳")
    course.close()
    return as_user(course.checker)


@pytest.fixture
def county_desk(course: Course, as_user: AsUser) -> FlaskClient:
    """The county officer's browser."""
    return as_user(course.auditor)


def ticked(client: FlaskClient, desk: str) -> list[str]:
    """What the desk would let pass, as the page comes."""
    page = LexborHTMLParser(client.get(desk).text)
    boxes = page.css("input[name=claim][checked]")
    return [str(box.attributes["value"]) for box in boxes]


def states(course: Course) -> list[str]:
    course.session.expire_all()
    return [claim.state for claim in course.claims()]


def test_a_school_passes_those_without_problems_at_once_and_the_county_after_it(
    course: Course, school_desk: FlaskClient, county_desk: FlaskClient
) -> None:
    assert "2 份申报" in school_desk.get("/credits").text
    claims = ticked(school_desk, "/credits/precheck")
    assert len(claims) == 2
    for words in ("已通过 2 份", "已经办理过了"):
        answer = school_desk.post(
            "/credits/precheck", data={"claim": claims}, follow_redirects=True
        )
        assert words in answer.text
    assert states(course) == [ClaimState.PRECHECKED] * 2
    assert "没有要办理的申报" in school_desk.get("/credits/precheck").text
    answer = county_desk.post(
        "/credits/audit", data={"claim": ticked(county_desk, "/credits/audit")}
    )
    assert answer.status_code == 303
    assert states(course) == [ClaimState.RECOGNISED] * 2


def test_the_evidence_of_a_claim_is_line_by_line_with_its_facts(
    course: Course, school_desk: FlaskClient
) -> None:
    claim = course.claims()[0]
    page = school_desk.get(f"/credits/claims/{claim.id}").text
    rows = LexborHTMLParser(page).css("#facts tbody tr")
    assert len(rows) == 2
    for row in rows:
        assert "每周教学日志" in row.text()
        assert "研修日志" in row.text()
    assert "凭 2 条记录" in page
    assert "结班申报：符合条件" in page
    assert "初审通过" in page


def test_a_refusal_needs_a_ground_and_the_teacher_reads_it(
    course: Course, school_desk: FlaskClient, as_user: AsUser
) -> None:
    claim = course.claims()[0]
    address = f"/credits/claims/{claim.id}/refuse/precheck"
    assert school_desk.get(address).status_code == 200
    wrong = [{}, {"code": "MISSING_SCHEME"}, {"code": "OTHER", "reason": " "}]
    for form in wrong:
        assert school_desk.post(address, data=form).status_code == 422
    assert states(course)[0] == ClaimState.CLAIMED
    form = {"code": "ABSENT_IN_CIRCULAR", "reason": "第 3 号通报"}
    for _ in range(2):
        assert school_desk.post(address, data=form).status_code == 303
    assert states(course)[0] == ClaimState.REFUSED
    record = as_user(claim.user).get("/record").text
    assert "不予认定" in record
    assert "缺训，已列入通报" in record
    assert "第 3 号通报" in record


def test_who_checked_at_the_school_does_not_audit_and_is_told_so(
    course: Course, county_desk: FlaskClient, school_desk: FlaskClient
) -> None:
    claim = course.claims()[0]
    county_desk.post("/credits/precheck", data={"claim": claim.id})
    assert "您初审过，请由别人审核" in county_desk.get("/credits/audit").text
    assert ticked(county_desk, "/credits/audit") == []
    page = county_desk.get(f"/credits/claims/{claim.id}").text
    assert "予以认定</span>" not in page
    answer = county_desk.post(
        "/credits/audit", data={"claim": claim.id}, follow_redirects=True
    )
    assert "审核要由另一位负责人办理" in answer.text
    assert states(course)[0] == ClaimState.PRECHECKED


def test_a_claim_whose_facts_were_taken_back_is_not_passed_with_the_others(
    course: Course, school_desk: FlaskClient, session: Session
) -> None:
    course.take_back(course.claims()[0].user)
    session.commit()
    assert "有记录改判或撤回" in school_desk.get("/credits/precheck").text
    assert ticked(school_desk, "/credits/precheck") == [str(course.claims()[1].id)]


def test_what_somebody_else_decided_meanwhile_is_said_and_nothing_is_done(
    course: Course, school_desk: FlaskClient, county_desk: FlaskClient
) -> None:
    first, second = course.claims()
    county_desk.post("/credits/precheck", data={"claim": first.id})
    answer = school_desk.post(
        "/credits/precheck",
        data={"claim": [first.id, second.id]},
        follow_redirects=True,
    )
    assert "已经由别人处理" in answer.text
    assert states(course) == [ClaimState.PRECHECKED, ClaimState.CLAIMED]


@pytest.mark.parametrize("claim", ["", "x", "-1", "0", "99999999999999", "1 OR 1"])
def test_what_is_no_claim_is_passed_over(school_desk: FlaskClient, claim: str) -> None:
    answer = school_desk.post("/credits/precheck", data={"claim": claim})
    assert answer.status_code in (303, 404)


def test_another_school_sees_and_decides_nothing(
    course: Course, school_desk: FlaskClient, as_user: AsUser, session: Session,
    other_school: Organisation,
) -> None:  # fmt: skip
    other = factories.make_user(session, "冯雪", school=other_school)
    factories.give_role(session, other, "training_officer", other_school)
    desk, claim = as_user(other), course.claims()[0]
    assert "没有要办理的申报" in desk.get("/credits/precheck").text
    assert desk.get(f"/credits/claims/{claim.id}").status_code == 404
    assert desk.get(f"/credits/claims/{claim.id}/refuse/precheck").status_code == 404
    answer = desk.post("/credits/precheck", data={"claim": claim.id})
    assert answer.status_code == 404
    assert states(course)[0] == ClaimState.CLAIMED


def test_a_teacher_reads_the_own_claim_and_decides_nothing(
    course: Course, school_desk: FlaskClient, as_user: AsUser
) -> None:
    first, second = course.claims()
    teacher = as_user(first.user)
    page = teacher.get(f"/credits/claims/{first.id}")
    assert page.status_code == 200
    assert "不予认定</span>" not in page.text
    assert teacher.get(f"/credits/claims/{second.id}").status_code == 404
    assert teacher.get("/credits/precheck").status_code == 403
    assert teacher.post("/credits/audit", data={"claim": first.id}).status_code == 403
    for step in ("precheck", "audit"):
        refusal = f"/credits/claims/{first.id}/refuse/{step}"
        assert teacher.post(refusal, data={"code": "OTHER"}).status_code == 403
    assert (
        school_desk.get(f"/credits/claims/{first.id}/refuse/audit").status_code == 403
    )


def test_an_officer_who_took_part_does_not_decide_on_the_own_claim(
    course: Course, as_user: AsUser
) -> None:
    course.join(course.checker)
    course.close()
    (claim,) = course.claims()
    desk = as_user(course.checker)
    assert "没有要办理的申报" in desk.get("/credits/precheck").text
    answer = desk.post("/credits/precheck", data={"claim": claim.id})
    assert answer.status_code == 404
    refusal = f"/credits/claims/{claim.id}/refuse/precheck"
    assert desk.post(refusal, data={"code": "OTHER"}).status_code == 403


def test_the_menu_counts_what_waits(
    school_desk: FlaskClient, as_user: AsUser, course: Course
) -> None:
    assert "2 项待办" in school_desk.get("/credits").text
    assert "2 项待办" not in as_user(course.teachers[0]).get("/credits").text
