"""Corrections over HTTP: an entry reversed, a claim taken up again, and by whom."""

import pytest
from flask.testing import FlaskClient

from portal.credits.codes import Code
from portal.credits.decisions import refuse
from portal.credits.models import ClaimState
from portal.credits.service import precheck
from portal.testing.course import Course
from portal.testing.fixtures import AsUser

pytestmark = pytest.mark.one_database

REASON = "经核查，登记有误"


@pytest.fixture
def county_desk(course: Course, as_user: AsUser) -> FlaskClient:
    """The county officer's browser, when a teacher's entry was written."""
    course.teacher("陈晓燕")
    course.register()
    course.session.commit()
    return as_user(course.auditor)


def state(course: Course) -> str:
    course.session.expire_all()
    return course.claims()[0].state


def test_the_county_reverses_an_entry_and_lets_it_go_its_way_again(
    course: Course, county_desk: FlaskClient
) -> None:
    path = f"/credits/claims/{course.claims()[0].id}"
    assert f"{path}/reverse" in county_desk.get(path).text
    assert county_desk.get(f"{path}/reverse").status_code == 200

    answer = county_desk.post(
        f"{path}/reverse", data={"reason": REASON}, follow_redirects=True
    )
    assert "已冲正" in answer.text
    assert REASON in answer.text
    assert [entry.credits for entry in course.entries()] == [3, -3]
    assert f"{path}/reverse" not in answer.text

    answer = county_desk.post(
        f"{path}/reopen", data={"reason": REASON}, follow_redirects=True
    )
    assert "等学校初审" in answer.text
    assert state(course) == ClaimState.CLAIMED


@pytest.mark.parametrize("reason", ["", "错"])
def test_a_correction_needs_a_reason_and_keeps_what_was_typed(
    course: Course, county_desk: FlaskClient, reason: str
) -> None:
    path = f"/credits/claims/{course.claims()[0].id}/reverse"
    answer = county_desk.post(path, data={"reason": reason})

    assert answer.status_code == 422
    assert len(course.entries()) == 1


@pytest.mark.parametrize(
    ("deed", "words"), [("reopen", "可以重新办理"), ("reverse", "不用冲正")]
)
def test_what_does_not_fit_the_claim_is_refused_in_words(
    course: Course, as_user: AsUser, deed: str, words: str
) -> None:
    course.teacher()
    course.close()
    course.session.commit()
    path = f"/credits/claims/{course.claims()[0].id}/{deed}"

    answer = as_user(course.auditor).get(path)

    assert answer.status_code == 409
    assert words in answer.text


def test_a_claim_that_still_lacks_is_told_so(course: Course, as_user: AsUser) -> None:
    teacher = course.teacher()
    course.close()
    claim = course.claim_of(teacher)
    ruling = refuse(Code.ABSENT_IN_CIRCULAR)
    precheck(course.session, [claim], ruling, by_id=course.checker.id)
    course.take_back(teacher)
    course.session.commit()

    answer = as_user(course.auditor).post(
        f"/credits/claims/{claim.id}/reopen",
        data={"reason": REASON},
        follow_redirects=True,
    )

    assert "还是不能申报" in answer.text
    assert "考核不合格" in answer.text
    assert state(course) == ClaimState.REFUSED


def test_a_school_corrects_nothing(
    course: Course, as_user: AsUser, county_desk: FlaskClient
) -> None:
    path = f"/credits/claims/{course.claims()[0].id}"
    school = as_user(course.checker)

    assert "/reverse" not in school.get(path).text
    for deed in ("reverse", "reopen"):
        assert school.post(f"{path}/{deed}").status_code == 403
    assert len(course.entries()) == 1
