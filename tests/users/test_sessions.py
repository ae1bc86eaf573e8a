"""Sessions: new at login, dead at once when ended, never another county's (V15)."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.tenants import Tenant
from portal.testing.factories import make_user
from portal.testing.fixtures import AsUser, Clock
from portal.users import passwords, service, sessions
from portal.users.devices import describe
from portal.users.models import LoginSession, User
from portal.users.words import device_words

PASSWORD = "lvshu chuangwai 7"
HASHER = passwords.hasher(1, 8)


@pytest.fixture
def teacher(session: Session, school: Organisation) -> User:
    """A teacher with a password."""
    user = make_user(
        session,
        school=school,
        username="chenxy",
        password_hash=passwords.hash_password(HASHER, PASSWORD),
    )
    session.commit()
    return user


def log_in(client: FlaskClient, **more: str) -> Any:
    return client.post("/login", data={"name": "chenxy", "password": PASSWORD, **more})


def is_logged_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def value_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("portal")
    assert cookie is not None
    return cookie.value


def put_back(app: Flask, value: str) -> FlaskClient:
    """A browser with a cookie that somebody copied."""
    thief = app.test_client()
    thief.set_cookie("portal", value)
    return thief


def test_the_cookie_after_login_is_another(
    client: FlaskClient, app: Flask, teacher: User
) -> None:
    client.get("/login")
    client.get("/account")
    before = value_of(client)
    log_in(client)
    after = value_of(client)
    assert before != after
    assert is_logged_in(client)
    assert not is_logged_in(put_back(app, before))


def test_logging_in_again_ends_the_session_before(
    client: FlaskClient, app: Flask, teacher: User
) -> None:
    log_in(client)
    first = value_of(client)
    log_in(client)
    assert not is_logged_in(put_back(app, first))
    assert is_logged_in(client)


def test_the_cookie_is_kept_for_the_idle_time_and_from_scripts(
    client: FlaskClient, teacher: User
) -> None:
    answer = log_in(client)
    header = answer.headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Expires=" in header


def test_a_logged_out_cookie_is_dead_at_once(
    client: FlaskClient, app: Flask, teacher: User
) -> None:
    log_in(client)
    old = value_of(client)
    assert client.post("/logout").status_code == 303
    assert not is_logged_in(client)
    assert not is_logged_in(put_back(app, old))


def test_the_cookie_of_a_suspended_person_is_dead_at_once(
    client: FlaskClient, session: Session, teacher: User
) -> None:
    log_in(client)
    service.suspend(session, teacher, by_id=None)
    session.commit()
    assert not is_logged_in(client)
    assert log_in(client).status_code == 401
    service.readmit(session, teacher, by_id=None)
    session.commit()
    assert log_in(client).status_code == 303


def test_changing_the_password_ends_every_session_and_opens_a_new_one(
    client: FlaskClient, app: Flask, teacher: User
) -> None:
    other = app.test_client()
    log_in(client)
    log_in(other)
    old = value_of(client)
    new = "qingxi heliu 92"
    data = {"current": PASSWORD, "password": new, "again": new}
    assert client.post("/account/password", data=data).status_code == 303
    assert is_logged_in(client)
    assert not is_logged_in(other)
    assert not is_logged_in(put_back(app, old))


def test_a_person_logs_out_their_other_devices(
    client: FlaskClient, app: Flask, session: Session, teacher: User
) -> None:
    other = app.test_client()
    log_in(client)
    log_in(other)
    page = client.get("/account").text
    assert page.count("这台设备") == 1
    assert client.post("/account/devices").status_code == 303
    assert is_logged_in(client)
    assert not is_logged_in(other)
    assert "退出其他设备</span>" not in client.get("/account").text


def test_a_session_ends_after_the_idle_time(
    client: FlaskClient, session: Session, teacher: User, clock: Clock
) -> None:
    log_in(client)
    clock.move(days=13)
    client.get("/account").close()
    clock.move(days=13)
    assert is_logged_in(client)
    clock.move(days=14, seconds=1)
    assert not is_logged_in(client)


def test_a_token_of_another_county_is_nobody(
    app: Flask,
    as_user: AsUser,
    teacher: User,
    other_tenant: Tenant,
) -> None:
    client = as_user(teacher)
    cookie = value_of(client)
    elsewhere = app.test_client()
    elsewhere.set_cookie("portal", cookie, domain="other.example")
    answer = elsewhere.get("/account", base_url="http://other.example/")
    assert answer.status_code == 303
    assert is_logged_in(client)


def test_the_database_holds_no_token_that_logs_in(
    client: FlaskClient, session: Session, teacher: User
) -> None:
    log_in(client)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    row = session.scalars(select(LoginSession)).one()
    assert row.token_digest == sessions.token_digest(token)
    assert token not in repr(vars(row))
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.token_digest
    assert not is_logged_in(client)


def test_private_pages_are_kept_by_no_cache(as_user: AsUser, teacher: User) -> None:
    answer = as_user(teacher).get("/account")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_a_look_at_a_page_writes_no_login_row(
    client: FlaskClient, session: Session, tenant: Tenant
) -> None:
    client.get("/login")
    client.get("/account")
    assert session.scalar(select(func.count(LoginSession.id))) == 0


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/116 MicroMessenger/8.0",
            "微信 · 安卓",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Edg/120", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone) Version/17 Safari/604", "Safari · iPhone"),
        ("", "其他浏览器 · 其他设备"),
    ],
)
def test_a_device_is_named_as_people_call_it(
    agent: str, words: str, app: Flask
) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert device_words(describe(agent)) == words
        assert device_words("test") == "其他浏览器 · 其他设备"


# Preferences and the language


def test_the_language_can_be_chosen_before_logging_in(
    client: FlaskClient, tenant: Tenant
) -> None:
    answer = client.post("/language", data={"locale": "en", "next": "/activate"})
    assert answer.location == "/activate"
    assert '<html lang="en"' in client.get("/login").text
    assert client.post("/language", data={"locale": "xx"}).status_code == 422


def test_the_chosen_language_belongs_to_the_person(
    client: FlaskClient, app: Flask, session: Session, teacher: User
) -> None:
    log_in(client)
    client.post("/language", data={"locale": "en"})
    session.refresh(teacher)
    assert teacher.locale == "en"
    other = app.test_client()
    log_in(other)
    assert '<html lang="en"' in other.get("/account").text


def test_preferences_are_kept_and_worn_by_the_browser(
    as_user: AsUser, session: Session, teacher: User
) -> None:
    client = as_user(teacher)
    data = {"locale": "zh_Hans_CN", "scheme": "dark"}
    assert client.post("/account/preferences", data=data).status_code == 303
    session.refresh(teacher)
    assert (teacher.locale, teacher.scheme) == ("zh_Hans_CN", "dark")
    assert 'data-scheme="dark"' in client.get("/account").text
    client.post("/account/preferences", data=data | {"scheme": "device"})
    session.refresh(teacher)
    assert teacher.scheme is None
    bad = client.post("/account/preferences", data=data | {"scheme": "neon"})
    assert bad.status_code == 422


# CSRF (V16) and mass assignment (V17)


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The app with the protection that other tests switch off."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


POSTS = [
    "/login",
    "/logout",
    "/language",
    "/activate",
    "/activate/password",
    "/account/preferences",
    "/account/password",
    "/account/devices",
]


@pytest.mark.parametrize("path", POSTS)
def test_no_post_is_heard_without_its_token(
    guarded: Flask,
    as_user: AsUser,
    session: Session,
    teacher: User,
    path: str,
) -> None:
    client = as_user(teacher)
    data = {"name": "chenxy", "password": PASSWORD, "locale": "en", "scheme": "dark"}
    before = {c.key: getattr(teacher, c.key) for c in User.__table__.columns}
    assert client.post(path, data=data).status_code == 400
    assert client.post(path, data=data | {"csrf_token": "forged"}).status_code == 400
    session.refresh(teacher)
    assert before == {c: getattr(teacher, c) for c in before}
    assert is_logged_in(client)


@pytest.mark.parametrize("path", POSTS)
def test_the_token_of_another_person_is_none(
    guarded: Flask,
    as_user: AsUser,
    session: Session,
    school: Organisation,
    teacher: User,
    path: str,
) -> None:
    stranger = as_user(make_user(session, school=school))
    fetch = {"X-Requested-With": "fetch"}
    token = stranger.get("/login", headers=fetch).get_json()["csrf_token"]
    client = as_user(teacher)
    client.get("/account")
    data = {"csrf_token": token, "locale": "en", "scheme": "dark"}
    assert client.post(path, data=data).status_code == 400
    assert is_logged_in(client)


@pytest.mark.parametrize("path", ["/logout", "/language", "/account/devices"])
def test_an_image_that_names_a_deed_does_nothing(
    as_user: AsUser, teacher: User, path: str
) -> None:
    client = as_user(teacher)
    assert client.get(path).status_code == 405
    assert is_logged_in(client)


def test_a_script_logs_in_with_the_token_it_asked_for(
    guarded: Flask, client: FlaskClient, teacher: User
) -> None:
    fetch = {"X-Requested-With": "fetch"}
    token = client.get("/login", headers=fetch).get_json()["csrf_token"]
    data = {"name": "chenxy", "password": PASSWORD}
    assert client.post("/login", data=data, headers=fetch).status_code == 401
    headers = fetch | {"X-CSRFToken": token}
    answer = client.post("/login", data=data, headers=headers)
    assert answer.get_json()["user"] == teacher.id
    new = answer.get_json()["csrf_token"]
    assert client.post("/logout", headers=headers).status_code == 401
    assert (
        client.post("/logout", headers=fetch | {"X-CSRFToken": new}).status_code == 200
    )


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/account/preferences", {"locale", "scheme"}),
        ("/language", {"locale"}),
        ("/account/password", set()),
        ("/account/devices", set()),
        ("/activate", set()),
    ],
)
def test_posting_every_column_changes_only_what_the_form_is_for(
    as_user: AsUser,
    session: Session,
    teacher: User,
    path: str,
    allowed: set[str],
) -> None:
    columns = [column.key for column in User.__table__.columns]
    before = {key: getattr(teacher, key) for key in columns}
    data = dict.fromkeys(columns, "9") | {
        "locale": "en",
        "scheme": "dark",
        "state": "suspended",
        "role": "county_officer",
        "is_admin": "1",
    }
    as_user(teacher).post(path, data=data)
    session.refresh(teacher)
    changed = {key for key in columns if getattr(teacher, key) != before[key]}
    assert changed <= allowed
