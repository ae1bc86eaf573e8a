"""Passwords: what is too weak, and how they are kept."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.audit.models import AuditEntry
from portal.config import DEFAULTS
from portal.errors import Invalid
from portal.organisations.models import Organisation
from portal.testing.factories import make_user
from portal.testing.fixtures import AsUser
from portal.users import passwords
from portal.users.models import User

pytestmark = pytest.mark.one_database

HASHER = passwords.hasher(1, 8)
OLD = "lvshu chuangwai 7"
NEW = "qingxi heliu 92"


@pytest.fixture
def teacher(session: Session, school: Organisation) -> User:
    """A teacher about whom a colleague knows a good deal."""
    user = make_user(
        session,
        "欧阳晓燕",
        school=school,
        username="ouyangxy",
        mobile="13800000012",
        email="ouyang.xy@example.com",
        birth_date=date(1980, 3, 5),
        id_no_masked="999001********1234",
        password_hash=passwords.hash_password(HASHER, OLD),
    )
    session.commit()
    return user


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("abc", "password_too_short"),
        ("1234567", "password_too_short"),
        ("x" * 129, "password_too_long"),
        ("2938475610", "password_digits_only"),
        ("\uff12\uff19\uff13\uff18\uff14\uff17\uff15\uff16", "password_digits_only"),
        ("password", "password_common"),
        ("Password2024", "password_common"),
        ("P@ssw0rd!", "password_common"),
        ("woaini1314", "password_common"),
        ("laoshi666", "password_common"),
        ("1qaz2wsx", "password_common"),
        ("qwertyuiop1", "password_common"),
        ("12345678a", "password_common"),
        ("zyxw4321", "password_common"),
        ("aaaaaaaa1", "password_common"),
        ("abcabcabc", "password_common"),
        ("ouyangxy2", "password_own_data"),
        ("ouyang.xy99", "password_own_data"),
        ("13800000012x", "password_own_data"),
        ("x19800305", "password_own_data"),
        ("欧阳晓燕1980", "password_own_data"),
        ("999001ab1234", "password_own_data"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused(
    teacher: User, password: str, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        passwords.check_strength(password, teacher)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "password",
    ["春风又绿江南岸2", "kitchen lamp 92", "lvshu-chuang7", "ouyangxy 爱吃橘子"],
)
def test_a_password_of_unrelated_words_is_taken(teacher: User, password: str) -> None:
    passwords.check_strength(password, teacher)


def test_a_hash_is_argon2id_and_does_not_hold_the_password() -> None:
    kept = passwords.hash_password(HASHER, OLD)
    assert kept.startswith("$argon2id$")
    assert OLD not in kept
    assert kept != passwords.hash_password(HASHER, OLD)


def test_a_broken_hash_in_the_database_is_a_wrong_password() -> None:
    assert not passwords.verify(HASHER, "rubbish", OLD)


def test_the_password_of_nobody_is_right_for_nobody() -> None:
    assert not passwords.verify(HASHER, None, "the password of nobody")


def test_the_configured_costs_are_not_below_what_is_recommended() -> None:
    """OWASP: at least two passes over 19 MiB with one lane."""
    assert DEFAULTS["ARGON2_TIME_COST"] >= 2
    assert DEFAULTS["ARGON2_MEMORY_KIB"] >= 19 * 1024


def change(
    client: FlaskClient, current: str, new: str, again: str | None = None
) -> TestResponse:
    data = {"current": current, "password": new, "again": again or new}
    return client.post("/account/password", data=data)


def test_a_person_changes_their_password(
    as_user: AsUser, session: Session, teacher: User
) -> None:
    client = as_user(teacher)
    assert change(client, OLD, NEW).status_code == 303
    session.refresh(teacher)
    assert passwords.verify(HASHER, teacher.password_hash, NEW)
    assert client.get("/account").status_code == 200
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_id) == ("password.changed", teacher.id)


@pytest.mark.parametrize(
    ("current", "new", "again", "sentence"),
    [
        ("wrong", NEW, NEW, "现在的密码不对。"),
        (OLD, NEW, "other words 1", "两次填写的新密码不一样。"),
        (OLD, "short", "short", "密码至少要 8 个字符。"),
        ("", NEW, NEW, "请填写现在的密码。"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(
    as_user: AsUser,
    session: Session,
    teacher: User,
    current: str,
    new: str,
    again: str,
    sentence: str,
) -> None:
    answer = change(as_user(teacher), current, new, again)
    assert answer.status_code == 422
    assert sentence in answer.text
    session.refresh(teacher)
    assert passwords.verify(HASHER, teacher.password_hash, OLD)


def test_the_old_password_cannot_be_guessed_from_an_open_browser(
    as_user: AsUser, session: Session, teacher: User
) -> None:
    client = as_user(teacher)
    for _ in range(6):
        change(client, "wrong", NEW)
    assert "秒后再试" in change(client, OLD, NEW).text
    session.refresh(teacher)
    assert passwords.verify(HASHER, teacher.password_hash, OLD)
