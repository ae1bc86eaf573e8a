"""ID numbers: encrypted at rest, found exactly, shown with a reason (V24)."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.audit.models import AuditEntry
from portal.errors import Invalid, NotFound
from portal.organisations.models import Organisation
from portal.testing.factories import make_user
from portal.testing.fixtures import AsUser
from portal.users import id_numbers, passwords
from portal.users.models import User

pytestmark = pytest.mark.one_database

NUMBER = "999001198003050018"
PASSWORD = "lvshu chuangwai 7"
KEY = Fernet.generate_key().decode()


@pytest.fixture
def holder(session: Session, app: Flask, school: Organisation) -> User:
    """A teacher whose number is on record."""
    user = make_user(session, school=school)
    id_numbers.keep(user, NUMBER, app.config["ID_NUMBER_KEY"])
    session.commit()
    return user


def reveal(client: FlaskClient, user: User, **data: str) -> TestResponse:
    form = {"reason": "核对国培名单", "password": PASSWORD} | data
    return client.post(f"/person/{user.id}/id-number", data=form)


@pytest.fixture
def officer(as_user: AsUser, session: Session, county_officer: User) -> FlaskClient:
    """The county officer's browser; the officer has a password."""
    known = passwords.hash_password(passwords.hasher(1, 8), PASSWORD)
    county_officer.password_hash = known
    return as_user(county_officer)


def test_the_database_does_not_hold_the_number(
    session: Session, connection: Connection, holder: User
) -> None:
    row = connection.execute(
        text('SELECT * FROM "user" WHERE id = :id'), {"id": holder.id}
    ).one()
    assert NUMBER not in repr(row)
    assert NUMBER[6:14] not in repr(row.id_no_digest)
    assert row.id_no_masked == "999001********0018"


def test_the_same_number_is_encrypted_anew_and_digested_alike(holder: User) -> None:
    first, second = User(), User()
    id_numbers.keep(first, NUMBER, KEY)
    id_numbers.keep(second, NUMBER, KEY)
    assert first.id_no_encrypted != second.id_no_encrypted
    assert first.id_no_digest == second.id_no_digest
    assert first.id_no_digest != holder.id_no_digest, "another key, another digest"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (NUMBER, True),
        (f" {NUMBER[:6]} {NUMBER[6:]} ", True),
        (NUMBER[:17], False),
        ("999001********0018", False),
        ("", False),
    ],
)
def test_a_number_is_found_by_exact_match_only(
    session: Session, app: Flask, holder: User, typed: str, found: bool
) -> None:
    key = app.config["ID_NUMBER_KEY"]
    assert id_numbers.find(session, typed, key) == (holder if found else None)


def test_an_officer_sees_it_with_reason_and_password_and_is_written_down(
    officer: FlaskClient, session: Session, holder: User, county_officer: User
) -> None:
    answer = reveal(officer, holder)
    assert answer.status_code == 200
    assert NUMBER in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_id) == ("id_number.revealed", county_officer.id)
    assert (entry.subject_id, entry.detail) == (holder.id, {"reason": "核对国培名单"})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reason": ""}, "请写明理由。"),
        ({"reason": "查"}, "请写明理由，至少 4 个字。"),
        ({"password": "wrong"}, "密码不对。"),
        ({"password": ""}, "请填写您自己的密码。"),
    ],
)
def test_without_reason_or_password_it_stays_masked(
    officer: FlaskClient,
    session: Session,
    holder: User,
    data: dict[str, str],
    sentence: str,
) -> None:
    answer = reveal(officer, holder, **data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert NUMBER not in answer.text
    assert session.scalars(select(AuditEntry)).all() == []


def test_the_password_cannot_be_guessed_here_either(
    officer: FlaskClient, holder: User
) -> None:
    for _ in range(6):
        reveal(officer, holder, password="wrong")
    answer = reveal(officer, holder)
    assert "秒后再试" in answer.text
    assert NUMBER not in answer.text


def test_no_page_shows_the_number_unasked(
    officer: FlaskClient,
    as_user: AsUser,
    session: Session,
    school: Organisation,
    holder: User,
) -> None:
    pages = [
        as_user(holder).get("/account"),
        officer.get(f"/person/{holder.id}"),
        officer.get(f"/person/{holder.id}/id-number"),
        officer.get(f"/organisations/{school.id}"),
        officer.get("/audit"),
    ]
    reveal(officer, holder)
    pages.append(officer.get("/audit"))
    assert {page.status_code for page in pages} == {200}
    assert not any(NUMBER in page.text for page in pages)


def test_who_may_not_see_numbers_is_refused(
    as_user: AsUser,
    holder: User,
    school_officer: User,
    learner: User,
) -> None:
    for user in (school_officer, learner, holder):
        assert reveal(as_user(user), holder).status_code == 403


def test_a_person_without_a_number_has_no_such_page(
    officer: FlaskClient, session: Session, learner: User, county_officer: User
) -> None:
    assert officer.get(f"/person/{learner.id}/id-number").status_code == 404
    with pytest.raises(NotFound):
        id_numbers.reveal(
            session, learner, by_id=county_officer.id, reason="核对名单", key=KEY
        )
    with pytest.raises(Invalid):
        id_numbers.reveal(session, learner, by_id=county_officer.id, reason="", key=KEY)


def test_the_log_holds_no_number(
    officer: FlaskClient, holder: User, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level("DEBUG")
    reveal(officer, holder)
    reveal(officer, holder, password="wrong")
    assert NUMBER not in caplog.text
    assert PASSWORD not in caplog.text
