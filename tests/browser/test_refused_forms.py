"""Every form of the portal, sent empty and sent wrong, over HTTP (A18).

The forms are those of the pages that people find by links. A message stands beside
each field, a summary above the form leads to it, and what was typed is still there.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import TestResponse

from tests.browser.demonstration import Shown, copy_of, noon
from tests.browser.forms import Form, attribute, kind_of, posted

TYPED = ("text", "textarea", "search", "email", "tel", "number", "date")
WRONG = {
    "number": "很多",
    "date": "明天",
    "select": "no-such-choice",
    "radio": "no-such-choice",
    "password": "x",
}
LONG = "长" * 3000
TAKES_ALL = {"submissions.hand_in", "discussion.reply", "discussion.edit"}
"""A journal or a reply of 3,000 characters is not wrong, only long."""
SAMPLES = "/styleguide"
"""Shows forms that are sent nowhere."""
AT_LEAST = 25
"""Forms with something that must be filled in."""


@pytest.fixture
def county(shown: Shown, tmp_path: Path) -> Iterator[Shown]:
    """A copy of the demonstration, whatever the forms do to it."""
    with noon():
        yield copy_of(shown, tmp_path)


def forms(county: Shown) -> dict[str, Form]:
    """One form for each deed in which something must be filled in."""
    addresses = county.app.url_map.bind("127.0.0.1")
    found: dict[str, Form] = {}
    for person, ways in county.ways.items():
        for page, html in ways.html.items():
            for form in posted(html, page, person) if page != SAMPLES else ():
                path = urlsplit(form.action).path
                deed = str(addresses.match(path, method="POST")[0])
                if form.required:
                    found.setdefault(deed, form)
    assert len(found) >= AT_LEAST
    return found


def empty(control: LexborNode) -> str | None:
    """Nothing at all; a list stays at what it offers."""
    kind = kind_of(control)
    if kind == "select":
        chosen = control.css_first("option[selected]") or control.css_first("option")
        return attribute(chosen, "value") if chosen else None
    return None if kind in ("radio", "checkbox", "file") else ""


def wrong(control: LexborNode) -> str | None:
    """What no field takes: too long, no number, no day, no choice."""
    kind = kind_of(control)
    return None if kind in ("checkbox", "file") else WRONG.get(kind, LONG)


def send(county: Shown, form: Form, data: dict[str, str]) -> TestResponse:
    """Send it as its person, with a fresh token."""
    client = county.clients[form.person]
    fresh = next(
        one
        for one in posted(client.get(form.page).text, form.page, form.person)
        if one.action == form.action
    )
    hidden = {
        attribute(control, "name"): attribute(control, "value")
        for control in fresh.controls
        if kind_of(control) == "hidden"
    }
    return client.post(form.action, data={**data, **hidden})


def faults(answer: TestResponse) -> list[str]:
    """What a refused form lacks, if it was refused."""
    if answer.status_code < 400 or answer.status_code >= 500:
        return [f"answered {answer.status}"]
    tree = LexborHTMLParser(answer.text)
    summary = tree.css_first(".form-errors")
    if summary is None:
        return ["no summary"]
    found = [] if summary.css("li") else ["an empty summary"]
    for link in summary.css("a"):
        target = attribute(link, "href")
        if tree.css_first(target) is None:
            found.append(f"the summary leads to {target}, which is not there")
    invalid = tree.css('[aria-invalid="true"]')
    for control in invalid:
        told = attribute(control, "aria-describedby").split()
        texts = [tree.css_first(f'[id="{one}"]') for one in told]
        if not any(one is not None and one.text().strip() for one in texts):
            found.append(f"no message beside {attribute(control, 'name')}")
    if not invalid and not summary.css("a"):
        return [*found, "no field is named"]
    return found


def lost(form: Form, data: dict[str, str], answer: TestResponse) -> list[str]:
    """What was typed and is not there any more."""
    kept = {}
    for again in posted(answer.text, form.page, form.person):
        for control in again.controls:
            words = control.text() if control.tag == "textarea" else None
            typed = attribute(control, "value") if words is None else words.strip("\n")
            kept.setdefault(attribute(control, "name"), typed)
    return [
        name
        for control in form.controls
        if kind_of(control) in TYPED
        and (name := attribute(control, "name")) in data
        and kept.get(name) != data[name]
    ]


def test_an_empty_form_says_beside_each_field_what_is_missing(county: Shown) -> None:
    found = {}
    for deed, form in forms(county).items():
        answer = send(county, form, form.data(empty))
        if wrongs := faults(answer):
            found[deed] = (form.page, wrongs)
    assert found == {}


def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(
    county: Shown,
) -> None:
    found = {}
    for deed, form in forms(county).items():
        if deed in TAKES_ALL:
            continue
        data = form.data(wrong)
        answer = send(county, form, data)
        wrongs = [*faults(answer), *(f"lost {x}" for x in lost(form, data, answer))]
        if wrongs:
            found[deed] = (form.page, wrongs)
    assert found == {}
