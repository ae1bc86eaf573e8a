"""A leader builds scheme S1 from its template, and the workshop is judged by it.

The template's source showed no pass mark: the leader fills it in, tries the scheme on a
spreadsheet of the year before, compares every clause, publishes, and chooses it.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import START, Clock
from portal.users.models import User
from portal.workshops.models import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

TEMPLATE = "幼儿园教师工作坊考核方案（永吉，2015）"
HEADER = ("账号", "姓名", "来源", "事项", "阶段", "时间", "计量", "数量")
MINUTES = "外部平台的学习时长"

SitDown = Callable[..., Any]


def records() -> bytes:
    """Two people of last year: one studied 200 minutes in two stages, one 79 in one."""
    stream = BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for column, title in enumerate(HEADER):
            sheet.write_string(0, column, title)
        rows = (
            ("陈晓燕", "1", "230"),
            ("陈晓燕", "2", "200"),
            ("孙立", "1", "79"),
        )
        for line, (name, stage, minutes) in enumerate(rows, start=1):
            texts = (
                name,
                "",
                "records:platform",
                f"第{stage}阶段",
                stage,
                "2023-09-02",
                "watch_minutes",
                minutes,
            )
            for column, text in enumerate(texts):
                sheet.write_string(line, column, text)
    return stream.getvalue()


@pytest.fixture
def workshop(live: Session, clock: Clock, county: Organisation) -> Workshop:
    """A workshop without a scheme."""
    clock.move(hours=9)
    made = factories.make_workshop(live, county, starts_at=START)
    live.commit()
    return made


@pytest.fixture
def leader(live: Session, workshop: Workshop, hashed: str) -> User:
    """Who leads it."""
    user = factories.make_user(live, "周文彬", password_hash=hashed)
    factories.enrol(live, workshop, user, "workshop_leader")
    live.commit()
    return user


def build(page: Page) -> None:
    """From the workshop's page to a draft whose pass mark is filled in."""
    page.get_by_role("link", name="考核方案").last.click()
    page.get_by_role("link", name="新建方案").click()
    page.get_by_role("button", name=f"用模板“{TEMPLATE}”新建").click()
    page.get_by_label("合格线", exact=True).fill("60")
    page.get_by_label("已经按文件补上，不再标为未见").first.check()
    page.get_by_role("button", name="先看影响").click()
    expect(page.get_by_text("还没有保存")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_text("已保存。")).to_be_visible()


def try_on(page: Page) -> None:
    """Stages 1 and 2 are full with 5 marks each; 79 minutes are one whole step."""
    page.get_by_role("link", name="试算").click()
    file = {
        "name": "records.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": records(),
    }
    page.get_by_label("记录表").set_input_files(file)
    page.get_by_role("button", name="试算", exact=True).click()
    rows = page.locator("#outcome-table tbody tr")
    expect(rows.filter(has_text="陈晓燕")).to_contain_text("10.0")
    expect(rows.filter(has_text="孙立")).to_contain_text("1.0")
    page.get_by_text("陈晓燕：10.0 分").click()
    expect(page.get_by_text("还差50分合格。").first).to_be_visible()


def publish(page: Page) -> None:
    """Every clause is ticked, then the version is frozen."""
    page.get_by_role("link", name="逐条确认").click()
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_role("link", name="发布").click()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("从此固定不变")).to_be_visible()


def test_a_leader_builds_a_scheme_from_its_template_and_the_workshop_uses_it(
    sit_down: SitDown, live: Session, workshop: Workshop, leader: User
) -> None:
    page = sit_down().log_in(leader.username)
    page.goto(f"/workshops/{workshop.id}")
    build(page)
    try_on(page)
    page.get_by_role("navigation", name="当前位置").get_by_role("link").last.click()
    publish(page)
    page.get_by_role("link", name="的设置里选用").click()
    page.get_by_label("考核方案").select_option(label=f"{TEMPLATE} 第 1 版")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    live.commit()
    live.refresh(workshop)
    assert workshop.scheme_version_id is not None
