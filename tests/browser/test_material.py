"""Minutes in a true browser: a computer and a phone, and only the newer one counts.

The server's clock and the page's timers are both the test's: half a minute passes at
once. What is shown is what the server counted.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from portal_material.models import Item
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import START, Clock

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

COUNTING = "正在计时"
ELSEWHERE = "您在别处打开了学习资料"
GONE = "网络断了"
IDLE = "好一会儿没有动这一页了"


class Learner:
    """Somebody with several devices, and one material to read."""

    def __init__(
        self, sit_down: Callable[..., Any], username: str, path: str, clock: Clock
    ) -> None:
        self.sit_down, self.username = sit_down, username
        self.path, self.clock = path, clock

    def open(self, *, phone: bool = False) -> Page:
        """The material on a device of its own, whose timers are the test's.

        They stand still but for `pass_time`: a slow machine lets no beat go by itself.
        """
        window: Page = self.sit_down(phone=phone).log_in(self.username)
        window.clock.install()
        window.goto(self.path)
        says(window, COUNTING)
        window.clock.pause_at(window.evaluate("Date.now()") / 1000 + 1)
        return window

    def pass_time(self, window: Page, *, beats: int = 1) -> None:
        """Half minutes pass, and each heartbeat of the window is answered.

        The page looks at its clock once a second, and not while an answer is under way.
        """
        for _ in range(beats):
            self.clock.move(seconds=30)
            with window.expect_response(lambda answer: "/beat" in answer.url):
                window.clock.run_for(31_000)


def says(window: Page, words: str) -> None:
    """The status line of the page."""
    expect(window.locator("[data-heartbeat-status]")).to_contain_text(words)


def counted(window: Page, minutes: int) -> None:
    """What the page shows of the time in all."""
    total = window.locator('[data-heartbeat-value="total"]')
    expect(total).to_have_text(str(minutes))


@pytest.fixture
def learner(
    live: Session,
    county: Organisation,
    hashed: str,
    clock: Clock,
    sit_down: Callable[..., Any],
) -> Learner:
    """A teacher of a workshop with one page to read."""
    clock.move(hours=9)
    factories.enable_plugin(live, county, "material")
    workshop = factories.make_workshop(live, county, starts_at=START)
    user = factories.make_user(live, "陈晓燕", school=county, password_hash=hashed)
    factories.enrol(live, workshop, user)
    activity = factories.make_activity(live, workshop, "material")
    item = Item(
        activity_id=activity.id,
        number=1,
        position=1,
        kind="page",
        title="课标解读",
        text="先看学生学到了什么。",
        minutes=60,
        created_at=clock.at,
    )
    live.add(item)
    live.commit()
    path = f"/activities/{activity.id}/material/1"
    return Learner(sit_down, user.username, path, clock)


def test_of_two_devices_only_the_newer_counts(learner: Learner) -> None:
    older = learner.open()
    learner.pass_time(older, beats=4)
    counted(older, 2)

    newer = learner.open(phone=True)
    learner.pass_time(older)
    says(older, ELSEWHERE)
    learner.pass_time(newer, beats=3)
    counted(newer, 3)
    counted(older, 2)

    older.get_by_role("button", name="在这里接着学").click()
    says(older, COUNTING)
    learner.pass_time(newer)
    says(newer, ELSEWHERE)


def test_no_minutes_come_of_a_network_that_is_gone_or_of_nobody(
    learner: Learner,
) -> None:
    window = learner.open()
    learner.pass_time(window, beats=2)
    window.context.set_offline(True)
    learner.clock.move(minutes=10)
    window.clock.run_for(31_000)
    says(window, GONE)

    window.context.set_offline(False)
    learner.pass_time(window)
    says(window, COUNTING)
    counted(window, 1)

    learner.clock.move(minutes=6)
    with window.expect_response(lambda answer: "/beat" in answer.url):
        window.clock.fast_forward(360_000)
    says(window, IDLE)
