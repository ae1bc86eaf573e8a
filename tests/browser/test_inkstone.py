"""A county in inkstone: the pages on which its two templates and its tokens tell.

The pages of the demonstration's dressed school are looked at with all others.
"""

import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import aside, served
from tests.browser.demonstration import Shown, copy_of, noon
from tests.browser.page_table import COUNTY, LEADER, STRANGER, TEACHER
from tests.browser.test_pages import phone_faults, violations

pytestmark = pytest.mark.browser

PAGES = (
    ("users.login", STRANGER),
    ("submissions.write", TEACHER),
    ("submissions.judge", LEADER),
    ("styleguide.show", COUNTY),
)
PAPER = "getComputedStyle(document.body).backgroundColor"


def dress(database: sqlite3.Connection) -> None:
    """Let the whole county wear it."""
    database.execute("UPDATE organisation SET theme = 'inkstone'")


@pytest.fixture(scope="module")
def dressed(shown: Shown, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """The demonstration in inkstone."""
    folder = tmp_path_factory.mktemp("inkstone")
    with noon():
        yield aside(lambda: copy_of(shown, folder, dress))


def pages_of(
    browser: Browser, county: Shown, address: str, scheme: str
) -> Iterator[tuple[str, Page]]:
    """Each page in turn, open."""
    for endpoint, person in PAGES:
        context = browser.new_context(
            base_url=address,
            viewport={"width": 1280, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="zh-CN",
        )
        context.add_cookies(county.cookies(person, address))
        page = context.new_page()
        page.goto(county.path(endpoint, person))
        yield endpoint, page
        context.close()


@pytest.mark.parametrize(
    ("scheme", "paper"),
    [("light", "rgb(243, 239, 228)"), ("dark", "rgb(26, 22, 24)")],
)
def test_pages_in_inkstone_are_fit_to_be_seen(
    chromium: Browser, dressed: Shown, scheme: str, paper: str
) -> None:
    found = {}
    with served(dressed.app) as address:
        for endpoint, page in pages_of(chromium, dressed, address, scheme):
            assert page.evaluate(PAPER) == paper
            if wrong := violations(page):
                found[endpoint] = wrong
            phone_faults(page)
    assert found == {}


def test_paper_is_white_in_inkstone(chromium: Browser, dressed: Shown) -> None:
    with served(dressed.app) as address:
        for _, page in pages_of(chromium, dressed, address, "dark"):
            page.emulate_media(media="print", color_scheme="dark")
            assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
            assert not page.locator("header + div[aria-hidden] svg").is_visible()
            break
