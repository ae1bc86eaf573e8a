"""The first page of officers: what waits for them, and not a teacher's words."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.leave.models import Leave, LeaveState
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser, Clock
from portal.users.models import User


def test_an_officer_is_not_told_to_wait_for_a_workshop(
    as_user: AsUser, county_officer: User
) -> None:
    page = as_user(county_officer).get("/").text
    assert "现在没有等您办理的" in page
    assert "您还没有参加工作坊" not in page


def test_leave_to_decide_on_stands_on_the_first_page(
    session: Session,
    as_user: AsUser,
    county_officer: User,
    learner: User,
    school: Organisation,
    clock: Clock,
) -> None:
    session.add(
        Leave(
            user_id=learner.id,
            organisation_id=school.id,
            starts_at=clock.at + timedelta(days=7),
            ends_at=clock.at + timedelta(days=9),
            reason_class="sick",
            reason="手术后休养。",
            state=LeaveState.AT_BUREAU,
            created_at=clock.at,
            submitted_at=clock.at,
            school_at=clock.at,
        )
    )
    session.commit()
    page = as_user(county_officer).get("/").text
    assert "等您办理" in page
    assert "现在没有等您办理的" not in page


def test_a_teacher_without_a_workshop_is_told_whom_to_ask(
    session: Session, as_user: AsUser, school: Organisation
) -> None:
    newcomer = factories.make_user(session, school=school)
    assert "您还没有参加工作坊" in as_user(newcomer).get("/").text


def test_every_entry_of_the_menu_has_a_picture_of_its_own(
    app: Flask, as_user: AsUser, county_officer: User, workshop_leader: User
) -> None:
    pictures: Any = app.jinja_env.get_template("ui/icon.html").module
    unknown = str(pictures.icon("no such picture"))
    for person in (county_officer, workshop_leader):
        page = as_user(person).get("/").text
        assert 'class="icon"' in page
        assert unknown not in page
