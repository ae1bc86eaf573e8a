"""V16: looking changes nothing, and no form is taken without its token."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.routing import Rule

from portal.testing.everything import Everything
from portal.testing.fingerprints import fingerprint
from portal.testing.fixtures import Clock

pytestmark = pytest.mark.one_database

SEEN = ("user.last_seen_at", "login_session.seen_at", "login_session.expires_at")
"""All that a visit may leave behind: that there was one."""

PEOPLE = (
    "owner",
    "group leader",
    "workshop leader",
    "school officer",
    "county officer",
)

REFUSED = (400, 401, 403)
"""401: the log-in page, which carries what was written on it."""

Browse = Callable[..., FlaskClient]


def rules(app: Flask, method: str) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_that_is_only_looked_at_writes_anything(
    who: str,
    app: Flask,
    everything: Everything,
    as_user: Browse,
    connection: Connection,
    clock: Clock,
) -> None:
    browser = as_user(everything.people[who])
    before, wrote = fingerprint(connection, leave_out=SEEN), []
    clock.move(hours=1)
    for rule in rules(app, "GET"):
        address = everything.address(rule)
        with browser.get(address) as answer:
            assert answer.status_code < 500, address
        if fingerprint(connection, leave_out=SEEN) != before:
            wrote.append(address)
            before = fingerprint(connection, leave_out=SEEN)

    assert not wrote


@pytest.mark.usefixtures("forms_are_protected")
@pytest.mark.parametrize("who", PEOPLE)
def test_no_form_is_taken_without_its_token(
    who: str,
    app: Flask,
    everything: Everything,
    as_user: Browse,
    connection: Connection,
) -> None:
    browser = as_user(everything.people[who])
    before = fingerprint(connection, leave_out=SEEN)
    for rule in rules(app, "POST"):
        address = everything.address(rule)
        with browser.post(address, data={"text": "没有令牌"}) as answer:
            assert answer.status_code in REFUSED, address

    assert fingerprint(connection, leave_out=SEEN) == before


@pytest.mark.parametrize(
    "header",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["origin", "fetch-site"],
)
def test_no_form_of_another_site_is_taken(
    header: dict[str, str],
    app: Flask,
    everything: Everything,
    as_user: Browse,
    connection: Connection,
) -> None:
    browser = as_user(everything.people["county officer"])
    before = fingerprint(connection, leave_out=SEEN)
    for rule in rules(app, "POST"):
        address = everything.address(rule)
        with browser.post(address, headers=header) as answer:
            assert answer.status_code in REFUSED, address

    assert fingerprint(connection, leave_out=SEEN) == before


def test_a_picture_that_points_at_the_way_out_logs_nobody_out(
    everything: Everything, as_user: Browse
) -> None:
    browser = as_user(everything.people["owner"])

    assert browser.get("/logout").status_code == 405
    assert browser.get("/account").status_code == 200
