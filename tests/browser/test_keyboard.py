"""A leader clears the queue without leaving the keyboard (A03, A19)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, served
from tests.browser.demonstration import Shown
from tests.browser.page_table import LEADER

pytestmark = pytest.mark.browser

FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  const box = document.activeElement.getBoundingClientRect();
  const under = document.elementFromPoint(
    box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  return {
    element: document.activeElement.outerHTML.slice(0, 120),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
    uncovered: !under || document.activeElement.contains(under) ||
      under.contains(document.activeElement),
  };
}"""
STOPS = 25


@pytest.fixture
def desk(chromium: Browser, copied: Shown) -> Iterator[Page]:
    """The leader's first page."""
    with served(copied.app) as address:
        context = chromium.new_context(base_url=address, viewport=DESK, locale="zh-CN")
        context.add_cookies(copied.cookies(LEADER, address))
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto("/")
        yield page
        context.close()


def tab_to(page: Page, words: str) -> None:
    """Go on with the tabulator until the words have the focus, which shows."""
    for _stop in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUS)
        assert seen["outlined"], seen["element"]
        here = page.evaluate("document.activeElement.textContent.trim()")
        if words in here:
            return
    pytest.fail(f"the tabulator never comes to {words}")


def test_a_queue_of_five_is_cleared_without_the_mouse(desk: Page) -> None:
    page = desk
    tab_to(page, "去批阅")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    tab_to(page, "从等得最久的一篇开始")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="评语")).to_be_visible()

    first = urlsplit(page.url).path
    page.keyboard.press("j")
    page.wait_for_url(lambda url: first not in url)
    page.keyboard.press("k")
    page.wait_for_url(lambda url: first in url)

    judged = []
    for number in range(5):
        here = urlsplit(page.url).path
        judged.append(here)
        for _criterion in range(page.locator("[data-criterion]").count()):
            page.keyboard.press("2")
        tab_to_remark(page)
        page.keyboard.type(f"第 {number + 1} 篇，过程清楚。")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url, here=here: here not in url)
        expect(page.get_by_text("已通过。")).to_be_visible()
    assert len(set(judged)) == 5

    page.goto(judged[0])
    expect(page.get_by_text("第 1 篇，过程清楚。").first).to_be_visible()


def tab_to_remark(page: Page) -> None:
    """From where one is to the remark, by the tabulator alone."""
    for _stop in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "remark":
            return
    pytest.fail("the tabulator never comes to the remark")


def test_every_stop_of_the_tabulator_shows_and_nothing_covers_it(desk: Page) -> None:
    desk.goto("/desk")
    desk.get_by_role("link", name="从等得最久的一篇开始").click()
    desk.evaluate("document.activeElement.blur()")
    desk.keyboard.press("Tab")
    assert "跳到正文" in desk.evaluate("document.activeElement.textContent")
    for _stop in range(STOPS):
        desk.keyboard.press("Tab")
        seen = desk.evaluate(FOCUS)
        assert seen["outlined"], seen["element"]
        assert seen["uncovered"], seen["element"]
