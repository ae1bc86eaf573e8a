"""Hostile fragments in every word of the county, in a true browser (V04, V05).

Thirty fragments of each class stand in each name, title, remark and text, in the
database itself, and every page is opened by somebody who sees it. Nothing runs, nothing
is asked of another host; and it is the pages that prevent it, not only the policy:
the browser has nothing to refuse.
"""

import sqlite3
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Route,
)

from tests.browser.conftest import aside, served
from tests.browser.demonstration import Shown, copy_of, noon
from tests.browser.page_table import COUNTY, LOGINS, PAGES, WITHOUT_LINKS
from tests.submissions.test_sanitise_payloads import CLASSES

pytestmark = pytest.mark.browser

OF_EACH_CLASS = 30
LINES = frozenset(
    ("name", "title", "slot_title", "theme", "doc_no", "reason", "device", "refusal")
)
"""Columns that hold a line: one fragment in each row."""
TEXTS = frozenset(
    ("text", "body", "summary", "instructions", "remark", "advice", "answer")
)
"""Columns that hold a text: all of the fragments in each row."""
CODES = frozenset(("organisation_plugin", "job", "draft", "role"))
"""Tables whose words are no one's words."""

ALIVE = """() => [...document.querySelectorAll('main *, title')].flatMap((one) =>
  [...one.attributes].filter((each) => /^on|^style$|^srcdoc$/.test(each.name) ||
    (/^(href|src|action|formaction)$/.test(each.name) &&
      !/^[/#]/.test(each.value.trim()) && each.value.trim() !== '' &&
      !one.matches('.certificate-foot > img[src^="data:image/svg+xml"],' +
        'img[data-code-picture][src^="data:image/svg+xml"],' +
        'a[rel~="noopener"][href^="https://"]')))
    .map((each) => `${one.tagName} ${each.name}=${each.value}`.slice(0, 120)))
  .concat([...document.querySelectorAll(
    'main script:not([type="application/json"]), iframe, object, embed, base, math')]
    .map((one) => one.outerHTML.slice(0, 120)))"""


def corpus() -> list[str]:
    """Fragments of every class, taken evenly from the whole of it."""
    found: list[str] = []
    for make in CLASSES:
        all_of_them = [one.replace("\x00", "\ufffd") for one in make()]
        step = len(all_of_them) / OF_EACH_CLASS
        found += [all_of_them[int(place * step)] for place in range(OF_EACH_CLASS)]
    return found


def spoil(database: sqlite3.Connection) -> None:
    """Write the fragments wherever people write; texts are sanitised anew."""
    database.execute("UPDATE submission_version SET sanitiser_version = 0")
    fragments = cycle(corpus())
    everything = "\n".join(corpus())
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (table,) in tables.fetchall():
        if table in CODES:
            continue
        columns = database.execute(f'PRAGMA table_info("{table}")').fetchall()
        for column in (row[1] for row in columns if row[2] != "JSON"):
            rows = database.execute(f'SELECT rowid, "{column}" FROM "{table}"')
            filled = [row for row, words in rows.fetchall() if words]
            if column in TEXTS:
                values = [(everything, row) for row in filled]
            elif column in LINES:
                values = list(zip(islice(fragments, len(filled)), filled, strict=True))
            else:
                continue
            database.executemany(
                f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?',
                values,
            )


class Watch:
    """What a context does that it should not."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        """Watch every page of a context; nothing reaches another host."""
        self.dialogs: list[str] = []
        self.foreign: list[str] = []
        self.refused: list[str] = []
        self.address = address
        context.route(lambda url: not url.startswith(address), self._stop)
        self.page = context.new_page()
        self.page.on("dialog", self._close)
        self.page.on("console", self._hear)

    def _stop(self, route: Route) -> None:
        self.foreign.append(route.request.url)
        route.abort()

    def _close(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.refused.append(message.text)


@pytest.fixture
def hostile(
    chromium: Browser, shown: Shown, tmp_path: Path
) -> Iterator[dict[str, tuple[Watch, Shown]]]:
    """Each person's browser at a county of nothing but fragments."""
    with noon():
        county = aside(lambda: copy_of(shown, tmp_path, spoil))
        with served(county.app) as address:
            found = {}
            for person in LOGINS:
                context = chromium.new_context(base_url=address, locale="zh-CN")
                context.add_cookies(county.cookies(person, address))
                context.set_default_timeout(10_000)
                found[person] = Watch(context, address), county
            yield found
            for watch, _county in found.values():
                watch.page.context.close()


def test_the_fragments_are_alive(chromium: Browser) -> None:
    """Without what guards the pages they would run, and call on other hosts."""
    context = chromium.new_context()
    watch = Watch(context, "about:")
    watch.page.set_content("\n".join(corpus()))
    watch.page.wait_for_timeout(300)
    for fragment in corpus()[:60]:
        watch.page.set_content(fragment)
    assert watch.dialogs
    assert watch.foreign
    context.close()


def test_nothing_in_the_words_of_people_runs_on_any_page(
    hostile: dict[str, tuple[Watch, Shown]],
) -> None:
    seen = 0
    for endpoint, people in PAGES.items():
        person = people[0]
        if person not in hostile or endpoint in WITHOUT_LINKS:
            continue
        watch, county = hostile[person]
        answer = watch.page.goto(county.path(endpoint, person))
        assert answer is not None
        assert answer.status == 200, endpoint
        assert alive(watch.page) == [], endpoint
        seen += "evil.example" in watch.page.content()
        for what in (watch.dialogs, watch.foreign, watch.refused):
            assert what == [], endpoint
    assert COUNTY in hostile
    assert seen > 40, "the fragments are not to be seen"


def alive(page: Page) -> list[str]:
    """Elements and attributes that would act if the policy let them."""
    found: list[str] = page.evaluate(ALIVE)
    return found
