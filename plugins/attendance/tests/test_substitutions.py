"""After the lock a seat changes by a substitution that somebody else approves."""

import pytest

from plugins.attendance.tests.county_class import Class
from portal.testing.fixtures import AsUser
from portal.users.models import User


@pytest.fixture
def locked(county_class: Class) -> tuple[Class, User, User]:
    """A locked list with one teacher on it, and a colleague who could come."""
    seats = county_class.ask(number="1")
    old, new = county_class.teacher("孙芳"), county_class.teacher("李娜")
    county_class.name(seats, old)
    county_class.lock()
    return county_class, old, new


def test_a_substitution_is_asked_for_by_the_school_and_approved_by_the_leader(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked

    assert one.substitute(old, new).status_code == 303
    assert one.named() == ["孙芳"]
    words = one.decide(one.leader, "approve")

    assert "已批准换人" in words
    assert "请病假住院" in words
    assert one.named() == ["李娜"]
    assert (one.takes_part(old), one.takes_part(new)) == (False, True)
    row = one.request()
    assert row.approved
    assert row.decided_by_id == one.morning.people["leader"].id


def test_who_asked_does_not_approve(
    locked: tuple[Class, User, User],
    as_user: AsUser,
) -> None:
    one, old, new = locked
    one.officer = one.county  # the county's officer names for a school, too
    one.substitute(old, new)

    assert "要由别人审批" in one.decide(one.county, "approve")
    assert one.named() == ["孙芳"]
    one.decide(one.leader, "approve")
    assert one.named() == ["李娜"]


def test_a_refusal_needs_a_reason_and_changes_nothing(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked
    one.substitute(old, new)

    assert "请写明原因" in one.decide(one.leader, "refuse")
    assert one.request().waits
    one.decide(one.leader, "refuse", "住院证明没有附上")
    assert one.named() == ["孙芳"]
    assert one.takes_part(old)
    assert "住院证明没有附上" in one.officer.get(one.morning.url("/naming")).text


def test_the_replacement_is_looked_at_when_asked_and_when_approved(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked
    physicist = one.teacher("郑红", subject_code="physics")

    answer = one.substitute(old, physicist)
    assert answer.status_code == 422
    assert "这个名额要求语文，这位教师是物理" in answer.text
    one.substitute(old, new)
    new.subject_code = "physics"
    one.session.commit()
    assert "不符合条件" in one.decide(one.leader, "approve")
    assert one.named() == ["孙芳"]


def test_once_the_event_has_begun_nobody_is_replaced(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked
    one.substitute(old, new)
    one.morning.clock.move(days=3)

    assert "活动已经开始，不能再换人" in one.decide(one.leader, "approve")
    assert one.named() == ["孙芳"]


def test_without_a_reason_nothing_is_asked_and_a_second_request_waits(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked
    other = one.teacher("周洁")

    assert one.substitute(old, new, "  ").status_code == 422
    one.substitute(old, new)
    answer = one.substitute(old, other)

    assert answer.status_code == 422
    assert "已经有一份换人申请在等待审批" in answer.text


def test_posted_columns_that_no_form_has_change_nothing(
    locked: tuple[Class, User, User],
) -> None:
    one, old, new = locked
    naming = one.naming(old)
    page = one.morning.url(f"/naming/{naming.seats_id}/{naming.id}/substitute")
    extra = {
        "approved": "true",
        "waits": "",
        "decided_by_id": str(old.id),
        "asked_by_id": str(old.id),
        "activity_id": "999",
        "naming_id": "999",
    }
    data = {"replacement": str(new.id), "reason": "请病假住院", **extra}

    one.officer.post(page, data=data)

    row = one.request()
    assert (row.waits, row.approved, row.decided_by_id) == (True, None, None)
    assert row.naming_id == naming.id
    assert row.asked_by_id != old.id
