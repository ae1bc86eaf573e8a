"""Two phones at the same moment: one sign-in, one fact (V20).

These tests commit for real: two requests at once need two transactions.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from portal_attendance import codes
from portal_attendance.circular_models import Circular
from portal_attendance.models import Base
from sqlalchemy import func, select

from portal.db import Base as CoreBase
from portal.db import db
from portal.testing.fixtures import Clock


@pytest.fixture
def app(shared_app: Flask, clock: Clock) -> Iterator[Flask]:
    """The app on its own engine; what the test wrote is deleted at the end."""
    yield shared_app
    with shared_app.app_context(), db.engine.begin() as connection:
        for metadata in (Base.metadata, CoreBase.metadata):
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())


def at_once(morning: Any, *requests: tuple[Any, str, dict[str, str]]) -> list[int]:
    """Send all of them at the same moment; the codes of the answers, in order."""
    morning.session.commit()
    with ThreadPoolExecutor(len(requests)) as threads:
        sent = [
            threads.submit(browser.post, page, data=data)
            for browser, page, data in requests
        ]
    return sorted(one.result().status_code for one in sent)


def test_the_same_person_at_once_is_one_sign_in(morning: Any) -> None:
    meeting = morning.open()
    page, data = morning.page(meeting, "/sign"), {"code": morning.code(meeting)}
    phones = [morning.as_user(morning.people["learner"]) for _turn in range(4)]

    answers = at_once(morning, *((phone, page, data) for phone in phones))

    assert answers == [303] * 4
    assert len(morning.sign_ins(meeting)) == 1
    assert len(morning.entries(meeting)) == 1
    assert len(morning.facts()) == 1
    morning.session.commit()


def test_of_two_people_on_one_phone_at_once_one_is_held(morning: Any) -> None:
    meeting = morning.open()
    page, data = morning.page(meeting, "/sign"), {"code": morning.code(meeting)}
    phones = [morning.as_user(morning.people[who]) for who in ("learner", "other")]
    for phone in phones:
        phone.set_cookie("attendance_device", "d" * 43, path="/activities")

    answers = at_once(morning, *((phone, page, data) for phone in phones))

    assert answers == [303, 303]
    states = [
        row.state
        for who in ("learner", "other")
        for row in morning.sign_ins(meeting, who)
    ]
    assert sorted(states) == ["held", "taken"]
    morning.session.commit()


def test_signing_in_while_the_leader_ticks_leaves_one_mark(morning: Any) -> None:
    meeting = morning.open()
    phone = morning.as_user(morning.people["learner"])
    leader = morning.as_user(morning.people["leader"])
    ticked = {f"standing-{morning.people['learner'].id}": "late"}

    answers = at_once(
        morning,
        (phone, morning.page(meeting, "/sign"), {"code": morning.code(meeting)}),
        (leader, morning.page(meeting, "/list"), ticked),
    )

    assert answers == [303, 303]
    entries = morning.entries(meeting)
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert morning.mark(meeting).revision == len(morning.facts())
    morning.session.commit()


def test_two_who_decide_a_correction_at_once_write_one_entry(morning: Any) -> None:
    meeting = morning.open()
    morning.end(meeting)
    page = morning.page(meeting, f"/people/{morning.people['learner'].id}")
    asked = {"wanted": "present", "reason": "手机没电"}
    at_once(morning, (morning.browser(), page, asked))
    number = morning.correction().id
    page = morning.url(f"/corrections/{number}")
    judges = [morning.as_user(morning.people[who]) for who in ("leader", "officer")]

    answers = at_once(
        morning, *((judge, page, {"decision": "approve"}) for judge in judges)
    )

    assert answers == [303, 303]
    assert len(morning.entries(meeting)) == 2
    morning.session.commit()


def test_a_circular_sent_from_two_windows_is_published_once(
    morning: Any, meeting: Any
) -> None:
    page = morning.url("/circulars/new")
    data = {"title": "关于缺训情况的通报", "session": str(meeting.id)}
    windows = [morning.as_user(morning.people["leader"]) for _turn in range(2)]

    answers = at_once(morning, *((window, page, data) for window in windows))

    assert answers == [303, 422]
    assert morning.session.scalar(select(func.count()).select_from(Circular)) == 1
    assert morning.measures("other")["circular:1"] == {"in_circular": 1}
    morning.session.commit()


def test_a_stranger_who_presses_twice_at_once_came_once(
    morning: Any, other_school: Any
) -> None:
    stranger = morning.stranger("钱江", other_school)
    meeting = morning.open()
    ticket = codes.ticket_at(meeting.secret, morning.clock.at)
    page, data = morning.page(meeting, "/sign"), {"ticket": ticket}
    phones = [morning.as_user(stranger) for _turn in range(3)]

    answers = at_once(morning, *((phone, page, data) for phone in phones))

    assert answers == [303] * 3
    assert len(morning.sign_ins(meeting, "钱江")) == 1
    morning.session.commit()
