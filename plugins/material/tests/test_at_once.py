"""Requests at the same moment: nothing counts twice, nobody sits in two places (V20).

These tests commit for real: two requests at once need two transactions.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from portal_material.models import Base, Day, Seat
from sqlalchemy import select

from portal.db import Base as CoreBase
from portal.db import db
from portal.testing.fixtures import Clock

ROUNDS = 12


@pytest.fixture
def app(shared_app: Flask, clock: Clock) -> Iterator[Flask]:
    """The app on its own engine; what the test wrote is deleted at the end."""
    yield shared_app
    with shared_app.app_context(), db.engine.begin() as connection:
        for metadata in (Base.metadata, CoreBase.metadata):
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())


def at_once(course: Any, *deeds: Callable[[], Any]) -> list[Any]:
    """Do things in the same moment, each in a thread."""
    course.session.commit()
    with ThreadPoolExecutor(len(deeds)) as threads:
        sent = [threads.submit(deed) for deed in deeds]
    return [one.result() for one in sent]


def test_the_first_openings_of_two_windows_leave_one_place(course: Any) -> None:
    course.add()
    browsers = [course.browser() for _ in range(4)]
    beat = course.url("/1/beat")

    answers = at_once(course, *(lambda b=b: b.post(beat) for b in browsers))

    assert [answer.status_code for answer in answers] == [200] * 4
    openings = {answer.json["opening"] for answer in answers}
    assert len(openings) == 4
    assert course.seat().opening in openings
    assert course.facts() == {"opened:1": {"opened": "1"}}


def test_a_doubled_heartbeat_counts_once(course: Any) -> None:
    course.add()
    page, browsers = course.open(), [course.browser() for _ in range(2)]
    for number in range(1, ROUNDS + 1):
        course.clock.move(seconds=30)
        form = {"opening": page.opening, "number": str(number), "state": "on"}
        answers = at_once(
            course,
            *(
                lambda b=b, form=form: b.post(f"{page.url}/beat", data=form)
                for b in browsers
            ),
        )
        assert {answer.json["number"] for answer in answers} == {number}
    page.number = ROUNDS
    page.send("leave")

    course.session.expire_all()
    (day,) = course.session.scalars(select(Day))
    assert day.counted_ms == ROUNDS * 30_000
    assert course.minutes() == {"material:1:2024-09-02": str(ROUNDS // 2)}


def test_a_heartbeat_and_a_take_over_count_no_more_than_the_time(course: Any) -> None:
    course.add("课标解读")
    course.add("课例")
    begun = course.clock.at
    page = course.open(1)
    for place in range(ROUNDS):
        course.clock.move(seconds=30)
        other = course.browser()
        at_once(
            course,
            page.send,
            lambda other=other, place=place: other.post(
                course.url(f"/{1 + place % 2}/beat")
            ),
        )
        page = course.open(1 + place % 2)

    course.session.expire_all()
    counted = sum(course.session.scalars(select(Day.counted_ms)))
    counted += sum(course.session.scalars(select(Seat.counted_ms)))
    assert counted <= (course.clock.at - begun).total_seconds() * 1000


def test_the_job_and_a_heartbeat_put_the_same_time_down_once(course: Any) -> None:
    course.add()
    page = course.open()
    page.stay(minutes=4)
    course.clock.move(minutes=3)

    at_once(course, page.send, course.settle)
    page.send("leave")

    course.session.expire_all()
    (day,) = course.session.scalars(select(Day))
    assert day.counted_ms == 4 * 60_000 + 45_000
    assert course.minutes() == {"material:1:2024-09-02": "4"}


def test_two_leaders_who_add_at_once_both_have_their_material(course: Any) -> None:
    browsers = [course.browser("leader") for _ in range(2)]
    form = {
        "title": "课标解读",
        "text": "先看",
        "minutes": "10",
        "required_minutes": "0",
    }

    answers = at_once(
        course,
        *(lambda b=b: b.post(course.url("/new/page"), data=form) for b in browsers),
    )

    assert [answer.status_code for answer in answers] == [303, 303]
    assert course.numbers() == [1, 2]


def test_a_heartbeat_and_the_close_leave_no_minute_unsaid(course: Any) -> None:
    """Where one must give way it is the heartbeat, and its time is not counted."""
    course.add()
    page, officer = course.open(), course.browser("officer")
    page.stay(minutes=4, seconds=30)
    course.clock.move(seconds=30)
    form = {"opening": page.opening, "number": str(page.number + 1), "state": "leave"}
    closing = f"/workshops/{course.activity.workshop_id}/closing"

    beat, close = at_once(
        course,
        lambda: page.browser.post(f"{page.url}/beat", data=form),
        lambda: officer.post(closing),
    )

    assert close.status_code == 303
    assert beat.status_code in (200, 403, 500, 503)
    assert course.seat().counted_ms == 0
    (day,) = course.days()
    minutes = day.counted_ms // 60_000
    assert minutes in (4, 5)
    assert list(course.minutes().values()) == [str(minutes)]
