"""A peer review in a true browser: from the log-in to a line in the score sheet.

A teacher hands a work in on the phone; when the works are in, My study asks to assess;
what is half said is kept; at the end the page shows the mark with what peers said, the
record says why, and the leader's matrix says who was missing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from portal.activity import Answer
from portal.organisations.models import Organisation
from portal.plugins.opening import open_activity, run_job
from portal.submissions import drafts, handing_in
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.dates import slots_of
from portal.workshops.models import Activity, Workshop
from tests.browser.conftest import aside

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

TEXT = "这节课我让学生先估一估圆的周长大约是直径的几倍，再用绳子去量。" * 3
SUBMITTED = START + timedelta(days=2)
RESULTS = START + timedelta(days=5)
SCHEME = {
    "format": 1,
    "title": {"zh": "互评考核", "en": "Peer review"},
    "items": [
        {
            "id": "peers",
            "title": {"zh": "互评作品", "en": "Works"},
            "unit": {"zh": "分", "en": "points"},
            "counts": [{"source": "peer_review", "measure": "submission_score"}],
            "steps": [{"do": "price", "unit": 10, "points": 1}],
        }
    ],
}

SitDown = Callable[..., Any]


class Stage:
    """The workshop, its people, and what happens behind the browser."""

    def __init__(self, app: Flask, live: Session, clock: Clock) -> None:
        self.app, self.live, self.clock = app, live, clock
        self.activity_id = 0
        self.people: Sequence[User] = ()

    @property
    def kind(self) -> Any:
        """The type."""
        return self.app.extensions["portal_plugins"].kinds["peer_review"]

    def write(self, *people: User) -> None:
        """Let others hand something in."""

        def act() -> None:
            with self.app.test_request_context():
                activity = self.live.get_one(Activity, self.activity_id)
                for person in people:
                    text = chr(0x5200 + person.id) * 20
                    (slot,) = slots_of(self.live, self.kind, activity, person.id)
                    work = drafts.begin(self.live, activity, person.id, slot, slot.key)
                    answer = Answer({"text": text}, text)
                    handing_in.hand_in(self.live, work, slot, self.kind, answer)
                self.live.commit()

        aside(act)

    def assess(self, *people: User, works: int) -> None:
        """Let others assess what they were given: all good, all fair."""

        def act() -> None:
            with self.app.test_request_context():
                for person in people:
                    ctx = open_activity(self.live, self.activity_id, person.id)
                    for number in range(1, works + 1):
                        self.kind.assess(ctx, number, (0, 1, 0), "写得实在。")
                self.live.commit()

        aside(act)

    def arrive(self, moment: datetime) -> None:
        """Move the clock, and let the job run."""
        self.clock.set(moment)

        def act() -> None:
            with self.app.app_context():
                run_job(self.live, "peer_review", "keep")
                self.live.commit()

        aside(act)


@pytest.fixture
def stage(
    live_app: Flask, live: Session, clock: Clock, county: Organisation, hashed: str
) -> Stage:
    """A workshop of four learners with a scheme and a peer review of five days."""
    made = Stage(live_app, live, clock)
    factories.enable_plugin(live, county, "peer_review")
    scheme = factories.make_scheme(live, SCHEME)
    workshop = factories.make_workshop(live, county, starts_at=START, scheme=scheme)
    made.people = [
        factories.make_user(live, name, password_hash=hashed)
        for name in ("陈晓燕", "赵敏", "孙立", "李静")
    ]
    for person in made.people:
        factories.enrol(live, workshop, person)
    made.activity_id = _activity(live, workshop).id
    leader = factories.make_user(live, "周文彬", username="fang", password_hash=hashed)
    factories.enrol(live, workshop, leader, "workshop_leader")
    live.commit()
    return made


def _activity(live: Session, workshop: Workshop) -> Activity:
    settings = {
        "submit_until": "2024-09-03",
        "assess_until": "2024-09-06",
        "min_length": 10,
    }
    made = factories.make_activity(live, workshop, "peer_review", **settings)
    made.title = "课堂片段互评"
    return made


def assess(page: Page, overall: str) -> None:
    """Fill an assessment in, as a person does."""
    for criterion in ("内容", "思考", "可借鉴"):
        group = page.get_by_role("group", name=criterion)
        group.get_by_role("radio", name="优秀").check()
    page.get_by_label("总评").fill(overall)


def test_from_the_log_in_to_a_line_in_the_score_sheet(
    sit_down: SitDown, stage: Stage
) -> None:
    teacher, *others = stage.people
    page = sit_down(phone=True).log_in(teacher.username)
    page.get_by_role("link", name="去写").first.click()
    page.get_by_label("正文").fill(TEXT)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("回执号").first).to_be_visible()
    stage.write(*others)

    stage.arrive(SUBMITTED)
    page.goto("/")
    page.get_by_role("link", name="课堂片段互评 · 评阅 3 篇作品").first.click()
    page.get_by_role("link", name="评阅作者甲的作品").click()
    assess(page, "写到一半，")
    expect(page.get_by_text("已保存").first).to_be_visible()
    page.reload()
    expect(page.get_by_label("总评")).to_have_value("写到一半，")
    expect(page.get_by_role("radio", name="优秀").first).to_be_checked()
    page.get_by_label("总评").fill("先估再量，误差成了学生自己的问题。")
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("接着评阅下一篇").first).to_be_visible()
    expect(page.get_by_role("heading", name="作者乙的作品")).to_be_visible()
    stage.assess(*others, works=3)

    leader = sit_down().log_in("fang")
    leader.goto(f"/activities/{stage.activity_id}")
    leader.get_by_role("link", name="互评进展").click()
    leader.get_by_role("link", name="评阅未完（1）").click()
    expect(leader.get_by_role("rowheader", name=teacher.name)).to_be_visible()
    leader.get_by_role("button", name="提醒这些人").click()
    expect(leader.get_by_text("已提醒 1 人").first).to_be_visible()

    stage.arrive(RESULTS)
    page.goto(f"/activities/{stage.activity_id}")
    expect(page.get_by_text("94.00").first).to_be_visible()
    expect(page.get_by_role("heading", name="评委甲：94.00 分")).to_be_visible()
    page.goto("/record")
    expect(page.get_by_text("互评作品").first).to_be_visible()
    expect(page.get_by_text("9.4").first).to_be_visible()
