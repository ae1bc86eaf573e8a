"""Enabling plugins on their page: by whom, where, and only what is installed."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation, OrganisationPlugin
from portal.testing.fixtures import AsUser
from portal.users.models import User


def decide(browser: FlaskClient, place: Organisation, name: str, decision: str) -> int:
    path = f"/plugins/{place.id}/{name}"
    return browser.post(path, data={"decision": decision}).status_code


def decisions(session: Session) -> set[tuple[int, str, bool]]:
    session.expire_all()
    return {
        (row.organisation_id, row.plugin, row.enabled)
        for row in session.scalars(select(OrganisationPlugin))
    }


def test_a_school_decides_for_itself_what_the_county_admitted(
    as_user: AsUser,
    session: Session,
    school: Organisation,
    other_school: Organisation,
    county: Organisation,
    school_officer: User,
) -> None:
    browser = as_user(school_officer)
    assert decide(browser, school, "journal", "disable") == 303
    assert (school.id, "journal", False) in decisions(session)
    assert decide(browser, other_school, "journal", "disable") == 404
    assert decide(browser, county, "journal", "disable") in (403, 404)
    assert (county.id, "journal", True) in decisions(session)


@pytest.mark.parametrize("decision", ["enable", "admit", "disable"])
@pytest.mark.parametrize("name", ["nothing", "x" * 500])
def test_nothing_is_decided_about_what_is_not_installed(
    as_user: AsUser,
    session: Session,
    county: Organisation,
    county_officer: User,
    name: str,
    decision: str,
) -> None:
    before = decisions(session)
    assert decide(as_user(county_officer), county, name, decision) == 404
    assert decisions(session) == before


def test_the_county_admits_and_the_school_that_wants_it_enables(
    as_user: AsUser,
    session: Session,
    county: Organisation,
    school: Organisation,
    county_officer: User,
    school_officer: User,
) -> None:
    bureau, office = as_user(county_officer), as_user(school_officer)
    assert decide(bureau, county, "journal", "disable") == 303
    assert "未准许" in bureau.get("/plugins").text
    assert "县里尚未准许" in office.get("/plugins").text
    assert decide(office, school, "journal", "enable") == 422

    assert decide(bureau, county, "journal", "admit") == 303
    assert "还没有单位启用" in bureau.get("/plugins").text
    assert "未启用" in office.get("/plugins").text
    assert decide(office, school, "journal", "admit") == 422
    assert decide(office, school, "journal", "enable") == 303

    assert f"已启用：{school.name}" in bureau.get("/plugins").text
    assert {(county.id, "journal", False), (school.id, "journal", True)} <= decisions(
        session
    )


@pytest.mark.parametrize("decision", ["", "yes", "remove"])
def test_a_decision_that_is_none_changes_nothing(
    as_user: AsUser,
    session: Session,
    county: Organisation,
    county_officer: User,
    decision: str,
) -> None:
    before = decisions(session)
    assert decide(as_user(county_officer), county, "journal", decision) == 400
    assert decisions(session) == before


def test_a_learner_does_not_see_the_page(as_user: AsUser, learner: User) -> None:
    assert as_user(learner).get("/plugins").status_code == 403
