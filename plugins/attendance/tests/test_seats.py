"""Seats as their leader sets them: how many, and until when."""

from datetime import date

import pytest
from portal_attendance.seat_models import SeatList, Seats
from sqlalchemy import select

from plugins.attendance.tests.county_class import Class


def test_fewer_seats_than_people_named_are_refused(county_class: Class) -> None:
    seats = county_class.ask()
    county_class.name(seats, county_class.teacher("孙芳"))
    page = county_class.morning.url(f"/seats/{seats}")

    county_class.leader.post(page, data={"number": "0"})
    words = county_class.leader.get(county_class.morning.url("/seats")).text
    assert "名额数要在 1 到" in words or "名额不能比这更少" in words
    county_class.leader.post(page, data={"number": "1"})

    session = county_class.session
    session.expire_all()
    assert session.get_one(Seats, seats).number == 1


def test_a_deadline_in_the_past_is_refused_beside_its_field(
    county_class: Class,
) -> None:
    answer = county_class.leader.post(
        county_class.morning.url("/seats/deadline"),
        data={"day": date(2024, 8, 1).isoformat()},
    )

    assert answer.status_code == 422
    assert "截止时间要晚于现在" in answer.text


@pytest.mark.parametrize("day", ["9999-12-31", "2101-01-01", "1999-12-31"])
def test_a_deadline_of_another_age_is_refused_beside_its_field(
    county_class: Class, day: str
) -> None:
    answer = county_class.leader.post(
        county_class.morning.url("/seats/deadline"), data={"day": day}
    )

    assert answer.status_code == 422
    assert "2000 年到 2100 年之间" in answer.text
    assert county_class.session.scalars(select(SeatList)).all() == []
