"""The grading desk goes by keys, and loses no remark."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def open_desk(page: Page, work: int = 1) -> None:
    page.goto(f"/desk/{work}", wait_until="networkidle")


def test_j_and_k_go_through_the_queue(page: Page) -> None:
    open_desk(page)
    page.keyboard.press("j")
    page.wait_for_url("**/desk/2")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("k")
    page.wait_for_url("**/desk/1")


def test_digits_choose_a_level_of_one_criterion_after_the_other(page: Page) -> None:
    open_desk(page)
    page.keyboard.press("2")
    page.keyboard.press("1")
    assert page.locator("[name=rubric-fact]:checked").input_value() == "3"
    assert page.locator("[name=rubric-thought]:checked").input_value() == "4"


def test_ctrl_enter_accepts_from_within_the_remark(page: Page, server: Any) -> None:
    open_desk(page)
    page.get_by_label("评语").fill("写得真。")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/desk/2")
    assert server.reviews[0]["decision"] == "accept"
    assert server.reviews[0]["remark"] == "写得真。"


def test_r_asks_for_the_remark_before_it_returns(page: Page, server: Any) -> None:
    open_desk(page)
    page.keyboard.press("r")
    expect(page.get_by_label("评语")).to_be_focused()
    page.keyboard.type("r1: please say more")
    assert server.reviews == []
    page.locator("h1").click()
    page.keyboard.press("r")
    page.wait_for_url("**/desk/2")
    assert server.reviews[0]["decision"] == "return"


def test_a_remark_that_was_not_saved_is_there_again(page: Page) -> None:
    open_desk(page)
    page.get_by_label("评语").fill("想到一半")
    page.keyboard.press("Escape")
    open_desk(page, 2)
    assert page.get_by_label("评语").input_value() == ""
    open_desk(page, 1)
    assert page.get_by_label("评语").input_value() == "想到一半"
    expect(page.locator("[data-kept]")).to_be_visible()


def test_a_remark_that_was_saved_leaves_no_copy(page: Page) -> None:
    open_desk(page)
    page.get_by_label("评语").fill("写得真。")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/desk/2")
    open_desk(page, 1)
    expect(page.locator("[data-kept-other]")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_remark_saved_meanwhile_is_not_written_over(page: Page, server: Any) -> None:
    open_desk(page)
    page.get_by_label("评语").fill("我的评语")
    server.remarks[1] = "另一位坊主的评语"
    open_desk(page, 1)
    assert page.get_by_label("评语").input_value() == "另一位坊主的评语"
    expect(page.locator("[data-kept-other]")).to_contain_text("我的评语")
