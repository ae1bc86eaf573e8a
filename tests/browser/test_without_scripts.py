"""What must work without JavaScript: a whole walk by plain forms (A08)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.demonstration.logins import PASSWORD
from tests.browser.conftest import PHONE, served
from tests.browser.demonstration import Shown
from tests.browser.page_table import GROUP_LEADER, LEADER, TEACHER

pytestmark = pytest.mark.browser

TEXT = "今天讲《荷花》，学生说荷叶挨得很挤，我让他们把动作演了一遍。" * 6
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def pages(chromium: Browser, copied: Shown) -> Iterator[dict[str, Page]]:
    """A browser without scripts for each, logged in by the form."""
    with served(copied.app) as address:
        found: dict[str, Page] = {}
        for person in (TEACHER, LEADER, GROUP_LEADER):
            context = chromium.new_context(
                base_url=address,
                viewport=PHONE,
                locale="zh-CN",
                java_script_enabled=False,
            )
            context.set_default_timeout(10_000)
            page = found[person] = context.new_page()
            page.goto("/")
            page.get_by_label("用户名").fill(copied.usernames[person])
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            expect(page.get_by_role("heading", name="我的研修")).to_be_visible()
        yield found
        for page in found.values():
            page.context.close()


def test_all_of_the_work_is_done_by_plain_forms(pages: dict[str, Page]) -> None:
    teacher, leader = pages[TEACHER], pages[LEADER]
    week = write_and_hand_in(teacher)
    name = my_name(teacher)

    # The leader reads and grades; a rubric is a set of radio buttons.
    leader.get_by_role("link", name="去批阅").click()
    row = leader.get_by_role("link").filter(has_text=name).filter(has_text=week)
    row.first.click()
    expect(leader.get_by_text("学生说荷叶挨得很挤").first).to_be_visible()
    for levels in leader.get_by_role("group").all():
        if levels.get_by_role("radio").count():
            levels.get_by_role("radio").first.check()
    leader.get_by_role("textbox", name="评语").fill("原话记得真切。")
    leader.get_by_role("button", name="通过", exact=True).click()
    expect(leader.get_by_text("已通过。")).to_be_visible()

    # The teacher reads the remark, answers it, and reads the notices.
    teacher.goto("/feedback")
    teacher.get_by_role("link", name=week).first.click()
    expect(teacher.get_by_text("原话记得真切。").first).to_be_visible()
    teacher.get_by_text("回复", exact=True).first.click()
    teacher.get_by_label("我的回复").first.fill("谢谢，下周试试。")
    teacher.get_by_role("button", name="发送回复").first.click()
    expect(teacher.get_by_text("谢谢，下周试试。").first).to_be_visible()
    teacher.get_by_role("link", name="通知").first.click()
    teacher.get_by_role("link", name=week).first.click()
    expect(teacher.get_by_text("原话记得真切。").first).to_be_visible()
    log_out(teacher)


def write_and_hand_in(page: Page) -> str:
    """Too short first, then with a picture; returns the title of the week."""
    page.get_by_role("link", name="去写").first.click()
    week = page.get_by_role("heading", level=1).inner_text()
    page.get_by_label("正文").fill("太短")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("还差").first).to_be_visible()
    expect(page.get_by_label("正文")).to_have_value("太短")
    page.get_by_label("正文").fill(TEXT)
    picture = {"name": "板书.png", "mimeType": "image/png", "buffer": PICTURE}
    page.get_by_label("附图片或文件").set_input_files(picture)
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_role("link", name="板书.png")).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("回执号").first).to_be_visible()
    return week


def my_name(page: Page) -> str:
    """Whose page it is."""
    page.locator("summary", has_text="菜单").click()
    return page.locator(".menu-panel .personal-name").inner_text().strip()


def log_out(page: Page) -> None:
    """By the button in the menu, which opens without scripts."""
    page.locator("summary", has_text="菜单").click()
    page.locator(".menu-panel").get_by_role("button", name="退出").click()
    page.goto("/record")
    expect(page.get_by_role("button", name="登录")).to_be_visible()
