"""Closing a workshop over HTTP: what it is worth, who has a claim, and who may."""

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.credits import worth
from portal.credits.models import CreditClaim, CreditRule
from portal.testing import factories
from portal.testing.course import Course
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Workshop, WorkshopState

pytestmark = pytest.mark.one_database

WORTH = {
    "hours": "40",
    "credits": "2.5",
    "category": "group",
    "lecturer": "周文彬",
    "place": "县教师发展中心",
}


@pytest.fixture
def leader(course: Course, session: Session) -> User:
    """Who leads the workshop."""
    user = factories.make_user(session, "周文彬", school=course.school)
    factories.enrol(session, course.workshop, user, "workshop_leader")
    return user


@pytest.fixture
def officer(course: Course, as_user: AsUser) -> FlaskClient:
    """The county officer's browser."""
    return as_user(course.auditor)


def row_of(page: str, table: str, name: str) -> str:
    """The text of somebody's row."""
    rows = LexborHTMLParser(page).css(f"#{table} tbody tr")
    (found,) = [row.text(separator=" ") for row in rows if name in row.text()]
    return " ".join(found.split())


def test_before_closing_everybody_reads_who_will_have_a_claim_and_what_others_lack(
    course: Course, as_user: AsUser, leader: User
) -> None:
    course.teacher("陈晓燕")
    course.teacher("刘芳", entries=1)
    course.teacher("赵敏", proven=False)
    page = as_user(leader).get(f"/workshops/{course.workshop.id}/closing").text
    assert "每人 18 学时，3 学分" in page
    assert "可以" in row_of(page, "people-table", "陈晓燕")
    assert "还差1分合格" in row_of(page, "people-table", "刘芳")
    assert "缺印证材料" in row_of(page, "people-table", "赵敏")
    assert "1 人合格，可以申报；2 人现在还不行。" in page
    assert "确认结班" not in page  # the county closes


def test_the_county_closes_and_the_claims_stand_on_the_page(
    course: Course, officer: FlaskClient, as_user: AsUser, leader: User,
    session: Session,
) -> None:  # fmt: skip
    course.teacher("陈晓燕")
    course.teacher("刘芳", entries=1)
    session.commit()
    address = f"/workshops/{course.workshop.id}/closing"
    assert "确认结班" in officer.get(address).text
    for _ in range(2):
        assert officer.post(address).status_code == 303
    session.expire_all()
    assert course.workshop.state == WorkshopState.CLOSED
    assert session.scalar(select(func.count(CreditClaim.id))) == 1
    page = officer.get(address).text
    assert "学校初审中" in row_of(page, "claims-table", "陈晓燕")
    assert "还差1分合格" in row_of(page, "people-table", "刘芳")
    theirs = as_user(leader).get(address).text
    claim = LexborHTMLParser(theirs).css_first("#claims-table a").attributes["href"]
    assert as_user(leader).get(str(claim)).status_code == 200


def test_what_is_judged_after_closing_is_claimed_by_looking_again(
    course: Course, officer: FlaskClient, session: Session
) -> None:
    late = course.teacher("刘芳", entries=1)
    session.commit()
    address = f"/workshops/{course.workshop.id}/closing"
    officer.post(address)
    course.fact(late)
    session.commit()
    assert "重新核对" in officer.get(address).text
    officer.post(address)
    assert "学校初审中" in row_of(officer.get(address).text, "claims-table", "刘芳")


def test_a_training_without_its_five_fields_does_not_close(
    course: Course, officer: FlaskClient, session: Session
) -> None:
    course.teacher()
    session.commit()
    address = f"/workshops/{course.workshop.id}"
    answer = officer.post(f"{address}/worth", data={**WORTH, "lecturer": ""})
    assert answer.status_code == 303
    page = officer.get(f"{address}/closing").text
    assert "补齐后才能结班申报：缺主讲人" in page
    answer = officer.post(f"{address}/closing", follow_redirects=True)
    assert "印证材料不全" in answer.text
    session.expire_all()
    assert course.workshop.state == WorkshopState.OPEN


def test_what_a_workshop_is_worth_is_a_new_version_each_time(
    course: Course, officer: FlaskClient, session: Session
) -> None:
    address = f"/workshops/{course.workshop.id}/worth"
    assert 'value="18"' in officer.get(address).text
    for _ in range(2):
        assert officer.post(address, data=WORTH).status_code == 303
    rules = session.scalars(
        select(CreditRule).where(CreditRule.workshop_id == course.workshop.id)
    ).all()
    assert [(rule.number, str(rule.credits)) for rule in rules] == [
        (1, "3.00"),
        (2, "2.50"),
    ]
    page = officer.get(f"/workshops/{course.workshop.id}/closing").text
    assert "每人 40 学时，2.5 学分" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours": ""}, "请填写学时"),
        ({"hours": "四十"}, "请填写数字"),
        ({"hours": "NaN"}, "请填写数字"),
        ({"hours": "0"}, "大于 0"),
        ({"credits": "2.555"}, "最多两位小数"),
        ({"credits": "1e30"}, "不超过 999"),
        ({"category": "free"}, "field-error"),
        ({"category": ""}, "请选择培训类别"),
        ({"lecturer": "长" * 121}, "120"),
        ({"same_as_id": "999999"}, "field-error"),
    ],
)
def test_what_is_wrong_with_the_worth_is_said_and_nothing_is_kept(
    course: Course, officer: FlaskClient, session: Session, changes: dict[str, str],
    words: str,
) -> None:  # fmt: skip
    answer = officer.post(
        f"/workshops/{course.workshop.id}/worth", data={**WORTH, **changes}
    )
    assert answer.status_code == 422
    assert words in answer.text
    session.expire_all()
    rule = worth.rule_of(session, session.get_one(Workshop, course.workshop.id))
    assert rule is not None
    assert rule.number == 1


def test_the_worth_stays_once_somebody_has_checked_a_claim(
    course: Course, officer: FlaskClient, session: Session
) -> None:
    course.teacher()
    course.close()
    course.recognise()
    session.commit()
    answer = officer.post(f"/workshops/{course.workshop.id}/worth", data=WORTH)
    assert answer.status_code == 422
    assert "不能再改" in answer.text


def test_who_leads_another_workshop_or_takes_part_reads_nothing(
    course: Course, as_user: AsUser, session: Session, leader: User
) -> None:
    teacher = course.teacher()
    elsewhere = factories.make_user(session, "钱江", school=course.school)
    other = factories.make_workshop(
        session, course.workshop.organisation, starts_at=course.workshop.starts_at
    )
    factories.enrol(session, other, elsewhere, "workshop_leader")
    address = f"/workshops/{course.workshop.id}/closing"
    assert as_user(elsewhere).get(address).status_code == 404
    assert as_user(teacher).get(address).status_code == 403
    assert as_user(course.checker).get(address).status_code == 403
    assert as_user(leader).post(address).status_code == 403
    assert (
        as_user(leader).get(f"/workshops/{course.workshop.id}/worth").status_code == 403
    )


def test_the_workshops_page_leads_to_its_closing(
    course: Course, as_user: AsUser, leader: User
) -> None:
    page = as_user(leader).get(f"/workshops/{course.workshop.id}").text
    assert f"/workshops/{course.workshop.id}/closing" in page
