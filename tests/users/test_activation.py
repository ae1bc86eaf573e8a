"""Activation codes: good once, from paper, for one's own account."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry
from portal.errors import Invalid
from portal.organisations.models import Organisation
from portal.tenants import Tenant
from portal.testing.factories import give_role, make_user
from portal.testing.fixtures import AsUser, Clock
from portal.users import activation, passwords, sessions, slips
from portal.users.models import ActivationCode, User, UserState

pytestmark = pytest.mark.one_database

PEPPER = "testing"
PASSWORD = "lvshu chuangwai 7"
HASHER = passwords.hasher(1, 8)


@pytest.fixture
def newcomer(session: Session, school: Organisation) -> User:
    """A person from a roster, without a password."""
    user = make_user(
        session, "江雨晴", school=school, username="jiangyq", state=UserState.INVITED
    )
    session.commit()
    return user


def make_code(session: Session, user: User) -> str:
    made = activation.make_codes(session, [user], by_id=None, pepper=PEPPER)
    session.commit()
    return made[0].code


def enter(client: FlaskClient, code: str) -> Any:
    return client.post("/activate", data={"code": code})


def choose(client: FlaskClient, password: str = PASSWORD) -> Any:
    data = {"password": password, "again": password}
    return client.post("/activate/password", data=data)


def test_a_code_has_sixty_random_bits_in_readable_groups(
    session: Session, newcomer: User
) -> None:
    assert len(set(activation.ALPHABET)) == 32
    codes = {make_code(session, newcomer) for _ in range(50)}
    assert len(codes) == 50
    group = f"[{activation.ALPHABET}]{{4}}"
    assert all(re.fullmatch(f"{group}-{group}-{group}", code) for code in codes)
    assert not set("01IO") & set(activation.ALPHABET)


def test_only_a_keyed_digest_is_stored(session: Session, newcomer: User) -> None:
    code = make_code(session, newcomer)
    row = session.scalars(select(ActivationCode)).one()
    assert code not in repr(vars(row))
    assert activation.find(session, code, PEPPER) is row
    assert activation.find(session, code, "another pepper") is None


def test_a_newcomer_sets_a_password_and_is_logged_in(
    client: FlaskClient, session: Session, newcomer: User
) -> None:
    code = make_code(session, newcomer)
    assert enter(client, code).headers["Location"] == "/activate/password"
    assert "江雨晴" in client.get("/activate/password").text
    assert choose(client).status_code == 303
    assert client.get("/account").status_code == 200
    session.refresh(newcomer)
    assert newcomer.state == UserState.ACTIVE
    client.post("/logout")
    data = {"name": "jiangyq", "password": PASSWORD}
    assert client.post("/login", data=data).status_code == 303


@pytest.mark.parametrize(
    "typing",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.replace('-', ' ')} ",
        lambda code: code.replace("-", "\uff0d"),
    ],
)
def test_a_code_may_be_typed_in_any_way(
    client: FlaskClient,
    session: Session,
    newcomer: User,
    typing: Callable[[str], str],
) -> None:
    assert enter(client, typing(make_code(session, newcomer))).status_code == 303


def test_a_scanned_code_leaves_the_address_at_once(
    client: FlaskClient, session: Session, newcomer: User
) -> None:
    code = make_code(session, newcomer)
    answer = client.get(f"/activate?code={code}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/activate"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert f'value="{code}"' in client.get("/activate").text


def test_a_code_works_once(
    client: FlaskClient, app: Flask, session: Session, newcomer: User
) -> None:
    code = make_code(session, newcomer)
    enter(client, code)
    slow = app.test_client()
    enter(slow, code)
    choose(client)
    assert enter(app.test_client(), code).status_code == 422
    assert choose(slow, "qingxi heliu 92").headers["Location"] == "/activate"
    session.refresh(newcomer)
    assert passwords.verify(HASHER, newcomer.password_hash, PASSWORD)


def test_of_two_who_redeem_the_same_row_the_second_is_refused(
    session: Session, newcomer: User
) -> None:
    code = activation.find(session, make_code(session, newcomer), PEPPER)
    assert code is not None
    activation.redeem(session, code, PASSWORD, HASHER)
    with pytest.raises(Invalid, match="code_unknown"):
        activation.redeem(session, code, "qingxi heliu 92", HASHER)


def test_a_weak_password_does_not_use_the_code_up(
    client: FlaskClient, session: Session, newcomer: User
) -> None:
    enter(client, make_code(session, newcomer))
    answer = choose(client, "jiangyq2024")
    assert answer.status_code == 422
    assert "容易被猜中" in answer.text
    assert choose(client).status_code == 303


def test_a_code_ends_after_thirty_days(
    client: FlaskClient, session: Session, newcomer: User, clock: Clock
) -> None:
    code = make_code(session, newcomer)
    clock.move(days=30)
    assert enter(client, code).status_code == 422


def test_a_newer_code_ends_the_older(
    client: FlaskClient, session: Session, newcomer: User
) -> None:
    older = make_code(session, newcomer)
    newer = make_code(session, newcomer)
    assert enter(client, older).status_code == 422
    assert enter(client, newer).status_code == 303


def test_a_suspended_person_cannot_use_a_code(
    client: FlaskClient, session: Session, newcomer: User
) -> None:
    code = make_code(session, newcomer)
    newcomer.state = UserState.SUSPENDED
    session.commit()
    assert enter(client, code).status_code == 422


def test_a_code_of_another_county_is_unknown_here(
    client: FlaskClient, session: Session, newcomer: User, other_tenant: Tenant
) -> None:
    code = make_code(session, newcomer)
    answer = client.post(
        "/activate", data={"code": code}, base_url="http://other.example/"
    )
    assert answer.status_code == 422


def test_every_wrong_code_is_answered_alike_and_guessing_waits(
    client: FlaskClient, session: Session, newcomer: User, clock: Clock
) -> None:
    used = make_code(session, newcomer)
    make_code(session, newcomer)
    answers = [enter(client, code) for code in (used, "AAAA-BBBB-CCCC", "x")]
    assert {answer.status_code for answer in answers} == {422}
    texts = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
    assert len(set(texts)) == 1
    for _ in range(5):
        answer = enter(client, "AAAA-BBBB-CCCC")
    assert "秒后再试" in answer.text


def test_without_a_code_there_is_no_password_page(
    client: FlaskClient, tenant: Tenant
) -> None:
    answer = client.get("/activate/password")
    assert answer.headers["Location"] == "/activate"
    assert choose(client).headers["Location"] == "/activate"


# Reset by the officer


def test_a_reset_takes_the_password_ends_the_sessions_and_gives_a_slip(
    as_user: AsUser,
    client: FlaskClient,
    session: Session,
    school_officer: User,
    learner: User,
) -> None:
    learner.password_hash = passwords.hash_password(HASHER, PASSWORD)
    learners = as_user(learner)
    page = as_user(school_officer).post(f"/person/{learner.id}/reset")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert learners.get("/account").status_code == 303
    session.expire_all()
    assert learner.password_hash is None
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.text)
    assert found is not None
    assert enter(client, found.group()).status_code == 303
    assert choose(client, "qingxi heliu 92").status_code == 303
    actions = session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_id == learner.id)
    ).all()
    assert actions == ["password.reset", "activation.issued", "activation.used"]


def test_a_changed_password_ends_the_codes_that_are_out(
    session: Session, newcomer: User
) -> None:
    code = make_code(session, newcomer)
    from portal.users.service import set_password

    set_password(session, newcomer, PASSWORD, HASHER)
    assert activation.find(session, code, PEPPER) is None


@pytest.mark.parametrize("deed", ["reset", "suspend", "readmit"])
def test_nobody_touches_the_account_of_a_stranger_or_of_one_who_holds_more(
    as_user: AsUser,
    session: Session,
    county: Organisation,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
    learner: User,
    deed: str,
) -> None:
    stranger = make_user(session, school=other_school)
    above = make_user(session, school=school)
    give_role(session, above, "county_officer", county)
    officer = as_user(school_officer)
    assert officer.post(f"/person/{stranger.id}/{deed}").status_code == 404
    assert officer.post(f"/person/{above.id}/{deed}").status_code == 403
    assert officer.post(f"/person/{school_officer.id}/{deed}").status_code == 403
    assert as_user(learner).post(f"/person/{stranger.id}/{deed}").status_code == 403
    assert officer.post(f"/person/999999/{deed}").status_code == 404


def test_suspending_and_readmitting_go_over_the_page(
    as_user: AsUser,
    session: Session,
    school_officer: User,
    learner: User,
) -> None:
    officer, learners = as_user(school_officer), as_user(learner)
    assert officer.post(f"/person/{learner.id}/suspend").status_code == 303
    assert learners.get("/account").status_code == 303
    assert "已停用" in officer.get(f"/person/{learner.id}").text
    assert officer.post(f"/person/{learner.id}/reset").status_code == 422
    assert officer.post(f"/person/{learner.id}/readmit").status_code == 303
    session.refresh(learner)
    assert learner.state == UserState.INVITED, "no password was set"


# Slips


def test_slips_are_made_for_those_who_have_not_activated(
    as_user: AsUser,
    session: Session,
    school: Organisation,
    school_officer: User,
    learner: User,
    newcomer: User,
) -> None:
    officer = as_user(school_officer)
    url = f"/people/{school.id}/slips"
    assert "还有 1 人没有激活。" in officer.get(url).text
    page = officer.post(url, data={"who": "without"}).text
    assert page.count('class="card slip"') == 1
    assert "江雨晴" in page
    assert "http://127.0.0.1:8000/activate" in page
    assert 'src="data:image/svg+xml' in page
    assert learner.name not in page.split("<main")[1]
    again = officer.post(url, data={"who": "without"})
    assert again.status_code == 303, "who holds a slip gets no second by mistake"
    assert 'class="card slip"' in officer.post(url, data={"who": "all"}).text


def test_the_spreadsheet_holds_the_codes_of_the_page_and_no_others(
    as_user: AsUser,
    session: Session,
    school: Organisation,
    other_school: Organisation,
    school_officer: User,
    newcomer: User,
) -> None:
    newcomer.name = "=1+1"
    mine = make_code(session, newcomer)
    stranger = make_user(session, school=other_school, state=UserState.INVITED)
    theirs = make_code(session, stranger)
    answer = as_user(school_officer).post(
        f"/people/{school.id}/slips/excel", data={"code": [mine, theirs, "AAAA"]}
    )
    with ZipFile(BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
    assert mine in strings
    assert theirs not in strings
    assert "<f>" not in sheet
    assert activation.find(session, mine, PEPPER) is not None


def test_slips_of_another_school_are_not_there(
    as_user: AsUser,
    session: Session,
    other_school: Organisation,
    school_officer: User,
    learner: User,
) -> None:
    for path in ("slips", "slips/excel"):
        url = f"/people/{other_school.id}/{path}"
        assert as_user(school_officer).post(url).status_code == 404
        assert as_user(learner).post(url).status_code == 403


@pytest.mark.parametrize(
    ("base", "host", "address"),
    [
        ("http://127.0.0.1:8000", None, "http://127.0.0.1:8000/activate"),
        ("https://yx.example/a/", None, "https://yx.example/a/activate"),
        ("https://yx.example", "b.example", "https://b.example/activate"),
        ("http://yx.example:81", "b.example", "http://b.example:81/activate"),
    ],
)
def test_an_address_comes_from_the_configuration(
    base: str, host: str | None, address: str
) -> None:
    assert slips.address_at(base, host, "/activate") == address


def test_a_hostile_host_does_not_reach_a_slip(
    as_user: AsUser,
    session: Session,
    school: Organisation,
    school_officer: User,
    newcomer: User,
) -> None:
    officer = as_user(school_officer)
    url = f"/people/{school.id}/slips"
    hostile = officer.post(url, data={"who": "all"}, headers={"Host": "evil.example"})
    assert hostile.status_code == 400
    forwarded = {"X-Forwarded-Host": "evil.example"}
    page = officer.post(url, data={"who": "all"}, headers=forwarded)
    assert "evil.example" not in page.text


def test_a_session_of_a_person_who_was_reset_is_gone(
    session: Session, newcomer: User
) -> None:
    idle = timedelta(days=14)
    token = sessions.open_session(session, newcomer, device="", idle=idle)
    activation.reset(session, newcomer, by_id=newcomer.id, pepper=PEPPER)
    assert sessions.find_user(session, token) is None
