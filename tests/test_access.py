"""V01: every address × everybody who might ask for it, as `access.txt` says.

What one may not see answers exactly like what is not there.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection
from werkzeug.routing import Rule

from portal.testing.everything import Everything
from portal.testing.fixtures import AsUser

pytestmark = pytest.mark.one_database

TABLE = Path(__file__).with_name("access.txt")


@dataclass(frozen=True)
class Line:
    """What one endpoint answers to each role, by one letter."""

    endpoint: str
    method: str
    answers: dict[str, str]


def read_table() -> tuple[list[str], dict[tuple[str, str], Line]]:
    """The roles in the order of their columns, and the lines of the table."""
    roles, lines = [], {}
    for text in TABLE.read_text("utf-8").splitlines():
        if text.startswith("= "):
            roles.append(text[2:].partition(":")[0])
        elif text.strip() and not text.startswith("#"):
            endpoint, method, *letters = text.split()
            answers = dict(zip(roles, letters, strict=True))
            lines[endpoint, method] = Line(endpoint, method, answers)
    return roles, lines


ROLES, LINES = read_table()


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every address with each of its methods."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str

    @property
    def letter(self) -> str:
        """The answer as the table writes it."""
        to_login = self.status == 303 and self.location.startswith("/login")
        if to_login or self.status == 401:
            return "L"
        known = {403: "F", 404: "N"}
        return known.get(self.status, "!" if self.status >= 500 else "Y")


Ask = Callable[[str, str], Answer]


@pytest.fixture
def ask_as(
    app: Flask,
    everything: Everything,
    as_user: AsUser,
    connection: Connection,
) -> Callable[[str], Ask]:
    """`ask_as(role)(method, address)` asks in a new browser and takes it back."""

    def enter(role: str) -> Ask:
        host = "other.example" if role == "other county" else "localhost"
        cookie = None
        if role != "logged out":
            browser = as_user(everything.people[role], host=host)
            cookie = browser.get_cookie("portal", domain=host)

        def ask(method: str, address: str) -> Answer:
            client = app.test_client()
            if cookie is not None:
                client.set_cookie("portal", cookie.value, domain=host)
            savepoint = connection.begin_nested()
            with client.open(
                address, method=method, base_url=f"http://{host}"
            ) as answer:
                text = answer.get_data(as_text=True) if answer.is_sequence else ""
                told = Answer(answer.status_code, answer.location or "", text)
            savepoint.rollback()
            return told

        return ask

    return enter


CHANGING = (
    r"\b[0-9a-f]{8}\b",
    r'(?<=name="csrf-token" content=")[^"]+',
    r'(?<=name="csrf_token" value=")[^"]+',
)
"""The request's number and tokens, which differ from answer to answer."""


def told(answer: Answer, address: str) -> str:
    """What an error page says, but for what differs from answer to answer."""
    text = answer.text.replace(address, "")
    tokens = (
        r'(?<=name="csrf-token" content=")[^"]+|(?<=name="csrf_token" value=")[^"]+'
    )
    return re.sub(rf"\b[0-9a-f]{{8}}\b|{tokens}", "", text)


def test_every_address_is_in_the_table_and_nothing_else_is(app: Flask) -> None:
    served = {(rule.endpoint, method) for rule, method in routes(app)}

    assert served - LINES.keys() == set(), "add lines to access.txt"
    assert LINES.keys() - served == set(), "take lines out of access.txt"


def test_the_table_speaks_of_everybody(everything: Everything) -> None:
    assert ["logged out", *everything.people] == ROLES


@pytest.mark.parametrize("role", ROLES)
def test_everybody_is_answered_as_the_table_says(
    role: str, app: Flask, everything: Everything, ask_as: Callable[[str], Ask]
) -> None:
    ask, wrong = ask_as(role), []
    for rule, method in routes(app):
        line = LINES.get((str(rule.endpoint), method))
        if line is None:
            continue  # another test says so
        address = everything.address(rule)
        answer = ask(method, address)
        if answer.letter != line.answers[role]:
            wrong.append(
                f"{method} {address}: {answer.letter}, not {line.answers[role]}"
            )
        elif answer.letter == "N" and everything.has_ids(rule):
            nowhere = everything.address(rule, nothing=True)
            if told(answer, address) != told(ask(method, nowhere), nowhere):
                wrong.append(f"{method} {address}: not as one that is not there")

    assert not wrong, "\n".join(wrong)
