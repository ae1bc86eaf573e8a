"""Follow the links of a portal as one person, from the first page on."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from werkzeug.exceptions import HTTPException

ENOUGH = 1
"""How many addresses of one endpoint are visited."""

OF_MANY_KINDS = {
    "plugins.activity": 25,
    "workshops.edit": 9,
    "workshops.workshop": 9,
    "credits.closing": 9,
    "notifications.notice": 5,
    "attendance.seats_page": 4,
    "attendance.naming_page": 4,
    "discussion.topic": 5,
}
"""But here more: each leads to pages that the others of its kind do not lead to."""


@dataclass
class Ways:
    """What one person finds."""

    pages: dict[str, str] = field(default_factory=dict)
    """The first address of each endpoint."""
    dead: list[str] = field(default_factory=list)
    """Links that lead nowhere, and whence."""
    html: dict[str, str] = field(default_factory=dict)
    """Each page that was seen."""


def follow(app: Flask, client: FlaskClient, *, leave_out: frozenset[str]) -> Ways:
    """Visit everything that a link leads to, but files."""
    addresses = app.url_map.bind("127.0.0.1")
    ways, visits = Ways(), Counter[str]()
    waiting, known = deque([("/", "")]), {"/"}
    while waiting:
        path, whence = waiting.popleft()
        try:
            endpoint = str(addresses.match(urlsplit(path).path)[0])
        except HTTPException:
            ways.dead.append(f"{path} from {whence}")
            continue
        visits[endpoint] += 1
        if endpoint in leave_out or visits[endpoint] > OF_MANY_KINDS.get(
            endpoint, ENOUGH
        ):
            continue
        answer = client.get(path)
        if answer.status_code >= 400:
            ways.dead.append(f"{path} from {whence}: {answer.status}")
            continue
        if answer.status_code == 200:
            ways.pages.setdefault(endpoint, path)
            ways.html[path] = answer.text
        for link in [*links(answer.text, path), *answer.headers.getlist("Location")]:
            if link not in known:
                known.add(link)
                waiting.append((link, path))
    return ways


def links(html: str, path: str) -> list[str]:
    """Addresses on this site that the page's links lead to."""
    found = (
        urljoin(path, link.attributes.get("href") or "")
        for link in LexborHTMLParser(html).css("a[href]")
    )
    return [link.partition("#")[0] for link in found if link.startswith("/")]


def token(client: FlaskClient, path: str) -> str:
    """The CSRF token of a page with a form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found, f"no token on {path}"
    return found[1]
