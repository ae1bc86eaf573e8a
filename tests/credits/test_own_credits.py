"""My record: the statement of a year, and at which step the rest is."""

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy.orm import Session

from portal.credits import ledger
from portal.testing import factories
from portal.testing.course import Course
from portal.testing.fixtures import AsUser


@pytest.fixture
def teacher(course: Course, as_user: AsUser) -> FlaskClient:
    """A qualified teacher's browser."""
    return as_user(course.teacher("陈晓燕"))


def record(client: FlaskClient) -> str:
    page = LexborHTMLParser(client.get("/record").text).css_first("main")
    return " ".join(page.text(separator=" ").split())


def test_the_record_says_at_which_step_a_claim_is(
    course: Course, teacher: FlaskClient, session: Session
) -> None:
    assert "还没有登记的学分" in record(teacher)
    course.close()
    session.commit()
    assert "等清溪县实验小学初审" in record(teacher)
    course.recognise()
    session.commit()
    assert "县里已认定，等公示" in record(teacher)
    course.publish()
    session.commit()
    assert "公示期满没有异议就登记" in record(teacher)


def test_each_line_of_the_statement_leads_back_to_its_evidence(
    course: Course, teacher: FlaskClient, session: Session
) -> None:
    course.register()
    session.commit()
    page = teacher.get("/record").text
    assert "办理中的学分" not in page
    (row,) = LexborHTMLParser(page).css("#statement tbody tr")
    for words in ("小学语文工作坊", "网络研修", "18", "3", "2024-000001"):
        assert words in row.text()
    links = [str(link.attributes["href"]) for link in row.css("a")]
    evidence = teacher.get(links[0])
    assert "每周教学日志" in evidence.text
    assert "县级审核：予以认定" in evidence.text
    assert teacher.get(links[1]).status_code == 200


def test_a_reversed_entry_stays_in_the_statement_and_counts_for_nothing(
    course: Course, teacher: FlaskClient, session: Session
) -> None:
    course.register()
    (entry,) = course.entries()
    ledger.reverse(session, entry, reason="通报缺训", by_id=course.auditor.id)
    session.commit()
    page = LexborHTMLParser(teacher.get("/record").text)
    assert len(page.css("#statement tbody tr")) == 2
    assert "已冲正" in page.css_first("#statement").text()
    total = page.css_first(".figure-value").text()
    assert total == "0"
    assert page.css("#statement a[href^='/credits/certificates/']") == []


def test_what_lacks_evidence_is_said_in_plain_words(
    course: Course, as_user: AsUser, session: Session
) -> None:
    user = course.teacher("刘芳", proven=False)
    course.close()
    session.commit()
    assert "补齐后可以重新申报：缺印证材料" in record(as_user(user))


@pytest.mark.parametrize("year", ["", "2024", "1999", "x", "99999999999"])
def test_whatever_year_is_asked_for_the_record_opens(
    course: Course, teacher: FlaskClient, session: Session, year: str
) -> None:
    course.register()
    session.commit()
    answer = teacher.get(f"/record?year={year}")
    assert answer.status_code == 200
    assert "2024 年学分" in answer.text


def test_nobody_reads_the_credits_of_another(
    course: Course, teacher: FlaskClient, as_user: AsUser, session: Session
) -> None:
    course.register()
    session.commit()
    other = as_user(factories.make_user(session, "赵敏", school=course.school))
    assert "还没有登记的学分" in record(other)
    assert other.get(f"/credits/claims/{course.claims()[0].id}").status_code == 404
