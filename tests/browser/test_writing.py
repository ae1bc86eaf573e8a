"""Writing in a true browser: nothing typed is ever lost (A08, A12, A13, A16)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.submissions.models import Submission
from portal.testing import factories
from portal.testing.fixtures import START
from portal.users.models import LoginSession, User

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "Hetang-2024-yueguang"
TEXT = "今天执教《荷花》,朗读指导用去了二十五分钟,小练笔没有时间写。" * 5

NO_GOOD_BYE = "() => { window.fetch = () => Promise.reject(new Error('gone')); }"
"""A tab that is closed says good-bye, and may be online again by then."""

SitDown = Callable[..., Any]


@pytest.fixture
def teacher(live: Session, county: Organisation, hashed: str) -> User:
    """A teacher with a journal due this week."""
    school = factories.make_school(live, county, "实验小学")
    workshop = factories.make_workshop(live, county, starts_at=START)
    factories.make_activity(live, workshop, "journal")
    user = factories.make_user(live, "陈晓燕", school=school, password_hash=hashed)
    factories.enrol(live, workshop, user)
    live.commit()
    return user


def start_writing(person: Any, user: User) -> Page:
    """From login to typing in the due journal in two taps."""
    page = person.log_in(user.username)
    page.get_by_role("link", name="去写").first.click()
    return page


def sheet(page: Page) -> Any:
    return page.get_by_label("正文")


def test_two_taps_lead_from_login_to_typing_on_a_phone(
    sit_down: SitDown, teacher: User
) -> None:
    page = start_writing(sit_down(phone=True), teacher)
    sheet(page).fill("今天")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_typed_saves_itself_and_is_there_on_another_device(
    sit_down: SitDown, teacher: User
) -> None:
    page = start_writing(sit_down(), teacher)
    sheet(page).fill(TEXT)
    expect(page.locator(".writing-foot [data-save-state]")).to_contain_text("已保存")
    other = start_writing_again(sit_down(phone=True), teacher)
    expect(sheet(other)).to_have_value(TEXT)


def start_writing_again(person: Any, user: User) -> Page:
    page = person.log_in(user.username)
    page.get_by_role("link", name="接着写").first.click()
    return page


def test_a_session_that_ends_while_writing_loses_nothing(
    sit_down: SitDown, live: Session, teacher: User
) -> None:
    page = start_writing(sit_down(), teacher)
    sheet(page).fill(TEXT)
    live.commit()
    live.execute(delete(LoginSession))
    live.commit()
    page.get_by_role("button", name="提交", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("用户名").fill(teacher.username)
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(sheet(page)).to_have_value(TEXT)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("回执号").first).to_be_visible()
    live.commit()
    live.expire_all()
    assert live.scalars(select(Submission)).one().versions[0].text == TEXT


def test_the_tab_dies_and_the_text_comes_back(sit_down: SitDown, teacher: User) -> None:
    person = sit_down()
    page = start_writing(person, teacher)
    page.wait_for_load_state("networkidle")
    address = page.url
    person.context.set_offline(True)
    sheet(page).fill("断网时写的一段话。")
    expect(page.locator(".writing-foot [data-save-state]")).to_contain_text(
        "已存在本机"
    )
    page.evaluate(NO_GOOD_BYE)
    page.close()
    person.context.set_offline(False)
    again = person.context.new_page()
    again.goto(address)
    again.get_by_role("button", name="用本机的草稿").click()
    expect(sheet(again)).to_have_value("断网时写的一段话。")


def test_the_candidate_of_an_input_method_is_no_letter_and_submits_nothing(
    sit_down: SitDown, live: Session, teacher: User
) -> None:
    person = sit_down()
    page = start_writing(person, teacher)
    sheet(page).focus()
    keys = person.context.new_cdp_session(page)
    keys.send(
        "Input.imeSetComposition",
        {"text": "nihao", "selectionStart": 5, "selectionEnd": 5},
    )
    counted = page.locator("[data-count]")
    expect(counted).to_contain_text("0 字")
    keys.send("Input.insertText", {"text": "你好"})
    expect(counted).to_contain_text("2 字")
    assert (
        live.scalars(select(Submission).where(Submission.state != "draft")).all() == []
    )


def test_writing_and_handing_in_work_without_scripts(
    sit_down: SitDown, live: Session, teacher: User
) -> None:
    page = start_writing(sit_down(scripts=False), teacher)
    sheet(page).fill("太短")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("还差").first).to_be_visible()
    expect(sheet(page)).to_have_value("太短")
    sheet(page).fill(TEXT)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("回执号").first).to_be_visible()
    live.commit()
    assert live.scalars(select(Submission)).one().state == "handed_in"


def test_a_session_that_ends_loses_nothing_without_scripts_either(
    sit_down: SitDown, live: Session, teacher: User
) -> None:
    page = start_writing(sit_down(scripts=False), teacher)
    sheet(page).fill(TEXT)
    live.commit()
    live.execute(delete(LoginSession))
    live.commit()
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_label("用户名").fill(teacher.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_text("回执号").first).to_be_visible()
    live.commit()
    assert live.scalars(select(Submission)).one().versions[0].text == TEXT
