"""What every request passes through: hosts, origins, access and headers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.tenants import Tenant
from portal.testing.fixtures import AsUser
from portal.users.models import User
from portal.workshops.models import Workshop

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_another_site_changes_nothing(
    as_user: AsUser, learner: User, headers: dict[str, str]
) -> None:
    browser = as_user(learner)
    assert browser.post("/logout", headers=headers).status_code == 403
    assert browser.get("/").status_code == 200


def test_a_form_of_this_site_is_taken(as_user: AsUser, learner: User) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert as_user(learner).post("/logout", headers=headers).status_code == 303


def test_an_unknown_host_name_is_refused(client: FlaskClient, tenant: Tenant) -> None:
    answer = client.get("/login", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_links_are_never_built_from_a_forwarded_host(
    client: FlaskClient, tenant: Tenant
) -> None:
    answer = client.get("/login", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.text


def test_a_page_nobody_logged_in_for_leads_to_the_login(
    client: FlaskClient, tenant: Tenant
) -> None:
    answer = client.get("/record")
    assert answer.status_code == 303
    assert answer.location == "/login"


def test_a_script_without_login_is_told_so(client: FlaskClient, tenant: Tenant) -> None:
    answer = client.get("/record", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert answer.json == {"error": "login"}


def test_every_page_carries_the_headers(as_user: AsUser, learner: User) -> None:
    answer = as_user(learner).get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_the_cookie_is_out_of_reach_of_scripts(app: Flask) -> None:
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_a_page_that_is_not_there_says_so_politely(
    as_user: AsUser, learner: User
) -> None:
    answer = as_user(learner).get("/workshops/999999")
    assert answer.status_code == 404
    assert "<h1" in answer.text


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
@pytest.mark.parametrize(
    "path", ["/submissions/{}", "/activities/{}", "/files/{}", "/workshops/{}/overview"]
)
def test_a_number_that_no_row_can_have_is_not_found(
    as_user: AsUser, learner: User, path: str, number: int
) -> None:
    assert as_user(learner).get(path.format(number)).status_code == 404


def test_signs_that_no_keyboard_writes_are_left_out_of_what_was_sent(
    as_user: AsUser,
    county_officer: User,
    county: Organisation,
    workshop: Workshop,
    session: Session,
) -> None:
    browser = as_user(county_officer)

    found = browser.get("/credits/register?q=%00陈%07")
    look = browser.post(
        f"/look/{county.id}", data={"title": "清\x00溪\x1b研修", "theme": "inkstone"}
    )
    worth = browser.post(
        f"/workshops/{workshop.id}/worth", data={"lecturer": "王\x00老师"}
    )

    assert found.status_code == 200
    assert 'value="陈"' in found.text
    assert look.status_code == 303
    session.refresh(county)
    assert county.site_title == "清溪研修"
    assert worth.status_code in (303, 422)
