"""The roster itself: who is shown to whom, found by what, and taken along how."""

import io

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry
from portal.organisations.models import Organisation
from portal.testing.factories import make_user
from portal.testing.fixtures import AsUser, CountQueries
from portal.users import id_numbers
from portal.users.models import User

pytestmark = pytest.mark.one_database

NUMBER = "999001198506120027"


@pytest.fixture
def chen(session: Session, school: Organisation, key: str) -> User:
    """A teacher of the school with an ID number and a hostile name."""
    user = make_user(session, "=1+1陈晓燕", school=school, mobile="13800000001")
    id_numbers.keep(user, NUMBER, key)
    session.commit()
    return user


@pytest.fixture
def elsewhere(session: Session, other_school: Organisation) -> User:
    """A teacher of the other school."""
    user = make_user(session, "钱勇", school=other_school)
    session.commit()
    return user


def names(client: FlaskClient, address: str = "/roster") -> list[str]:
    page = LexborHTMLParser(client.get(address).text)
    return [node.text().strip() for node in page.css("#people tbody th a")]


def test_an_officer_sees_the_own_school_and_the_county_sees_all(
    as_user: AsUser, school_officer: User, county_officer: User, chen: User,
    elsewhere: User,
) -> None:  # fmt: skip
    own = names(as_user(school_officer))
    assert chen.name in own
    assert elsewhere.name not in own
    assert {chen.name, elsewhere.name} <= set(names(as_user(county_officer)))


def test_a_teacher_has_no_roster(
    as_user: AsUser, chen: User, client: FlaskClient
) -> None:
    own = as_user(chen)
    assert own.get("/roster").status_code == 403
    assert own.post("/roster/search", data={"q": "钱"}).status_code == 403
    assert own.post("/roster/export").status_code == 403
    assert client.get("/roster").status_code == 303


@pytest.mark.usefixtures("elsewhere")
def test_people_are_found_by_a_part_of_the_name_by_school_and_by_state(
    as_user: AsUser, county_officer: User, chen: User, school: Organisation
) -> None:
    client = as_user(county_officer)
    answer = client.post("/roster/search", data={"q": "晓燕"})
    assert names(client, answer.location) == [chen.name]
    answer = client.post("/roster/search", data={"school": str(school.id)})
    assert names(client, answer.location) == [chen.name]
    assert names(client, "/roster?state=suspended") == []
    assert names(client, "/roster?q=%25") == []


def test_an_id_number_finds_exactly_its_holder_and_stands_in_no_address(
    as_user: AsUser, county_officer: User, chen: User
) -> None:
    client = as_user(county_officer)
    for typed in (NUMBER, f" {NUMBER[:6]} {NUMBER[6:]}"):
        answer = client.post("/roster/search", data={"q": typed})
        assert answer.location.endswith(f"/{chen.id}")
        assert NUMBER not in answer.location
    part = client.post("/roster/search", data={"q": NUMBER[:-1]})
    assert part.location == "/roster"


def test_a_number_that_is_unknown_and_one_of_another_school_answer_alike(
    as_user: AsUser, school_officer: User, elsewhere: User, session: Session, key: str
) -> None:
    id_numbers.keep(elsewhere, NUMBER, key)
    session.commit()
    client = as_user(school_officer)
    answers = []
    for number in (NUMBER, "99900119900715012X"):
        answer = client.post("/roster/search", data={"q": number})
        answers.append((answer.status_code, answer.location))
        assert "没有这个身份证号" in client.get(answer.location).text
    assert answers[0] == answers[1]


def test_the_page_shows_six_and_four_digits_of_an_id_number(
    as_user: AsUser, county_officer: User, chen: User
) -> None:
    assert chen.id_no_masked
    page = as_user(county_officer).get("/roster").text
    assert "999001********0027" in page
    assert NUMBER not in page


def test_the_export_holds_text_only_with_masked_id_numbers_and_is_written_down(
    as_user: AsUser, school_officer: User, chen: User, elsewhere: User,
    session: Session,
) -> None:  # fmt: skip
    answer = as_user(school_officer).post("/roster/export")
    with CalamineWorkbook.from_filelike(io.BytesIO(answer.data)) as book:
        rows = book.get_sheet_by_index(0).to_python()
    of_chen = next(row for row in rows if row[0] == chen.name)
    assert of_chen[2] == "999001********0027"
    assert of_chen[5] == "13800000001"
    assert elsewhere.name not in {row[0] for row in rows}
    import zipfile

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "roster.exported")
    ).one()
    assert entry.actor_id == school_officer.id


def test_an_empty_roster_says_what_to_do_first(
    as_user: AsUser, school_officer: User
) -> None:
    page = as_user(school_officer).get("/roster?q=nobody").text
    assert "没有找到这样的教师" in page


def test_the_list_asks_no_question_per_person(
    as_user: AsUser, county_officer: User, school: Organisation, session: Session,
    count_queries: CountQueries,
) -> None:  # fmt: skip
    client = as_user(county_officer)
    client.get("/roster")
    with count_queries() as few:
        client.get("/roster")
    for _ in range(20):
        make_user(session, school=school)
    session.commit()
    with count_queries() as many:
        client.get("/roster")
    assert len(many) == len(few)
