"""Enabling plugins on their page: by whom, where, and only what is installed."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation, OrganisationPlugin
from portal.users.models import User

AsUser = Callable[[User], FlaskClient]


def decide(browser: FlaskClient, place: Organisation, name: str, enabled: str) -> int:
    path = f"/plugins/{place.id}/{name}"
    return browser.post(path, data={"enabled": enabled}).status_code


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
    assert decide(browser, school, "journal", "no") == 303
    assert (school.id, "journal", False) in decisions(session)
    assert decide(browser, other_school, "journal", "no") == 404
    assert decide(browser, county, "journal", "no") in (403, 404)
    assert (county.id, "journal", True) in decisions(session)


@pytest.mark.parametrize("enabled", ["yes", "no"])
@pytest.mark.parametrize("name", ["nothing", "x" * 500])
def test_nothing_is_decided_about_what_is_not_installed(
    as_user: AsUser,
    session: Session,
    county: Organisation,
    county_officer: User,
    name: str,
    enabled: str,
) -> None:
    before = decisions(session)
    assert decide(as_user(county_officer), county, name, enabled) == 404
    assert decisions(session) == before


def test_a_learner_does_not_see_the_page(as_user: AsUser, learner: User) -> None:
    assert as_user(learner).get("/plugins").status_code == 403
