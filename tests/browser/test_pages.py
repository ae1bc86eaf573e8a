"""Every page of the portal, as its people see it (A01, A06, experience.md)."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import aside, served
from tests.browser.demonstration import Shown, copy_of, noon
from tests.browser.page_table import LOGINS, NO_PAGES, PAGES, Sight, sights

pytestmark = pytest.mark.browser

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
FIRST_VIEW = 100_000
"""Bytes over the network for a page that is not for writing, nothing cached."""
WRITING = {
    "submissions.write",
    "submissions.judge",
    "submissions.desk",
    "peer_review.work",
    "quiz.attempt",
    "quiz.mark_question",
}
SHOWS_ALL = "styleguide.show"
"""The one page with more than one main button."""

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TWICE = "document.documentElement.style.fontSize = '200%'"
SMALL = """() => [...document.querySelectorAll(
    'a, button, input, select, textarea, summary')]
  .filter((one) => one.checkVisibility() && one.type !== 'hidden')
  .filter((one) => !one.matches('.skip-link, .rubric-level input'))
  .filter((one) => !one.closest('.prose, p:not([class]), .lead, .notice, dd'))
  .map((one) => one.matches('[type=radio], [type=checkbox]')
    ? one.closest('label') : one)
  .filter((one) => one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML.slice(0, 160))"""


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """All of it on one day."""
    with noon():
        yield


@pytest.fixture(scope="module")
def shown_at(shown: Shown) -> Iterator[str]:
    """Where the demonstration is served."""
    with served(shown.app) as address:
        yield address


class Onlooker:
    """A browser of one person that notes what a page should not do."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        """Look on what a context does."""
        self.page = context.new_page()
        self.address = address
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.bytes = 0
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        context.on("request", self._see)
        network = context.new_cdp_session(self.page)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        network.on("Network.loadingFinished", self._weigh)

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _see(self, request: Any) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.address).netloc:
            self.foreign.append(request.url)

    def _weigh(self, event: Any) -> None:
        self.bytes += int(event["encodedDataLength"])


@pytest.fixture(scope="module")
def onlookers(
    chromium: Browser, shown: Shown, shown_at: str
) -> Iterator[dict[tuple[Any, ...], Onlooker]]:
    """One for each person, screen and language; they are used again."""
    found: dict[tuple[Any, ...], Onlooker] = {}
    yield found
    for each in found.values():
        each.page.context.close()


@pytest.fixture
def look(
    chromium: Browser,
    shown: Shown,
    shown_at: str,
    onlookers: dict[tuple[Any, ...], Onlooker],
) -> Any:
    """`look(sight)` opens a page as its person sees it."""

    def open_page(sight: Sight) -> Onlooker:
        if sight[1:] not in onlookers:
            context = chromium.new_context(
                base_url=shown_at,
                viewport={"width": sight.width, "height": 800},
                color_scheme=sight.scheme,
                locale=sight.locale,
            )
            context.set_default_timeout(10_000)
            context.add_cookies(shown.cookies(sight.person, shown_at))
            onlookers[sight[1:]] = Onlooker(context, shown_at)
        onlooker = onlookers[sight[1:]]
        onlooker.page.set_viewport_size({"width": sight.width, "height": 800})
        onlooker.bytes = 0
        path = shown.path(sight.endpoint, sight.person)
        answer = onlooker.page.goto(path)
        assert answer is not None
        assert answer.status == 200
        return onlooker

    return open_page


@pytest.mark.parametrize("sight", sights(), ids=str)
def test_a_page_is_fit_to_be_seen(look: Any, sight: Sight) -> None:
    onlooker: Onlooker = look(sight)
    page = onlooker.page
    weight = onlooker.bytes
    assert page.locator("html").get_attribute("lang") == sight.locale
    assert page.title().strip(" ·")
    assert page.locator("main h1").count() == 1
    if sight.endpoint != SHOWS_ALL:
        assert page.locator("main .button-main:visible").count() <= 1
    assert violations(page) == []
    phone_faults(page)
    assert onlooker.errors == []
    assert onlooker.foreign == []
    if sight.endpoint not in {*WRITING, SHOWS_ALL}:
        assert weight <= FIRST_VIEW


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA."""
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


def phone_faults(page: Page) -> None:
    """A phone of 360 px: nothing sideways, also with text of twice the size (A06)."""
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(SMALL) == []
    page.evaluate(TWICE)
    assert page.evaluate(SIDEWAYS) <= 0


def lengthen(database: sqlite3.Connection) -> None:
    """Names as long as they get, which a browser may break nowhere else."""
    database.execute("UPDATE user SET name = '阿卜杜热合曼·买买提江·吐尔逊那依古丽'")
    database.execute(f"UPDATE organisation SET name = '{'清溪县' * 12}学校' || id")
    database.execute(f"UPDATE workshop SET title = '{'读写结合' * 12}'")
    database.execute("UPDATE workshop_group SET name = 'Grundschulgruppe' || id")
    database.execute(f"UPDATE activity SET title = '{'Unterrichtstagebuch' * 4}'")


def test_long_names_widen_no_page(
    chromium: Browser, shown: Shown, tmp_path: Path
) -> None:
    county = aside(lambda: copy_of(shown, tmp_path, lengthen))
    wide = {}
    with served(county.app) as address:
        for person in LOGINS:
            context = chromium.new_context(
                base_url=address,
                viewport={"width": 360, "height": 740},
                java_script_enabled=False,
            )
            context.add_cookies(county.cookies(person, address))
            page = context.new_page()
            for endpoint in (name for name, who in PAGES.items() if person == who[0]):
                page.goto(county.path(endpoint, person))
                if (over := page.evaluate(SIDEWAYS)) > 0:
                    wide[endpoint] = over
            context.close()
    assert wide == {}


def test_every_page_stands_in_the_table(shown: Shown) -> None:
    rules = shown.app.url_map.iter_rules()
    readable = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    assert readable == set(PAGES) | set(NO_PAGES)


def test_no_link_leads_nowhere(shown: Shown) -> None:
    assert {who: ways.dead for who, ways in shown.ways.items() if ways.dead} == {}
