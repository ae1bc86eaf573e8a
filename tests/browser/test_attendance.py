"""A training morning in a true browser, from the code on the wall to the circular.

Four teachers are expected: one comes in time, one late by the QR code's link and a
login, one is on leave that both steps approved, and for the fourth somebody else signs
in on their own phone, and is found out.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.leave import service as leave
from portal.leave.service import Absence
from portal.organisations.models import Organisation
from portal.plugins.opening import run_job
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.models import Activity
from tests.browser.conftest import aside

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

HALF_PAST_EIGHT = START + timedelta(days=2, hours=8, minutes=30)
ENDS = HALF_PAST_EIGHT + timedelta(hours=3)
SCHEME = {
    "format": 1,
    "title": {"zh": "线下研修考核", "en": "Offline"},
    "items": [
        {
            "id": "offline",
            "title": {"zh": "集中研训出勤", "en": "Attendance"},
            "unit": {"zh": "场", "en": "sessions"},
            "counts": [{"source": "attendance", "measure": "attended"}],
            "steps": [{"do": "price", "unit": 1, "points": 7}],
        }
    ],
}
FIVE = {"theme": "单元整体教学", "lecturer": "林静", "place": "教师发展中心三楼"}
NAMES = ("陈晓燕", "赵敏", "钱江", "李静", "孙立")

SitDown = Callable[..., Any]


class Morning:
    """The event and its people, and what happens behind the browser."""

    def __init__(
        self, app: Flask, live: Session, clock: Clock, activity: Activity
    ) -> None:
        self.app, self.live, self.clock = app, live, clock
        self.page = f"/activities/{activity.id}"
        self.people: dict[str, User] = {}

    def grant_leave(self, who: str) -> None:
        """Leave for the morning, asked and approved in both steps."""

        def decide() -> None:
            with self.app.app_context():
                absence = Absence(HALF_PAST_EIGHT, ENDS, "sick", "发热，需要就医")
                found = leave.ask(self.live, self.people[who], absence)
                leave.submit(self.live, found)
                head, director = self.people["周文彬"].id, self.people["何敏"].id
                leave.approve_at_school(self.live, found, by_id=head)
                leave.approve_finally(self.live, found, by_id=director)
                self.live.commit()

        aside(decide)

    def keep(self) -> None:
        """Let the job run, as it does every few minutes."""

        def run() -> None:
            with self.app.app_context():
                run_job(self.live, "attendance", "keep")
                self.live.commit()

        aside(run)


@pytest.fixture
def morning(
    live_app: Flask, live: Session, clock: Clock, county: Organisation, hashed: str
) -> Morning:
    """An event without a session; a leader, an officer, five teachers of a school."""
    clock.set(HALF_PAST_EIGHT - timedelta(days=1))
    factories.enable_plugin(live, county, "attendance")
    scheme = factories.make_scheme(live, SCHEME)
    workshop = factories.make_workshop(live, county, starts_at=START, scheme=scheme)
    school = factories.make_school(live, county, "城南小学")
    made = factories.make_activity(live, workshop, "attendance", **FIVE)
    made.title = "单元整体教学集中研训"
    here = Morning(live_app, live, clock, made)
    for name in (*NAMES, "周文彬", "何敏"):
        user = factories.make_user(live, name, school=school, password_hash=hashed)
        here.people[name] = user
        if name in NAMES:
            factories.enrol(live, workshop, user)
    factories.enrol(live, workshop, here.people["周文彬"], "workshop_leader")
    live.commit()
    return here


def lay_out(page: Page, here: Morning) -> None:
    """Add the session and open the event, as the leader does."""
    page.goto(here.page)
    page.get_by_role("link", name="添加场次").click()
    page.get_by_label("日期").fill("2024-09-04")
    page.get_by_label("开始时间").fill("08:30")
    page.get_by_label("结束时间").fill("11:30")
    page.get_by_label("学时").fill("3")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="开放签到").click()
    expect(page.get_by_text("已开放签到")).to_be_visible()


def code_on(screen: Page) -> str:
    """The six digits on the wall."""
    return screen.locator("[data-code-digits]").inner_text().replace(" ", "")


def next_code(screen: Page, shown: str, clock: Clock, *, minutes: int) -> str:
    """What stands there so many minutes after the start; the page asks by itself."""
    clock.set(HALF_PAST_EIGHT + timedelta(minutes=minutes))
    digits = screen.locator("[data-code-digits]")
    expect(digits).not_to_have_text(f"{shown[:3]} {shown[3:]}")
    return code_on(screen)


def test_a_training_morning_from_the_code_on_the_wall_to_the_circular(
    sit_down: SitDown, morning: Morning
) -> None:
    leader = sit_down().log_in(morning.people["周文彬"].username)
    lay_out(leader, morning)
    morning.grant_leave("钱江")

    # Ten minutes before: the code is on the wall, and one teacher types it.
    morning.clock.set(HALF_PAST_EIGHT - timedelta(minutes=10))
    leader.goto(morning.page)
    leader.get_by_role("link", name="大屏幕").click()
    early = code_on(leader)
    phone = sit_down(phone=True).log_in(morning.people["陈晓燕"].username)
    phone.get_by_role("link", name="去完成").first.click()
    phone.get_by_label("签到码").fill(early)
    phone.get_by_role("button", name="签到").click()
    expect(phone.get_by_text("签到成功")).to_be_visible()
    expect(leader.locator("[data-code-came]")).to_have_text("1")

    # A quarter past: another code stands there by itself; the old one is refused, and
    # who opens the QR code's link logs in and is late.
    stale = next_code(leader, early, morning.clock, minutes=14)
    fresh = next_code(leader, stale, morning.clock, minutes=15)
    late = sit_down(phone=True)
    link = leader.url.replace("/screen", "/sign")
    late.at(f"{link}?code={stale}")
    late.page.get_by_label("用户名").fill(morning.people["赵敏"].username)
    late.page.get_by_label("密码").fill("Hetang-2024-yueguang")
    late.page.get_by_role("button", name="登录").click()
    expect(late.page.get_by_label("签到码")).to_have_value(stale)
    late.page.get_by_role("button", name="签到").click()
    expect(late.page.get_by_text("签到码每 20 秒换一次")).to_be_visible()
    late.page.get_by_label("签到码").fill(fresh)
    late.page.get_by_role("button", name="签到").click()
    expect(late.page.get_by_text("已签到，记为迟到")).to_be_visible()

    # One signs in, and then a colleague who stayed at home, on the same phone.
    own = sit_down(phone=True)
    for who in ("孙立", "李静"):
        own.log_in(morning.people[who].username)
        own.at(link)
        own.page.get_by_label("签到码").fill(fresh)
        own.page.get_by_role("button", name="签到").click()
        if who == "孙立":
            expect(own.page.get_by_text("已签到，记为迟到")).to_be_visible()
            own.page.get_by_text("菜单").click()
            own.page.get_by_role("button", name="退出").click()
    expect(own.page.get_by_text("等待核实")).to_be_visible()
    expect(leader.locator("[data-code-held]")).to_have_text("1")
    leader.get_by_role("link", name="看名单").click()
    expect(leader.get_by_text("这部手机先由孙立用过")).to_be_visible()
    leader.get_by_label("理由").fill("李静没有到场，由孙立代签")
    leader.get_by_role("button", name="不认可李静的签到").click()
    expect(leader.get_by_text("没有认可这次签到")).to_be_visible()

    # It is over: who neither came nor is on leave is absent, and in the circular.
    morning.clock.set(ENDS + timedelta(minutes=5))
    morning.keep()
    leader.reload()
    for who, standing in (
        ("陈晓燕", "出勤"),
        ("赵敏", "迟到"),
        ("钱江", "请假"),
        ("李静", "缺勤"),
    ):
        row = leader.locator("#attendance-lines").get_by_role("row")
        expect(row.filter(has_text=who)).to_contain_text(standing)
    leader.goto(morning.page)
    leader.get_by_role("link", name="拟写通报").click()
    people = leader.locator("#circular-people").get_by_role("row")
    expect(people.filter(has_text="李静")).to_contain_text("由孙立代签")
    expect(people.filter(has_text="陈晓燕")).to_have_count(0)
    leader.get_by_role("button", name="发布通报").click()
    expect(leader.get_by_text("通报已发布")).to_be_visible()

    own.at("/notices")
    expect(own.page.get_by_text("通报").first).to_be_visible()
    phone.goto("/record")
    expect(phone.get_by_text("集中研训出勤").first).to_be_visible()
    expect(phone.get_by_text("7").first).to_be_visible()
