"""Who is late with the tasks after a training, by school."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.submissions.models import Submission
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock, CountQueries
from portal.users.models import User
from portal.workshops.models import Activity, Workshop


@pytest.fixture
def tasks(
    session: Session,
    county: Organisation,
    school: Organisation,
    other_school: Organisation,
    workshop: Workshop,
    learner: User,
    activity: Callable[..., Activity],
    clock: Clock,
) -> Activity:
    """Tasks of two schools' teachers after a training, due four weeks from now."""
    factories.enable_plugin(session, county, "ones")
    training = factories.make_workshop(
        session, county, starts_at=clock.at, title="县级培训"
    )
    workshop.follows_id = training.id
    other = factories.make_user(session, "=SUM(1)", school=other_school)
    factories.enrol(session, workshop, other, "learner")
    made = activity("ones", late_days=60)
    made.ends_at = clock.at + timedelta(weeks=4)
    session.commit()
    return made


def given(session: Session, tasks: Activity, user: User, duty: str, state: str) -> None:
    """Somebody's work for a duty, as far as it is."""
    session.add(
        Submission(
            activity_id=tasks.id,
            user_id=user.id,
            slot_key=f"duty:{duty}",
            slot_title="一项",
            state=state,
            handed_in_at=None if state == "draft" else tasks.starts_at,
            counts_as_at=None if state == "draft" else tasks.starts_at,
        )
    )
    session.commit()


def test_before_it_is_due_nobody_is_late(
    tasks: Activity, county_officer: User, clock: Clock, as_user: AsUser
) -> None:
    clock.set(tasks.ends_at - timedelta(minutes=1))

    assert "现在没有人逾期" in as_user(county_officer).get("/overdue").text


def test_a_school_officer_sees_the_own_school_and_the_county_all(
    tasks: Activity,
    learner: User,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
    county_officer: User,
    clock: Clock,
    as_user: AsUser,
) -> None:
    clock.set(tasks.ends_at)
    own = as_user(school_officer).get("/overdue").text
    every = as_user(county_officer).get("/overdue").text

    assert learner.name in own
    assert "一篇反思" in own
    assert other_school.name not in own
    assert "=SUM(1)" not in own
    assert "=SUM(1)" in every
    assert every.index(school.name) < every.index(other_school.name)


def test_only_what_is_not_there_is_late_with_its_days(
    tasks: Activity,
    learner: User,
    school_officer: User,
    session: Session,
    clock: Clock,
    as_user: AsUser,
) -> None:
    given(session, tasks, learner, "1.1", "accepted")
    given(session, tasks, learner, "2.1", "draft")
    given(session, tasks, learner, "3.1", "rejected")
    clock.set(tasks.ends_at + timedelta(days=2, hours=1))

    page = as_user(school_officer).get("/overdue").text

    assert "一节公开课" not in page
    assert "一篇反思" in page
    assert "没有交" in page
    assert "不通过" in page
    assert page.count("3 天") == 2


def test_what_waits_to_be_looked_at_is_not_late(
    tasks: Activity,
    learner: User,
    school_officer: User,
    session: Session,
    clock: Clock,
    as_user: AsUser,
) -> None:
    for duty in ("1.1", "2.1", "3.1"):
        given(session, tasks, learner, duty, "handed_in")
    clock.set(tasks.ends_at)

    assert "现在没有人逾期" in as_user(school_officer).get("/overdue").text


def test_tasks_of_an_ordinary_workshop_are_not_on_the_list(
    tasks: Activity,
    workshop: Workshop,
    county_officer: User,
    session: Session,
    clock: Clock,
    as_user: AsUser,
) -> None:
    workshop.follows_id = None
    session.commit()
    clock.set(tasks.ends_at)

    assert "现在没有人逾期" in as_user(county_officer).get("/overdue").text


def rows_of(answer: Any, sheet: int = 0) -> list[list[Any]]:
    """What a sheet of the workbook says."""
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    return book.get_sheet_by_index(sheet).to_python()


def test_the_spreadsheet_says_the_same_and_what_it_comes_to_by_school(
    tasks: Activity, county_officer: User, clock: Clock, as_user: AsUser
) -> None:
    clock.set(tasks.ends_at)
    answer = as_user(county_officer).get("/overdue.xlsx")

    rows, schools = rows_of(answer), rows_of(answer, 1)
    assert rows[0][:4] == ["学校", "姓名", "训后任务", "项目"]
    assert len(rows) == 7
    assert {row[1] for row in rows[1:]} >= {"=SUM(1)"}
    assert {row[5] for row in rows[1:]} == {1}
    assert all(isinstance(row[5], float) for row in rows[1:])
    assert sum(row[2] for row in schools[1:]) == 6
    assert quote("逾期名单 2024-09-30.xlsx") in answer.headers["Content-Disposition"]


def test_each_school_can_be_sent_its_own_part(
    tasks: Activity,
    school: Organisation,
    other_school: Organisation,
    county_officer: User,
    school_officer: User,
    clock: Clock,
    as_user: AsUser,
) -> None:
    clock.set(tasks.ends_at)
    browser, own = as_user(county_officer), as_user(school_officer)
    link = "/overdue.xlsx?school={}"
    assert link.format(school.id) in browser.get("/overdue").text

    part = rows_of(browser.get(link.format(school.id)))

    assert {row[0] for row in part[1:]} == {school.name}
    assert browser.get(link.format("x")).status_code == 404
    assert own.get(link.format(other_school.id)).status_code == 404


def test_teachers_and_leaders_have_no_such_list(
    tasks: Activity, learner: User, workshop_leader: User, as_user: AsUser
) -> None:
    for user in (learner, workshop_leader):
        assert as_user(user).get("/overdue").status_code == 403
        assert as_user(user).get("/overdue.xlsx").status_code == 403


def test_the_list_asks_no_more_when_many_are_late(
    tasks: Activity,
    workshop: Workshop,
    school: Organisation,
    county_officer: User,
    session: Session,
    clock: Clock,
    as_user: AsUser,
    count_queries: CountQueries,
) -> None:
    clock.set(tasks.ends_at)
    browser = as_user(county_officer)

    def asked() -> int:
        with count_queries() as statements:
            browser.get("/overdue")
        return len(statements)

    asked()
    few = asked()
    for number in range(30):
        user = factories.make_user(session, f"老师{number}", school=school)
        factories.enrol(session, workshop, user, "learner")
    session.commit()

    assert asked() <= few
