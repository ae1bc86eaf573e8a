"""Leaders who learn in their own workshop: theirs comes from above, and stays there."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.models import Completion
from portal.records.models import ImportState, RecordImport
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Activity, Workshop
from tests.records.given import row, sheet, upload


@dataclass(frozen=True)
class Course:
    """A workshop with two leaders who learn there, a learner, and an officer."""

    records: Activity
    one: User
    other: User
    learner: User
    leader: FlaskClient
    officer: FlaskClient

    def send(self, client: FlaskClient, *rows: dict[str, Any]) -> str:
        """Upload a sheet; the address of its page."""
        path = f"/activities/{self.records.id}/records/import"
        answer = client.post(path, data=upload(sheet(*rows)))
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def bring_in(self, client: FlaskClient, *rows: dict[str, Any]) -> str:
        """Upload a sheet and import it."""
        page = self.send(client, *rows)
        assert client.post(f"{page}/take").status_code == 303
        return page


@pytest.fixture
def course(
    session: Session,
    as_user: AsUser,
    workshop: Workshop,
    records: Activity,
    workshop_leader: User,
    county_officer: User,
    learner: User,
) -> Course:
    other = factories.make_user(session, "坊主乙")
    factories.enrol(session, workshop, other, "workshop_leader")
    for user in (workshop_leader, other):
        factories.enrol(session, workshop, user, "learner")
    session.commit()
    leader, officer = as_user(workshop_leader), as_user(county_officer)
    return Course(records, workshop_leader, other, learner, leader, officer)


def facts(session: Session) -> list[tuple[int, bool]]:
    """Whose, and whether it was withdrawn."""
    session.expire_all()
    rows = session.scalars(select(Completion).order_by(Completion.id))
    return [(each.user_id, each.withdrawn) for each in rows]


def test_a_sheet_that_names_leaders_is_open_to_whoever_manages_the_project_alone(
    session: Session, course: Course
) -> None:
    page = course.bring_in(course.officer, row(course.other.username, 40))
    file_id = session.scalars(select(RecordImport.file_id)).one()

    reason = {"reason": "导错了"}
    for deed in (page, f"{page}/problems.xlsx", f"{page}/take-back"):
        assert course.leader.get(deed).status_code == 404
    answer = course.leader.post(f"{page}/take-back", data=reason)
    assert answer.status_code == 404
    assert course.leader.get(f"/files/{file_id}").status_code == 404
    assert page not in course.leader.get(f"/activities/{course.records.id}").text
    assert facts(session) == [(course.other.id, False)]

    assert page in course.officer.get(f"/activities/{course.records.id}").text
    assert course.officer.get(f"/files/{file_id}").status_code == 200
    assert course.officer.post(f"{page}/take-back", data=reason).status_code == 303
    assert facts(session)[-1] == (course.other.id, True)


def test_a_refused_row_of_a_leader_is_not_for_leaders_to_read(course: Course) -> None:
    wrong = row(course.one.username, "很多")

    page = course.send(course.officer, wrong, row(course.learner.username, 40))

    assert course.officer.get(page).status_code == 200
    assert course.leader.get(page).status_code == 404


def test_a_sheet_of_learners_alone_stays_open_to_leaders(course: Course) -> None:
    page = course.bring_in(course.officer, row(course.learner.username, 40))

    assert course.leader.get(page).status_code == 200


def test_a_leaders_sheet_that_is_taken_from_above_belongs_there_from_then_on(
    session: Session, course: Course
) -> None:
    page = course.send(course.leader, row(course.other.username, 40))
    assert course.leader.get(page).status_code == 200

    assert course.officer.post(f"{page}/take").status_code == 303

    assert facts(session) == [(course.other.id, False)]
    assert course.leader.get(page).status_code == 404


def test_what_stands_of_a_leader_is_not_withdrawn_with_a_sheet_of_learners(
    session: Session, course: Course
) -> None:
    page = course.bring_in(course.officer, row(course.learner.username, 40))
    workshop = course.records.workshop
    factories.enrol(session, workshop, course.learner, "workshop_leader")
    session.commit()

    answer = course.leader.post(f"{page}/take-back", data={"reason": "导错了"})

    assert answer.status_code == 422
    assert "请由管理项目的人撤回" in answer.text
    assert facts(session) == [(course.learner.id, False)]
    assert session.scalars(select(RecordImport.state)).one() == ImportState.IMPORTED


def test_nobody_takes_back_a_sheet_with_records_of_their_own(
    session: Session, as_user: AsUser, course: Course, county_officer: User
) -> None:
    factories.enrol(session, course.records.workshop, county_officer, "learner")
    page = course.bring_in(course.leader, row(county_officer.username, 40))

    answer = course.officer.post(f"{page}/take-back", data={"reason": "导错了"})

    assert answer.status_code == 422
    assert facts(session) == [(county_officer.id, False)]


def test_leaders_who_learn_here_do_not_bring_in_records_of_each_other(
    session: Session, course: Course
) -> None:
    mine, good = row(course.other.username, 40), row(course.learner.username, 40)

    page = course.bring_in(course.leader, mine, good)

    assert facts(session) == [(course.learner.id, False)]
    template = f"/activities/{course.records.id}/records/template.xlsx"
    book = CalamineWorkbook.from_filelike(BytesIO(course.leader.get(template).data))
    named = [line[0] for line in book.get_sheet_by_name("名单").to_python()]
    assert course.learner.username in named
    assert course.other.username not in named
    assert course.leader.get(page).status_code == 200


def test_leaders_who_learn_here_do_not_mark_each_other(
    session: Session, course: Course
) -> None:
    path = f"/workshops/{course.records.workshop_id}/marks"

    answer = course.leader.post(path, data={f"mark-{course.other.id}-0": "10"})

    assert answer.status_code == 303
    assert not facts(session)
    text = course.leader.get(path).text
    assert f'name="mark-{course.other.id}-0"' not in text
    assert f'name="mark-{course.learner.id}-0"' in text
    assert f"{course.other.name}" in text
    assert "由管理项目的人评分" in text


def test_a_leader_who_manages_the_project_marks_the_others_with_the_learners(
    session: Session, course: Course, as_user: AsUser, county_officer: User
) -> None:
    workshop = course.records.workshop
    factories.enrol(session, workshop, county_officer, "workshop_leader")
    session.commit()
    path = f"/workshops/{workshop.id}/marks"

    as_user(county_officer).post(path, data={f"mark-{course.other.id}-0": "10"})

    assert facts(session) == [(course.other.id, False)]
