"""What teachers and leaders are shown of time, and what a person should ask about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from portal_material.counting import MINUTE
from portal_material.signs import Sign, Studied, signs
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.workshops.models import Duty

NINE = datetime(2024, 9, 2, 1, tzinfo=UTC)
MOST_STATEMENTS = 6
"""Of one heartbeat, the portal's own included."""


def day(item: int = 1, at: datetime = NINE, **amounts: int) -> Studied:
    """One day of one material."""
    return Studied(at.date(), item, at, **amounts)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ([], []),
        ([day(counted_ms=6 * 60 * MINUTE - 1)], []),
        (
            [day(1, counted_ms=180 * MINUTE), day(2, counted_ms=180 * MINUTE)],
            ["long_day"],
        ),
        ([day(night_ms=60 * MINUTE)], ["night"]),
        ([day(taken_over=4)], []),
        ([day(1, taken_over=3), day(2, taken_over=2)], ["many_places"]),
        ([day(lost_ms=30 * MINUTE)], ["gaps"]),
        ([day(n, NINE + timedelta(seconds=15 * n)) for n in range(5)], ["rush"]),
        ([day(n, NINE + timedelta(seconds=16 * n)) for n in range(5)], []),
        ([day(1, NINE + timedelta(days=n)) for n in range(9)], []),
    ],
)
def test_signs_are_what_is_unusual(days: list[Studied], found: list[str]) -> None:
    assert signs(days) == [Sign(name) for name in found]


def test_two_long_days_of_two_people_are_not_added() -> None:
    half = 200 * MINUTE
    later = Studied(date(2024, 9, 3), 1, NINE + timedelta(days=1), counted_ms=half)

    assert signs([day(counted_ms=half), later]) == []


def test_the_teacher_sees_today_all_and_the_cap(course: Any) -> None:
    course.add(minutes=40, required_minutes=5)
    course.open().stay(minutes=3)
    course.clock.move(days=1)
    course.open().stay(minutes=4)

    listed = course.browser().get(f"/activities/{course.id}").text
    page = course.browser().get(course.url("/1")).text
    asked = course.browser("leader").get(f"/activities/{course.id}").text

    assert "至少学 5 分钟，最多计 40 分钟" in asked
    assert "7 分钟（至少学 5 分钟，最多计 40 分钟）" in listed
    assert '<span data-heartbeat-value="today">4</span>' in page
    assert '<span data-heartbeat-value="total">7</span>' in page


def test_the_leader_sees_everybody_and_nobody_is_judged(course: Any) -> None:
    course.add("课标解读", required_minutes=2)
    course.add("课例", required=False)
    course.open(1).stay(minutes=2)
    course.open(2).stay(minutes=1)
    for _ in range(6):
        course.open(1, "other")
        course.clock.move(seconds=20)

    page = course.browser("leader").get(course.url("/minutes")).text

    assert "必学完成" in page
    assert "需要核实" in page
    assert 'data-label="第 1 份"><div class="cell">2 分钟</div>' in page
    assert "请先问老师本人，系统不据此扣分" in page
    assert "有一天 5 次以上换到别处学" in page
    assert course.browser().get(course.url("/minutes")).status_code == 403


def test_the_activity_leaves_my_study_once_what_is_required_is_there(
    course: Any, session: Session
) -> None:
    course.add("课标解读", required_minutes=5)
    course.add("课例", required=False)
    page = course.open(1)
    page.stay(minutes=4)
    page.send("leave")
    before = settled(course, session)

    page = course.open(1)
    page.stay(minutes=1)
    page.send("leave")

    assert (before, settled(course, session)) == ([], ["once"])


def settled(course: Any, session: Session) -> list[str]:
    """The duties that the learner has done."""
    session.expire_all()
    found = select(Duty.key).where(
        Duty.activity_id == course.id,
        Duty.user_id == course.people["learner"].id,
        Duty.settled_at.is_not(None),
    )
    return list(session.scalars(found))


def test_without_scripts_a_button_notes_that_it_was_opened(course: Any) -> None:
    course.add()
    browser = course.browser()
    assert "这个浏览器没有运行脚本" in browser.get(course.url("/1")).text

    for _ in range(2):
        assert browser.post(course.url("/1/read")).status_code == 303

    assert course.facts() == {"opened:1": {"opened": "1"}}


def test_a_leader_who_looks_is_not_counted(course: Any) -> None:
    course.add()
    browser = course.browser("leader")

    assert "data-heartbeat" not in browser.get(course.url("/1")).text
    assert browser.post(course.url("/1/beat")).status_code == 403


def test_who_left_the_workshop_counts_no_more(course: Any, session: Session) -> None:
    course.add()
    page = course.open()
    course.leave()

    answer = page.browser.post(f"{page.url}/beat", data={"opening": page.opening})

    assert answer.status_code in (403, 404)


def test_a_heartbeat_asks_the_database_little(course: Any, connection: Any) -> None:
    course.add()
    page = course.open()
    page.stay(minutes=1)
    course.clock.move(seconds=30)
    statements: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")):
            statements.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    page.send()
    event.remove(connection, "before_cursor_execute", note)

    assert page.number == 3
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)
