"""Publicity and the register over HTTP: who publishes, who reads, who searches."""

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.credits.jobs import end_publicities
from portal.credits.models import Certificate, ClaimState, Publicity
from portal.organisations.models import Organisation
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.course import Course
from portal.testing.fixtures import AsUser, CountQueries

pytestmark = pytest.mark.one_database

NEW = "/credits/publicity/new"


@pytest.fixture
def county_desk(course: Course, as_user: AsUser) -> FlaskClient:
    """The county officer's browser; two claims are recognised."""
    course.teacher("陈晓燕")
    course.teacher("刘芳")
    course.close()
    course.recognise()
    return as_user(course.auditor)


def event_id(course: Course) -> int:
    return course.claims()[0].event_id


def form_key(client: FlaskClient) -> str:
    field = LexborHTMLParser(client.get(NEW).text).css_first("input[name=form_key]")
    return str(field.attributes["value"])


def test_the_county_publishes_and_every_teacher_of_the_county_reads_it(
    course: Course, county_desk: FlaskClient, as_user: AsUser, session: Session,
    other_school: Organisation,
) -> None:  # fmt: skip
    form = {"event": event_id(course), "days": "5", "form_key": form_key(county_desk)}
    answers = [county_desk.post(NEW, data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    session.expire_all()
    assert [claim.state for claim in course.claims()] == [ClaimState.IN_PUBLICITY] * 2
    anybody = as_user(factories.make_user(session, "孙立", school=other_school))
    (published,) = session.scalars(select(Publicity))
    overview = anybody.get("/credits").text
    assert str(answers[0].location) in overview
    page = anybody.get(str(answers[0].location)).text
    assert f"到 {published.ends_on} 24 时止" in page
    rows = [row.text() for row in LexborHTMLParser(page).css("#listings tbody tr")]
    assert len(rows) == 2
    for name, row in zip(["陈晓燕", "刘芳"], sorted(rows, reverse=True), strict=True):
        for words in (name, "清溪县实验小学", "小学语文工作坊", "18", "3"):
            assert words in row
    assert "999001" not in page  # no ID number, no mobile
    found = anybody.get(f"{answers[0].location}?q=刘").text
    assert "刘芳" in found
    assert "陈晓燕" not in found
    assert "名单里没有找到" in anybody.get(f"{answers[0].location}?q=%00'%25").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"days": "2"}, "3 到 10"),
        ({"days": "11"}, "3 到 10"),
        ({"days": "一周"}, "field-error"),
        ({"event": ""}, "请先选择要公示的申报"),
        ({"event": "999999"}, "请先选择要公示的申报"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_published(
    course: Course, county_desk: FlaskClient, session: Session,
    changes: dict[str, str], words: str,
) -> None:  # fmt: skip
    form = {"event": str(event_id(course)), "days": "5", **changes}
    answer = county_desk.post(NEW, data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalars(select(Publicity)).all() == []


def test_another_county_and_a_stranger_read_no_list(
    course: Course, county_desk: FlaskClient, app: object, as_user: AsUser,
    client: FlaskClient, session: Session, other_tenant: Tenant,
) -> None:  # fmt: skip
    made = course.publish()
    session.commit()
    address = f"/credits/publicity/{made.id}"
    assert client.get(address).status_code == 303
    assert client.get(address, base_url="http://other.example").status_code == 303
    assert as_user(course.checker).get(NEW).status_code == 403
    assert as_user(course.checker).get("/credits/publicity/999999").status_code == 404


def test_an_officer_finds_the_evidence_of_a_credit_by_name_or_number(
    course: Course, county_desk: FlaskClient, as_user: AsUser, session: Session,
    other_school: Organisation,
) -> None:  # fmt: skip
    course.publish()
    course.clock.move(days=10)
    end_publicities(session)
    session.commit()
    claim = course.claims()[0]
    number = session.scalars(
        select(Certificate.number).order_by(Certificate.number)
    ).first()
    for words in ("陈晓燕", number):
        page = county_desk.get(f"/credits/register?q={words}").text
        assert f"/credits/claims/{claim.id}" in page
        assert page.count('href="/credits/claims/') == 1
    evidence = county_desk.get(f"/credits/claims/{claim.id}").text
    assert "每周教学日志" in evidence
    assert str(number) in evidence
    other = factories.make_user(session, "冯雪", school=other_school)
    factories.give_role(session, other, "training_officer", other_school)
    assert "没有查到" in as_user(other).get(f"/credits/register?q={number}").text
    assert as_user(claim.user).get("/credits/register?q=刘").status_code == 403


def test_a_longer_list_costs_no_more_queries(
    course: Course, second: Course, county_desk: FlaskClient, session: Session,
    count_queries: CountQueries,
) -> None:  # fmt: skip
    for number in range(5):
        second.teacher(f"学员{number}")
    second.close()
    second.recognise()
    addresses = []
    for each in (course, second):
        made = each.publish()
        session.commit()
        addresses.append(f"/credits/publicity/{made.id}")
    counts = []
    for address in addresses:
        county_desk.get(address)
        with count_queries() as sent:
            county_desk.get(address)
        counts.append(len(sent))
    assert counts[0] == counts[1]
