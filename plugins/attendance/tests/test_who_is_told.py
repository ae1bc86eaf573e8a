"""Notices of what waits: to who can open the page and decide, and to nobody else."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.notifications.models import Notice, NoticeReceipt
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.workshops.models import Enrolment


@pytest.fixture
def led(morning: Any, county: Organisation) -> Any:
    """A leader who takes part, a second leader, an expert, and a county's officer."""
    session, workshop = morning.session, morning.activity.workshop
    factories.enrol(session, workshop, morning.people["leader"], "learner")
    for who, role in (("second", "workshop_leader"), ("expert", "expert")):
        morning.people[who] = factories.make_user(session, who)
        factories.enrol(session, workshop, morning.people[who], role)
    naming = factories.make_user(session, "naming")
    factories.give_role(session, naming, "training_officer", county)
    morning.people["naming officer"] = naming
    session.commit()
    return morning


def told(morning: Any) -> dict[str, set[str]]:
    """Who was told of what, by the page that the notice leads to."""
    morning.session.expire_all()
    people = {user.id: who for who, user in morning.people.items()}
    found: dict[str, set[str]] = {}
    for url, user in morning.session.execute(
        select(Notice.url, NoticeReceipt.user_id)
        .join(NoticeReceipt, NoticeReceipt.notice_id == Notice.id)
        .where(Notice.url.startswith(morning.url()))
    ):
        found.setdefault(url, set()).add(people[user])
    return found


def test_a_sign_in_that_is_held_is_told_to_who_can_decide_it(led: Any) -> None:
    meeting = led.open()
    for who in ("learner", "leader"):
        phone = led.as_user(led.people[who])
        phone.set_cookie("attendance_device", "d" * 43, path="/activities")
        assert led.sign(meeting, browser=phone).status_code == 303

    ((page, people),) = told(led).items()

    assert page == led.page(meeting)
    assert people == {"second"}
    assert {led.browser(who).get(page).status_code for who in people} == {200}


def test_the_county_is_told_of_the_only_leaders_own_sign_in(led: Any) -> None:
    second = led.people["second"]
    for row in led.session.scalars(
        select(Enrolment).where(Enrolment.user_id == second.id)
    ):
        row.ends_at = led.clock.at
    led.session.commit()
    meeting = led.open()
    for who in ("learner", "leader"):
        phone = led.as_user(led.people[who])
        phone.set_cookie("attendance_device", "d" * 43, path="/activities")
        led.sign(meeting, browser=phone)

    assert told(led) == {led.page(meeting): {"officer"}}


@pytest.mark.parametrize(
    ("asks", "people"),
    [("other", {"leader", "second", "officer"}), ("leader", {"second", "officer"})],
)
def test_a_correction_is_told_to_who_can_decide_it(
    led: Any, asks: str, people: set[str]
) -> None:
    meeting = led.open()
    led.end(meeting)
    answer = led.browser(asks).post(
        led.page(meeting, f"/people/{led.people[asks].id}"),
        data={"wanted": "present", "reason": "签到时手机没有网络"},
    )
    assert answer.status_code == 303, answer.text

    page = led.url("/corrections")

    assert told(led)[page] == people
    assert {led.browser(who).get(page).status_code for who in people} == {200}
    denied = {
        led.browser(who).get(page).status_code for who in ("expert", "group leader")
    }
    assert denied == {403}
