"""A certificate is found by its code, and a code that is not its own is refused."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.credits import ledger
from portal.credits.certificates import (
    DRAWN,
    LENGTH,
    certificate_of,
    find_certificate,
    grouped,
    is_code,
    with_check,
)
from portal.credits.models import Certificate
from portal.db import set_tenant
from portal.errors import Invalid, NotFound
from portal.tenants import Tenant
from portal.testing.course import Course

codes = st.text("0123456789", min_size=DRAWN, max_size=DRAWN).map(with_check)


@given(code=codes)
def test_a_code_fits_itself(code: str) -> None:
    assert len(code) == LENGTH
    assert is_code(code)
    assert int(code) % 97 == 1  # ISO 7064, MOD 97-10


@given(code=codes, place=st.integers(0, LENGTH - 1), by=st.integers(1, 9))
def test_one_changed_digit_is_refused(code: str, place: int, by: int) -> None:
    changed = str((int(code[place]) + by) % 10)

    assert not is_code(code[:place] + changed + code[place + 1 :])


@given(code=codes, places=st.sets(st.integers(0, LENGTH - 1), min_size=2, max_size=2))
def test_two_digits_that_changed_places_are_refused(
    code: str, places: set[int]
) -> None:
    one, two = sorted(places)
    digits = list(code)
    digits[one], digits[two] = digits[two], digits[one]
    changed = "".join(digits)

    assert changed == code or not is_code(changed)


@pytest.mark.parametrize("code", ["", "1" * 15, "1" * 17, "x" * 16, "²" * 16])
def test_what_can_be_no_code_is_none(code: str) -> None:
    assert not is_code(code)


@pytest.fixture
def certificate(course: Course, session: Session) -> Certificate:
    """That of the only entry."""
    course.teacher()
    course.register()
    found = certificate_of(session, course.entries()[0])
    assert found is not None
    return found


@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda code: " ".join(grouped(code)),
        lambda code: "-".join(grouped(code)) + "\n",
        lambda code: "".join(chr(ord(digit) + 0xFEE0) for digit in code),
    ],
    ids=["plain", "blanks", "strokes", "full width"],
)
def test_a_certificate_is_found_however_its_code_is_typed(
    certificate: Certificate, session: Session, write: Callable[[str], str]
) -> None:
    proof = find_certificate(session, write(certificate.code))

    assert proof.certificate is certificate
    assert proof.genuine
    assert not proof.reversed


def test_a_mistyped_code_is_told_from_one_that_is_not_known(
    certificate: Certificate, session: Session
) -> None:
    digits = f"{(int(certificate.code[0]) + 1) % 10}{certificate.code[1:]}"
    with pytest.raises(Invalid, match="certificate_mistyped"):
        find_certificate(session, digits)
    with pytest.raises(Invalid, match="certificate_mistyped"):
        find_certificate(session, f"{certificate.code}x")
    with pytest.raises(NotFound, match="certificate_unknown"):
        find_certificate(session, with_check("0" * DRAWN))


def test_a_certificate_of_a_reversed_entry_counts_no_longer(
    certificate: Certificate, course: Course, session: Session
) -> None:
    entry = certificate.entry
    reversal = ledger.reverse(
        session, entry, reason="登记有误", by_id=course.auditor.id
    )

    proof = find_certificate(session, certificate.code)

    assert (proof.genuine, proof.reversed) == (True, True)
    assert certificate_of(session, reversal) is None


def test_a_certificate_that_was_changed_is_not_genuine(
    certificate: Certificate, session: Session
) -> None:
    session.execute(text("UPDATE certificate SET number = '2024-000007'"))
    session.expire_all()

    assert not find_certificate(session, certificate.code).genuine


def test_a_certificate_is_of_one_county(
    certificate: Certificate, session: Session, other_tenant: Tenant
) -> None:
    set_tenant(session, other_tenant.id)

    with pytest.raises(NotFound, match="certificate_unknown"):
        find_certificate(session, certificate.code)


def test_numbers_follow_the_ledger_and_codes_tell_nothing(
    course: Course, session: Session
) -> None:
    for name in ("陈晓燕", "刘芳"):
        course.teacher(name)
    course.register()

    found = session.scalars(select(Certificate).order_by(Certificate.id)).all()

    assert [one.number for one in found] == ["2024-000001", "2024-000002"]
    assert abs(Decimal(found[0].code) - Decimal(found[1].code)) > 100
