"""Every macro in a real browser: accessible, narrow, dark, and with nothing inline."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["/styleguide", "/error/404", "/write", "/desk/1"]
SIDEWAYS = (
    "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
)
SMALL = """() => [...document.querySelectorAll(
    'a, button, input, select, textarea, summary')]
  .filter((element) => element.offsetParent && element.type !== 'hidden')
  .filter((element) => !element.closest('.prose, p:not([class])'))
  .map((element) => element.matches('[type=radio], [type=checkbox]')
    ? element.closest('label') : element)
  .filter((element) => element.getBoundingClientRect().height < 43.5)
  .map((element) => element.outerHTML.slice(0, 200))"""
UNNAMED = """() => [...document.querySelectorAll('a, button, summary')]
  .filter((element) => element.offsetParent)
  .filter((element) => !element.textContent.trim())
  .filter((element) => !element.getAttribute('aria-label'))
  .map((element) => element.outerHTML)"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_axe_finds_nothing(
    browser: Browser, server: Any, path: str, width: int, scheme: Any
) -> None:
    page = browser.new_page(
        base_url=server.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )
    page.goto(path)
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    page.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("width", "text"), [(360, "100%"), (360, "200%"), (1280, "200%")]
)
def test_no_page_scrolls_sideways(page: Page, path: str, width: int, text: str) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(path)
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
    assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("path", PAGES)
def test_every_target_is_a_finger_high_and_has_a_name(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate(SMALL) == []
    assert page.evaluate(UNNAMED) == []


@pytest.mark.parametrize("path", PAGES)
def test_the_content_policy_is_never_offended(page: Page, path: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(path, wait_until="networkidle")
    assert [line for line in said if "Content Security Policy" in line] == []


def test_the_skip_link_is_first_and_leads_to_the_page(page: Page) -> None:
    page.goto("/error/404")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_menu_of_a_phone_opens_without_scripts(
    browser: Browser, server: Any
) -> None:
    page = browser.new_page(
        base_url=server.url,
        java_script_enabled=False,
        viewport={"width": 360, "height": 640},
    )
    page.goto("/error/404")
    expect(page.get_by_role("link", name="我的成长档案")).to_be_hidden()
    page.get_by_text("菜单").click()
    expect(page.get_by_role("link", name="我的成长档案")).to_be_visible()
    page.close()


def test_the_chosen_scheme_holds_on_the_next_page(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/error/404")
    page.get_by_role("button", name="深色").click()
    page.goto("/error/403")
    assert page.locator("html").get_attribute("data-scheme") == "dark"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(20, 24, 26)"
    expect(page.get_by_role("button", name="浅色")).to_be_visible()


def test_a_letter_counts_as_read_after_five_seconds(page: Page, server: Any) -> None:
    page.goto("/letter", wait_until="networkidle")
    page.clock.run_for(4_000)
    assert server.receipts == 0
    with page.expect_response("**/receipt"):
        page.clock.run_for(2_000)
    assert server.receipts == 1


def test_paper_shows_no_navigation_and_unfolds_what_is_folded(page: Page) -> None:
    page.goto("/styleguide", wait_until="networkidle")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".masthead")).to_be_hidden()
    expect(page.locator(".button").first).to_be_hidden()
    expect(page.get_by_text("封顶 12 分").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )


def test_body_text_is_set_for_chinese(page: Page) -> None:
    page.goto("/styleguide")
    style = page.evaluate(
        "() => { const style = getComputedStyle(document.querySelector('.prose p'));"
        " return [parseFloat(style.lineHeight) / parseFloat(style.fontSize),"
        " style.lineBreak, style.fontFamily, style.textAlign]; }"
    )
    assert style[0] >= 1.6
    assert style[1] == "strict"
    assert "PingFang SC" in style[2]
    assert style[3] == "start"
