"""After logging in nobody is sent to another site (V14)."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.testing.factories import make_user
from portal.users import passwords
from portal.users.models import User

pytestmark = pytest.mark.one_database

PASSWORD = "lvshu chuangwai 7"
HOST = "localhost"

HOSTILE = [
    "http://evil.example",
    "https://evil.example/",
    "HTTP://EVIL.EXAMPLE",
    "//evil.example",
    "//evil.example/",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    "\n//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "\x01//evil.example",
    "/\x00/evil.example",
    "\x0b//evil.example",
    "\x1f//evil.example",
    "\x7f//evil.example",
    "\u00a0//evil.example",
    "\u3000//evil.example",
    "\u200b//evil.example",
    "/\u200b/evil.example",
    "\ufeff//evil.example",
    "\u2028//evil.example",
    "/\u2028/evil.example",
    "/\u00ad/evil.example",
    "http:evil.example",
    "http:/evil.example",
    "http:///evil.example",
    "http:\\\\evil.example",
    "https:evil.example",
    "ht\ntp://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://localhost/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://evil.example",
    "mailto:a@evil.example",
    "evil.example",
    "www.evil.example/login",
    "@evil.example",
    "http://localhost@evil.example",
    "http://localhost:80@evil.example/",
    "//localhost@evil.example",
    "http://localhost.evil.example",
    "//[::1].evil.example",
    "//127.0.0.1",
    "http://evil.example#@localhost/",
    "http://evil.example?localhost",
    "?next=//evil.example",
    "#//evil.example",
    "..//evil.example",
    "./\\evil.example",
    "/path\\..\\\\evil.example",
    "/a\r\nLocation: http://evil.example",
    "/a\r\nSet-Cookie: portal=x",
    "",
    " ",
    "/ /evil.example",
    "/%0d%0aLocation:%20http://evil.example",
    "/%2f/evil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/;@evil.example",
    "/:80//evil.example",
    "/?u=http://evil.example",
]


@pytest.fixture
def teacher(session: Session, school: Organisation) -> User:
    """A teacher with a password."""
    known = passwords.hash_password(passwords.hasher(1, 8), PASSWORD)
    user = make_user(session, school=school, username="chenxy", password_hash=known)
    session.commit()
    return user


def stays_here(location: str) -> bool:
    """Whether a browser at the portal would stay at the portal.

    Browsers drop tabs and line ends, cut blanks and control characters at the ends,
    and read a backslash as a slash.
    """
    seen = "".join(c for c in location if c not in "\t\r\n").strip(
        "".join(map(chr, range(0x21)))
    )
    target = urlsplit(urljoin(f"http://{HOST}/login", seen.replace("\\", "/")))
    return target.scheme == "http" and target.netloc == HOST


def log_in(client: FlaskClient, query: str = "") -> str:
    data = {"name": "chenxy", "password": PASSWORD, "next": query, "return_to": query}
    answer = client.post("/login", data=data, query_string={"next": query})
    assert answer.status_code == 303
    assert len(answer.headers.getlist("Location")) == 1
    location: str = answer.headers["Location"]
    return location


def test_the_corpus_is_large_enough() -> None:
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("path", HOSTILE)
def test_a_hostile_return_path_leads_nowhere_else(
    client: FlaskClient, teacher: User, path: str
) -> None:
    with client.session_transaction() as cookie:
        cookie["return_to"] = path
    assert stays_here(log_in(client))


@pytest.mark.parametrize("path", HOSTILE)
def test_an_address_in_the_form_or_the_query_is_not_looked_at(
    client: FlaskClient, teacher: User, path: str
) -> None:
    assert log_in(client, path) == "/"


@pytest.mark.parametrize("path", HOSTILE)
def test_choosing_the_language_leads_nowhere_else(
    client: FlaskClient, teacher: User, path: str
) -> None:
    answer = client.post("/language", data={"locale": "en", "next": path})
    assert stays_here(answer.headers["Location"])


def test_a_person_returns_to_the_page_they_wanted(
    client: FlaskClient, teacher: User
) -> None:
    first = client.get("/account?part=设备")
    assert first.headers["Location"] == "/login"
    assert urlsplit(log_in(client)).path == "/account"
    assert log_in(client) == "/", "the path is used once"
