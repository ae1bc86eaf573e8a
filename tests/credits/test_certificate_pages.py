"""Certificates over HTTP: printed by whom they are for, verified by anybody."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.credits import ledger
from portal.credits.certificates import DRAWN, with_check
from portal.credits.masking import mask_name
from portal.credits.models import Certificate
from portal.tenants import Tenant
from portal.testing import factories
from portal.testing.course import Course
from portal.testing.fixtures import AsUser
from portal.users.models import LoginFailure

pytestmark = pytest.mark.one_database


@pytest.fixture
def certificate(course: Course, session: Session) -> Certificate:
    """The certificate of a teacher."""
    course.teacher("陈晓燕")
    course.register()
    session.commit()
    return session.scalars(select(Certificate)).one()


def told(answer: TestResponse) -> str:
    page = LexborHTMLParser(answer.text).css_first("main")
    return " ".join(page.text(separator=" ").split())


def test_the_owner_and_the_officers_print_it_and_nobody_else(
    course: Course, certificate: Certificate, as_user: AsUser, client: FlaskClient,
    session: Session,
) -> None:  # fmt: skip
    address = f"/credits/certificates/{certificate.id}"
    for who in (course.teachers[0], course.checker, course.auditor):
        page = told(as_user(who).get(address))
        for words in ("陈晓燕", "18 学时 3 学分", "清溪县教育局", certificate.number):
            assert words in page
        assert " ".join(certificate.code[i : i + 4] for i in range(0, 16, 4)) in page
    stranger = as_user(factories.make_user(session, "孙立", school=course.school))
    assert stranger.get(address).status_code == 404
    assert client.get(address).status_code == 303


@pytest.mark.parametrize("between", ["", " ", "-", "—"[:0], "\u3000"])
def test_anybody_sees_that_it_is_true_and_little_of_whose_it_is(
    certificate: Certificate, client: FlaskClient, between: str
) -> None:
    typed = between.join(certificate.code[i : i + 4] for i in range(0, 16, 4))
    answer = client.post("/verify", data={"code": typed})
    assert answer.status_code == 200
    page = told(answer)
    for words in (
        "这张证书是真的",
        "陈＊燕",
        "小学语文工作坊",
        "18",
        certificate.number,
    ):
        assert words in page
    assert "陈晓燕" not in answer.text
    assert "实验小学" not in answer.text


def test_the_picture_on_it_fills_the_code_in(
    certificate: Certificate, client: FlaskClient
) -> None:
    page = client.get(f"/verify?code={certificate.code}").text
    assert f'value="{certificate.code}"' in page
    assert "这张证书是真的" not in page


def test_with_any_digit_changed_there_is_no_such_certificate(
    certificate: Certificate, client: FlaskClient, session: Session
) -> None:
    for place in range(len(certificate.code)):
        other = str((int(certificate.code[place]) + 1) % 10)
        typed = certificate.code[:place] + other + certificate.code[place + 1 :]
        answer = client.post("/verify", data={"code": typed})
        assert answer.status_code == 404
        assert "没有这张证书" in told(answer)
    assert session.scalar(select(func.count(LoginFailure.id))) == 0


@pytest.mark.parametrize(
    "typed",
    ["", " ", "abc", "1" * 15, "1" * 17, "１" * 16, "²" * 16, "' OR 1=1", "\x00"],
)
def test_what_is_no_code_is_refused(
    certificate: Certificate, client: FlaskClient, typed: str
) -> None:
    answer = client.post("/verify", data={"code": typed})
    assert answer.status_code in (404, 422)
    assert "这张证书是真的" not in answer.text


def test_who_guesses_waits_longer_and_longer_also_for_what_is_right(
    certificate: Certificate, client: FlaskClient, course: Course
) -> None:
    guesses = [with_check(f"{number:0{DRAWN}d}") for number in range(6)]
    answers = [client.post("/verify", data={"code": one}) for one in guesses]
    assert [answer.status_code for answer in answers] == [404] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "2"
    assert "2 秒后再试" in answers[-1].text
    right = {"code": certificate.code}
    assert client.post("/verify", data=right).status_code == 429
    course.clock.move(seconds=2)
    assert client.post("/verify", data=right).status_code == 200
    # What was right does not wipe out what was guessed before.
    assert client.post("/verify", data={"code": guesses[5]}).status_code == 404
    assert client.post("/verify", data={"code": guesses[4]}).status_code == 429


def test_guessing_codes_shuts_nobody_out_of_logging_in(
    certificate: Certificate, client: FlaskClient
) -> None:
    for number in range(6):
        code = with_check(f"{number:0{DRAWN}d}")
        client.post("/verify", data={"code": code})
    answer = client.post("/login", data={"name": "t00001", "password": "wrong"})
    assert answer.status_code == 401


def test_a_reversed_credit_is_told_of_at_its_certificate(
    course: Course, certificate: Certificate, client: FlaskClient, as_user: AsUser,
    session: Session,
) -> None:  # fmt: skip
    (entry,) = course.entries()
    ledger.reverse(session, entry, reason="通报缺训", by_id=course.auditor.id)
    session.commit()
    page = told(client.post("/verify", data={"code": certificate.code}))
    assert "证书已经作废" in page
    assert "这张证书是真的" not in page
    own = as_user(course.teachers[0])
    assert "不再有效" in own.get(f"/credits/certificates/{certificate.id}").text


def test_a_certificate_of_another_county_is_none_here(
    certificate: Certificate, client: FlaskClient, other_tenant: Tenant
) -> None:
    answer = client.post(
        "/verify",
        data={"code": certificate.code},
        base_url=f"http://{other_tenant.host}",
    )
    assert answer.status_code == 404


@given(st.text(min_size=1, max_size=8).filter(str.strip))
def test_a_masked_name_keeps_its_length_and_hides_all_but_its_ends(name: str) -> None:
    masked = mask_name(name)
    assert masked != name
    assert masked[0] == name[0]
    assert len(masked) == max(2, len(name))


@pytest.mark.parametrize(
    ("name", "masked"),
    [("刘芳", "刘＊"), ("陈晓燕", "陈＊燕"), ("欧阳若兰", "欧＊＊兰"), ("Li", "L＊")],
)
def test_names_are_masked_as_on_official_lists(name: str, masked: str) -> None:
    assert mask_name(name) == masked
