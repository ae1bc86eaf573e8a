"""The whole way in a true browser: from the roster to the mark, and why it is so.

The officer imports the roster and opens a workshop; the teacher, who comes with a code
on paper, writes, loses the session while writing and loses nothing, hands in; the
leader returns it with a remark; the teacher resubmits; the leader accepts; the score
sheet says why.
"""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users.models import LoginSession, User

pytestmark = pytest.mark.browser

PASSWORD = "Hetang-2024-yueguang"
TEXT = "今天执教《荷花》，朗读指导用去了二十五分钟，小练笔没有时间写。" * 5
ROSTER = (
    ("姓名", "身份证号", "手机", "学校", "学段", "学科", "学历"),
    ("陈晓燕", "999001198506120027", "13800000001", "实验小学", "小学", "语文", "本科"),
    ("刘芳", "99900119900715012X", "13800000002", "实验小学", "小学", "数学", "本科"),
    ("错号", "999001197911300036", "13800000003", "实验小学", "小学", "语文", "本科"),
)
SCHEME = {
    "format": 1,
    "title": {"zh": "教学周记考核", "en": "Weekly journals"},
    "pass_mark": 60,
    "items": [
        {
            "id": "journals",
            "title": {"zh": "教学周记", "en": "Journals"},
            "counts": [{"source": "journal", "measure": "entries"}],
            "steps": [
                {"do": "price", "unit": 1, "points": 5},
                {"do": "cap", "limit": 80},
            ],
        }
    ],
}

CODE = re.compile(r"^\w{4}-\w{4}-\w{4}$")

SitDown = Callable[..., Any]


def spreadsheet() -> bytes:
    """The roster as the school's officer would send it: one row has a wrong number."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(ROSTER):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value)
    book.close()
    return stream.getvalue()


@pytest.fixture
def officer(live: Session, county: Organisation, hashed: str) -> User:
    """The county's officer, a school, and a published scheme."""
    factories.make_school(live, county, "实验小学")
    factories.make_scheme(live, SCHEME)
    user = factories.make_user(live, "许国华", school=county, password_hash=hashed)
    factories.give_role(live, user, "county_officer", county)
    live.commit()
    return user


@pytest.fixture
def leader(live: Session, county: Organisation, hashed: str) -> User:
    """Who will lead the workshop."""
    user = factories.make_user(live, "周文彬", school=county, password_hash=hashed)
    live.commit()
    return user


def import_the_roster(page: Page) -> None:
    page.goto("/roster/import")
    page.get_by_label("名册文件").set_input_files(
        {
            "name": "名册.xlsx",
            "mimeType": "application/vnd.openxmlformats-officedocument"
            ".spreadsheetml.sheet",
            "buffer": spreadsheet(),
        }
    )
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("身份证号最后一位").first).to_be_visible()
    page.get_by_role("button", name="导入 2 人").click()
    expect(page.get_by_text("已导入").first).to_be_visible()


def open_a_workshop(page: Page, leader: User) -> str:
    """Project, workshop with its rule, journal, leader; returns the page's address."""
    page.goto("/projects/new")
    page.get_by_label("项目名称").fill("全员网络研修")
    page.get_by_label("开始日期").fill("2024-09-02")
    page.get_by_label("结束日期").fill("2025-01-05")
    page.get_by_role("button", name="建立项目").click()
    page.get_by_label("工作坊名称").fill("小学语文工作坊")
    page.get_by_label("学科", exact=True).select_option(label="语文")
    page.get_by_label("学段", exact=True).select_option(label="小学")
    page.get_by_label("考核方案").select_option(index=1)
    page.get_by_label("开始日期").fill("2024-09-02")
    page.get_by_label("结束日期").fill("2025-01-05")
    page.get_by_role("button", name="建立工作坊").click()
    page.get_by_role("link", name="教学周记").click()
    page.get_by_role("button", name="添加活动").click()
    address = page.url.split("/edit")[0].split("#")[0]
    page.goto(f"{address}/people/add")
    page.get_by_role("textbox", name="姓名或用户名").fill(leader.name)
    page.get_by_role("button", name="查找").click()
    page.get_by_label("角色").first.select_option(label="坊主")
    page.get_by_role("button", name="加入").first.click()
    page.goto(f"{address}/edit")
    page.get_by_role("link", name="开放工作坊").click()
    page.get_by_role("button", name="开放").click()
    return address


def test_from_the_roster_to_the_mark_that_says_why(
    sit_down: SitDown, live: Session, clock: Clock, officer: User, leader: User
) -> None:
    desk = sit_down()
    page = desk.log_in(officer.username)
    import_the_roster(page)
    address = open_a_workshop(page, leader)
    expect(page.get_by_text("进行中").first).to_be_visible()

    # The teacher comes with the code on the slip.
    live.commit()
    teacher = live.scalars(select(User).where(User.name == "陈晓燕")).one()
    code = code_from_slip(page, teacher)
    phone = sit_down(phone=True)
    study = phone.at("/activate")
    study.get_by_label("激活码").fill(code)
    study.get_by_role("button").filter(has_text="下一步").click()
    study.get_by_label("新密码").first.fill(PASSWORD)
    study.get_by_label("再填一次新密码").fill(PASSWORD)
    study.get_by_role("button", name="设好并登录").click()
    study.wait_for_url(lambda url: "/activate" not in url)

    # Two taps, and the session ends while writing.
    study.get_by_role("link", name="去写").first.click()
    study.wait_for_load_state("networkidle")
    study.get_by_label("正文").fill(TEXT)
    live.commit()
    live.execute(delete(LoginSession).where(LoginSession.user_id == teacher.id))
    live.commit()
    study.get_by_role("button", name="提交", exact=True).click()
    dialog = study.get_by_role("dialog")
    dialog.get_by_label("用户名").fill(teacher.username)
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(study.get_by_label("正文")).to_have_value(TEXT)
    study.get_by_role("button", name="提交", exact=True).click()
    expect(study.get_by_text("回执号").first).to_be_visible()

    # The leader returns it with a remark.
    clock.move(hours=3)
    review = sit_down().log_in(leader.username)
    review.get_by_role("link", name="去批阅").click()
    review.get_by_text("陈晓燕").first.click()
    review.get_by_role("textbox", name="评语").fill("写得真切。")
    review.get_by_role("textbox", name="改进意见").fill("请补上学生说的原话。")
    review.get_by_role("button", name="退回修改").click()
    expect(review.get_by_text("已退回").first).to_be_visible()

    # The teacher sees it first, revises, and hands in again.
    study.goto("/")
    study.get_by_role("link", name="去修改").first.click()
    expect(study.get_by_text("请补上学生说的原话。").first).to_be_visible()
    study.wait_for_load_state("networkidle")
    study.get_by_label("正文").fill(TEXT + "学生说：荷叶挨得很挤。")
    study.get_by_role("button", name="提交", exact=True).click()
    expect(study.get_by_text("第 2 版").first).to_be_visible()

    # The leader accepts, and the score sheet says why.
    clock.move(hours=3)
    review.goto("/desk")
    review.get_by_text("陈晓燕").first.click()
    review.get_by_role("button", name="通过", exact=True).click()
    expect(review.get_by_text("已通过").first).to_be_visible()
    study.goto("/record")
    study.get_by_text("为什么？").first.click()
    expect(
        study.get_by_text("每个计5分").or_(study.get_by_text("5分")).first
    ).to_be_visible()
    study.get_by_role("link", name="教学周记").first.click()
    expect(study.get_by_text("学生说：荷叶挨得很挤。").first).to_be_visible()
    assert address


def code_from_slip(page: Page, teacher: User) -> str:
    """The officer prints the slips of the school and reads the teacher's code."""
    page.goto("/roster/imports")
    page.get_by_role("link", name="名册.xlsx").first.click()
    page.get_by_role("link", name="打印纸条").first.click()
    page.get_by_role("button", name="生成纸条").click()
    slip = page.locator(".slip").filter(has_text=teacher.name)
    return slip.get_by_text(CODE).first.inner_text()
