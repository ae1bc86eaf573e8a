"""Teachers named by the school's officer, by the rule of the seat, until the lock."""

from typing import Any

import pytest
from portal_attendance.seat_models import SeatList
from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.attendance.tests.county_class import Class, occasions
from portal.api import TITLES
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.users.models import User


def test_a_school_names_teachers_and_they_take_part_once_the_list_is_locked(
    county_class: Class,
) -> None:
    seats = county_class.ask()
    first, second = county_class.teacher("孙芳"), county_class.teacher("李娜")

    assert "孙芳已报名" in county_class.name(seats, first)
    county_class.name(seats, second)

    assert county_class.named() == ["孙芳", "李娜"]
    assert not county_class.takes_part(first)
    county_class.lock()
    assert county_class.takes_part(first)
    assert county_class.takes_part(second)


def test_over_fill_is_refused_and_naming_twice_is_once(county_class: Class) -> None:
    seats = county_class.ask()
    people = [county_class.teacher(name) for name in ("孙芳", "李娜", "周洁")]
    county_class.name(seats, people[0])
    county_class.name(seats, people[0])
    county_class.name(seats, people[1])

    assert "名额已经报满" in county_class.name(seats, people[2])
    assert county_class.named() == ["孙芳", "李娜"]


def test_a_teacher_outside_the_rule_is_refused_with_the_reason(
    county_class: Class,
) -> None:
    seats = county_class.ask()
    physicist = county_class.teacher("郑红", subject_code="physics")
    unknown = county_class.teacher("王丹", stage_code=None)

    words = county_class.name(seats, physicist)
    assert "郑红不符合条件：这个名额要求语文，这位教师是物理" in words
    words = county_class.name(seats, unknown)
    assert "名册里没有登记这位教师的学段" in words
    assert county_class.named() == []


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        ({"titles": ["senior"]}, {"title": None}),
        ({"tiers": ["backbone"]}, {"teacher_tier": "young"}),
        ({"posts": ["vice_head_training"]}, {}),
    ],
)
def test_every_part_of_a_rule_is_asked(
    county_class: Class, asked: dict[str, Any], about: dict[str, Any]
) -> None:
    if "titles" in asked:
        asked = {"titles": [next(iter(TITLES.words))]}
    seats = county_class.ask(**asked)

    assert "不符合条件" in county_class.name(
        seats, county_class.teacher("冯雪", **about)
    )


def test_an_officer_names_for_the_own_school_only(
    county_class: Class,
    other_school: Organisation,
    session: Session,
    as_user: AsUser,
) -> None:
    seats = county_class.ask()
    theirs = factories.make_user(session, "吴刚", school=other_school)
    officer = factories.make_user(session, "钱江", school=other_school)
    factories.give_role(session, officer, "training_officer", other_school)
    session.commit()
    page = county_class.morning.url(f"/naming/{seats}")

    answer = county_class.officer.post(page, data={"person": str(theirs.id)})
    assert answer.status_code == 404
    answer = as_user(officer).post(page, data={"person": str(theirs.id)})
    assert answer.status_code == 404
    assert as_user(officer).get(county_class.morning.url("/naming")).status_code == 404
    assert county_class.named() == []


def test_who_is_no_officer_sees_nothing_of_it(county_class: Class) -> None:
    county_class.ask()
    learner = county_class.morning.browser("learner")

    assert learner.get(county_class.morning.url("/naming")).status_code == 403
    assert learner.get(county_class.morning.url("/seats")).status_code == 403
    assert (
        county_class.officer.get(county_class.morning.url("/seats")).status_code == 403
    )


def test_free_seats_are_listed_and_the_school_is_reminded_once(
    county_class: Class, school_officer: User, session: Session
) -> None:
    seats = county_class.ask(days=2)
    county_class.name(seats, county_class.teacher("孙芳"))

    page = county_class.leader.get(county_class.morning.url("/seats")).text
    assert "清溪县实验小学：缺 1 人" in page
    county_class.morning.clock.move(days=2)
    county_class.run()
    county_class.run()
    assert occasions(session, school_officer) == ["seats", "seats-short"]


def test_the_deadline_locks_the_list_by_itself(
    county_class: Class, session: Session
) -> None:
    seats = county_class.ask(days=0)
    first, late = county_class.teacher("孙芳"), county_class.teacher("李娜")
    county_class.name(seats, first)
    county_class.morning.clock.move(days=1)

    assert "名单已经锁定，不能再改" in county_class.name(seats, late)
    county_class.run()
    county_class.run()
    assert county_class.takes_part(first)
    assert county_class.named() == ["孙芳"]
    assert session.scalars(select(SeatList)).one().locked_by_id is None


def test_before_the_lock_a_name_is_taken_back_and_the_place_is_free(
    county_class: Class,
) -> None:
    seats = county_class.ask(number="1")
    first, second = county_class.teacher("孙芳"), county_class.teacher("李娜")
    county_class.name(seats, first)
    naming = county_class.naming(first)

    page = county_class.morning.url(f"/naming/{seats}/{naming.id}/take-back")
    assert county_class.officer.post(page).status_code == 303
    county_class.name(seats, second)

    assert county_class.named() == ["李娜"]


def test_names_from_the_roster_are_text_and_no_markup(county_class: Class) -> None:
    seats = county_class.ask()
    hostile = county_class.teacher("<img src=x onerror=alert(1)>")

    page = county_class.name(seats, hostile)

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
