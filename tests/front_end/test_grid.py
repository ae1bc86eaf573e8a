"""A grid of marks loses nothing that was typed, and writes over nobody's unseen."""

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

FRAME = """<!doctype html><html lang="zh-CN"><title>评分</title>
<body data-user="17"><form method="post" data-keep-cells="marks:7:all">
<div data-kept-cells hidden><p data-kept-count data-word="共 {{count}} 格"></p>
<button type="button" data-kept-drop>不要这些</button></div>{cells}</form>
<script type="module" src="/src/portal.js"></script></body></html>"""
CELL = """<input type="hidden" name="seen-{n}" value="{seen}">
<input name="mark-{n}" aria-label="{name}" value="{value}" data-cell="{name}"
data-stands="{stands}" data-seen="seen-{n}">"""


class Grid:
    """Marks as the server has them: of each person the mark and its revision."""

    def __init__(self) -> None:
        self.marks = {"甲": ("7", 1), "乙": ("", 0), "丙": ("9", 1)}
        self.echoed: dict[str, str] = {}

    def serve(self, route: Route) -> None:
        """The page with the marks, and with what is sent back to be mended."""
        cells = "".join(
            CELL.format(
                n=n,
                name=name,
                seen=seen,
                stands=mark,
                value=self.echoed.get(name, mark),
            )
            for n, (name, (mark, seen)) in enumerate(self.marks.items())
        )
        route.fulfill(
            body=FRAME.format(cells=cells), content_type="text/html; charset=utf-8"
        )


@pytest.fixture
def grid(page: Page) -> Grid:
    found = Grid()
    page.route("**/grid", found.serve)
    return found


def open_grid(page: Page) -> None:
    page.goto("about:blank")
    page.goto("/grid", wait_until="networkidle")


def values(page: Page) -> list[str]:
    return [page.get_by_label(name).input_value() for name in ("甲", "乙", "丙")]


def test_marks_that_were_typed_and_not_saved_are_put_back(
    page: Page, grid: Grid
) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    open_grid(page)
    page.get_by_label("甲").fill("8")
    page.get_by_label("乙").fill("６.50")
    grid.marks["甲"] = ("5", 2)  # another leader, meanwhile
    grid.marks["丙"] = ("4", 2)

    open_grid(page)

    assert values(page) == ["8", "６.50", "4"]
    expect(page.locator("[data-kept-cells]")).to_contain_text("共 2 格")
    seen = page.locator("[type=hidden]").evaluate_all("all => all.map(i => i.value)")
    assert seen == ["1", "0", "2"]

    grid.marks = {"甲": ("8", 3), "乙": ("6.5", 1), "丙": ("4", 2)}  # saved
    open_grid(page)
    expect(page.locator("[data-kept-cells]")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_marks_that_were_put_back_can_be_dropped_and_refused_ones_stay(
    page: Page, grid: Grid
) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    open_grid(page)
    page.get_by_label("乙").fill("6")
    open_grid(page)
    page.get_by_text("不要这些").click()
    assert values(page) == ["7", "", "9"]
    assert page.evaluate("Object.keys(localStorage)") == []

    grid.echoed = {"丙": "十"}  # the page of a refused form
    open_grid(page)
    grid.echoed = {}
    open_grid(page)
    assert values(page) == ["7", "", "十"]
