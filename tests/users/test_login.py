"""Logging in by name, mobile or mail, and what it tells a stranger (V22, V23)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.errors import TooMany
from portal.organisations.models import (
    Organisation,
)
from portal.tenants import Tenant
from portal.testing.factories import make_user
from portal.testing.fixtures import AsUser, Clock
from portal.users import passwords, service, throttle
from portal.users.models import LoginFailure, LoginSession, User, UserState
from portal.users.throttle import Origin

pytestmark = pytest.mark.one_database

PASSWORD = "lvshu chuangwai 7"
HASHER = passwords.hasher(1, 8)
HERE = Origin("192.0.2.7", "pepper")


@pytest.fixture
def teacher(session: Session, school: Organisation) -> User:
    """A teacher with a password, a mobile number and an address."""
    user = make_user(
        session,
        school=school,
        username="chenxy",
        mobile="13800000012",
        email="Chen@example.com",
        email_key="chen@example.com",
        password_hash=passwords.hash_password(HASHER, PASSWORD),
    )
    session.commit()
    return user


def log_in(client: FlaskClient, name: str, password: str, **options: Any) -> Any:
    data = {"name": name, "password": password}
    return client.post("/login", data=data, **options)


def said(answer: Any) -> str:
    """What the page says, without the frame around it."""
    return str(answer.text).split("<main")[1].split("</main>")[0]


def is_logged_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "chenxy",
        "ChenXY",
        "\uff43henxy",
        " chenxy\u200b",
        "13800000012",
        "+86 138-0000-0012",
        "Chen@example.com",
        "chen@EXAMPLE.com",
    ],
)
def test_a_person_logs_in_by_user_name_mobile_or_mail(
    client: FlaskClient, teacher: User, name: str
) -> None:
    answer = log_in(client, name, PASSWORD)
    assert answer.status_code == 303
    assert answer.location == "/"
    assert is_logged_in(client)


def test_a_full_width_password_of_an_input_method_is_understood(
    client: FlaskClient, teacher: User
) -> None:
    wide = PASSWORD.replace("7", "\uff17")
    assert log_in(client, "chenxy", wide).status_code == 303


def test_a_wrong_password_does_not_log_in(client: FlaskClient, teacher: User) -> None:
    answer = log_in(client, "chenxy", "something else 1")
    assert answer.status_code == 401
    assert "用户名或密码不对" in answer.text
    assert 'value="chenxy"' in answer.text
    assert "something else 1" not in answer.text
    assert not is_logged_in(client)


def test_a_mobile_that_two_people_share_logs_in_neither(
    client: FlaskClient, session: Session, teacher: User, school: Organisation
) -> None:
    make_user(session, school=school, mobile=teacher.mobile)
    session.commit()
    by_mobile = log_in(client, "13800000012", PASSWORD)
    unknown = log_in(client, "13800000099", PASSWORD)
    assert by_mobile.status_code == unknown.status_code == 401
    assert said(by_mobile).replace("13800000012", "") == said(unknown).replace(
        "13800000099", ""
    )
    assert log_in(client, "chenxy", PASSWORD).status_code == 303


def test_a_person_of_another_county_cannot_log_in_here(
    client: FlaskClient, session: Session, teacher: User, other_tenant: Tenant
) -> None:
    url = "http://other.example/"
    assert log_in(client, "chenxy", PASSWORD, base_url=url).status_code == 401


def test_an_empty_form_says_what_is_missing(
    client: FlaskClient, tenant: Tenant
) -> None:
    answer = log_in(client, "", "")
    assert answer.status_code == 422
    assert "请填写密码" in answer.text


def test_a_script_logs_in_in_place_and_gets_a_new_token(
    client: FlaskClient, teacher: User
) -> None:
    headers = {"X-Requested-With": "fetch"}
    before = client.get("/login", headers=headers).get_json()
    answer = log_in(client, "chenxy", PASSWORD, headers=headers)
    assert answer.status_code == 200
    assert answer.get_json()["user"] == teacher.id
    assert answer.get_json()["csrf_token"] != before["csrf_token"]
    wrong = log_in(client, "chenxy", "something else 1", headers=headers)
    assert wrong.status_code == 401
    assert wrong.get_json()["error"] == "login_failed"


def test_a_hash_with_old_costs_is_renewed_at_login(
    client: FlaskClient, session: Session, teacher: User
) -> None:
    teacher.password_hash = passwords.hash_password(passwords.hasher(2, 16), PASSWORD)
    session.commit()
    log_in(client, "chenxy", PASSWORD)
    session.refresh(teacher)
    assert "m=8,t=1" in (teacher.password_hash or "")


# V22: nothing tells who has an account


@pytest.mark.parametrize("state", [UserState.SUSPENDED, UserState.INVITED])
def test_a_right_password_of_a_closed_account_is_answered_like_a_wrong_one(
    client: FlaskClient, session: Session, teacher: User, state: UserState
) -> None:
    wrong = log_in(client, "chenxy", "something else 1")
    teacher.state = state
    session.commit()
    closed = log_in(client, "chenxy", PASSWORD)
    assert (closed.status_code, said(closed)) == (wrong.status_code, said(wrong))


def test_known_and_unknown_names_get_the_same_answer_for_the_same_work(
    client: FlaskClient,
    session: Session,
    school: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(200):
        make_user(
            session,
            school=school,
            username=f"known{number:03d}",
            password_hash=passwords.hash_password(HASHER, PASSWORD),
        )
    session.commit()
    verified: list[str] = []
    original = type(HASHER).verify

    def count(self: Any, known: str, password: str) -> Any:
        verified.append(known.rsplit("$", 2)[0])
        return original(self, known, password)

    monkeypatch.setattr(type(HASHER), "verify", count)
    answers = set()
    for number in range(200):
        for kind in ("known", "nobdy"):
            name = f"{kind}{number:03d}"
            monkeypatch.setattr(throttle, "PER_ADDRESS", 1000)
            answer = log_in(client, name, "something else 1")
            answers.add((answer.status_code, said(answer).replace(name, "NAME")))
    assert len(answers) == 1
    assert len(verified) == 400
    assert len(set(verified)) == 1, "every name costs a hash with the same settings"


def test_waiting_does_not_tell_who_has_an_account(
    client: FlaskClient, teacher: User
) -> None:
    known = [log_in(client, "chenxy", "wrong") for _ in range(7)]
    unknown = [log_in(client, "nobody", "wrong") for _ in range(7)]
    assert [a.status_code for a in known] == [a.status_code for a in unknown]
    assert known[-1].status_code == 429
    assert known[-1].headers["Retry-After"] == unknown[-1].headers["Retry-After"]
    assert said(known[-1]).replace("chenxy", "") == said(unknown[-1]).replace(
        "nobody", ""
    )


# V23: guessing is slowed down, a school is not shut out


def test_of_a_thousand_guesses_in_ten_minutes_at_most_twenty_are_looked_at(
    session: Session, teacher: User, clock: Clock
) -> None:
    looked_at, waits = 0, set()
    names = ["chenxy", "13800000012", "chen@example.com", "CHENXY"]
    for guess in range(1000):
        clock.move(seconds=0.6)
        origin = Origin(f"192.0.2.{guess % 250}", "pepper")
        try:
            service.authenticate(session, names[guess % 4], "wrong", origin, HASHER)
        except TooMany as error:
            waits.add(error.seconds)
        else:
            looked_at += 1
    assert 5 <= looked_at <= 20
    assert 0 < min(waits) <= max(waits) <= throttle.LONGEST


def test_five_hundred_teachers_behind_one_address_all_get_in(
    session: Session, school: Organisation, clock: Clock
) -> None:
    known = passwords.hash_password(HASHER, PASSWORD)
    for number in range(500):
        make_user(session, school=school, username=f"n{number}", password_hash=known)
    session.flush()
    for number in range(500):
        clock.move(seconds=0.6)
        if number % 3 == 0:
            assert not service.authenticate(session, f"n{number}", "x", HERE, HASHER)
        assert service.authenticate(session, f"n{number}", PASSWORD, HERE, HASHER)
    assert session.scalar(select(func.count(LoginFailure.id))) == 0


def test_one_password_cannot_be_tried_on_everybody_from_one_address(
    session: Session, tenant: Tenant
) -> None:
    for number in range(throttle.PER_ADDRESS):
        service.begin_login(session, f"n{number}", HERE)
    with pytest.raises(TooMany):
        service.begin_login(session, "one more", HERE)
    service.begin_login(session, "one more", Origin("198.51.100.1", "pepper"))


def test_the_whole_portal_has_a_limit_too(
    session: Session, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "IN_ALL", 30)
    for number in range(30):
        origin = Origin(f"198.51.100.{number}", "pepper")
        service.begin_login(session, f"n{number}", origin)
    with pytest.raises(TooMany):
        service.begin_login(session, "n", Origin("203.0.113.1", "pepper"))


def test_a_stranger_cannot_keep_a_person_out_of_their_own_browser(
    client: FlaskClient, app: Flask, session: Session, teacher: User
) -> None:
    log_in(client, "chenxy", PASSWORD)
    client.post("/logout")
    stranger = app.test_client()
    answers = [log_in(stranger, "chenxy", "wrong").status_code for _ in range(8)]
    assert answers[-1] == 429
    assert log_in(stranger, "chenxy", PASSWORD).status_code == 429
    assert log_in(client, "chenxy", PASSWORD).status_code == 303


def test_waiting_is_over_after_the_seconds_it_said(
    client: FlaskClient, teacher: User, clock: Clock
) -> None:
    for _ in range(6):
        answer = log_in(client, "chenxy", "wrong")
    seconds = int(answer.headers["Retry-After"])
    clock.move(seconds=seconds - 1)
    assert log_in(client, "chenxy", PASSWORD).status_code == 429
    clock.move(seconds=1)
    assert log_in(client, "chenxy", PASSWORD).status_code == 303


def test_a_try_is_on_record_before_its_password_is_looked_at(
    client: FlaskClient,
    session: Session,
    teacher: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def look(*_arguments: Any) -> bool:
        seen.append(session.scalar(select(func.count(LoginFailure.id))))
        return False

    monkeypatch.setattr(passwords, "verify", look)
    log_in(client, "chenxy", "wrong")
    log_in(client, "chenxy", "wrong")
    assert seen == [1, 2]


def test_the_table_of_failures_tells_nobody_which_accounts_exist(
    client: FlaskClient, session: Session, teacher: User
) -> None:
    log_in(client, "chenxy", "wrong")
    row = session.scalars(select(LoginFailure)).one()
    assert "chenxy" not in row.account
    assert str(teacher.id) != row.account
    assert len(row.account) == 64


def test_old_failures_are_forgotten(
    session: Session, tenant: Tenant, clock: Clock
) -> None:
    service.begin_login(session, "a", HERE)
    clock.move(hours=2)
    service.begin_login(session, "b", HERE)
    assert session.scalar(select(func.count(LoginFailure.id))) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_subscriber_is_one_address(address: str, network: str) -> None:
    assert throttle.network(address) == network


def test_the_last_sight_of_a_person_is_written_every_ten_minutes_at_most(
    as_user: AsUser,
    session: Session,
    teacher: User,
    clock: Clock,
) -> None:
    client = as_user(teacher)
    start = clock.at

    def seen_at() -> datetime:
        client.get("/account").close()
        session.expire_all()
        return session.scalars(select(LoginSession)).one().seen_at.astimezone(UTC)

    clock.move(minutes=9)
    assert seen_at() == start
    clock.move(minutes=1)
    assert seen_at() == clock.at
    row = session.scalars(select(LoginSession)).one()
    assert (row.expires_at - row.seen_at).days == 14
    session.refresh(teacher)
    assert teacher.last_seen_at == clock.at
