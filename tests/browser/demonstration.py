"""The demonstration county, served as on its first day, for tests that only look.

It stands still at noon of a Wednesday, and nothing is written to it but what makes
every page of it visible: a draft of leave, and a newcomer with an activation code.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import clock
from portal.app import create_app
from portal.db import across_tenants, db, set_tenant
from portal.demonstration.load import Demand, Means, load
from portal.plugins import streams
from portal.testing.fixtures import testing_config
from portal.users.activation import make_codes
from portal.users.models import User, UserState
from portal.users.passwords import hasher
from portal.users.sessions import open_session
from tests.browser.following import Ways, follow, token
from tests.browser.page_table import (
    LOGINS,
    NEWCOMER,
    NO_PAGES,
    STRANGER,
    TEACHER,
    WITHOUT_LINKS,
)

NOON = datetime(2025, 11, 19, 4, tzinfo=UTC)
TEACHERS = 30
Spoil = Callable[[sqlite3.Connection], None]


@dataclass(frozen=True)
class Shown:
    """The county, its people at their browsers, and what they find."""

    app: Flask
    config: Mapping[str, Any]
    clients: Mapping[str, FlaskClient]
    ways: Mapping[str, Ways]
    usernames: Mapping[str, str]

    def path(self, endpoint: str, person: str) -> str:
        """Where the person finds a page."""
        if endpoint in WITHOUT_LINKS:
            return WITHOUT_LINKS[endpoint]
        found = self.ways[person].pages
        assert endpoint in found, f"no link leads the {person} to {endpoint}"
        return found[endpoint]

    def cookies(self, person: str, address: str) -> list[Any]:
        """The person's cookies, for a true browser."""
        kept = self.clients[person].get_cookie("portal")
        if kept is None:
            return []
        return [{"name": kept.key, "value": kept.value, "url": address}]


def show(folder: Path, settings: Mapping[str, Any]) -> Shown:
    """Load the county into a database of its own and look around in it."""
    url = f"sqlite:///{folder / 'demonstration.sqlite3'}"
    config = {**testing_config(url, folder / "uploads"), **settings}
    app = create_app(config, instance_path=str(folder / "instance"))
    with app.app_context():
        streams.upgrade(db.engine, app.extensions["portal_plugins"])
        clients, usernames = _load(app)
    clients[STRANGER] = _client(app)
    _draft_leave(clients[TEACHER])
    leave_out = frozenset(NO_PAGES)
    ways = {who: follow(app, c, leave_out=leave_out) for who, c in clients.items()}
    clients[NEWCOMER] = _newcomer(app)
    return Shown(app, config, clients, ways, usernames)


def copy_of(shown: Shown, folder: Path, spoil: Spoil | None = None) -> Shown:
    """The same county in a file of its own, for tests that write.

    Args:
        spoil: is given the database before the portal is.
    """
    path = folder / "copy.sqlite3"
    source = shown.config["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(source)) as database:
        database.execute("VACUUM INTO ?", (str(path),))
    if spoil is not None:
        with closing(sqlite3.connect(path)) as database, database:
            spoil(database)
    config = {**shown.config, "DATABASE_URL": f"sqlite:///{path}"}
    app = create_app(config, instance_path=str(folder / "instance"))
    clients = {person: _client(app) for person in shown.clients}
    for person, client in clients.items():
        for kept in shown.cookies(person, "/"):
            client.set_cookie(kept["name"], kept["value"])
    return replace(shown, app=app, config=config, clients=clients)


def _load(app: Flask) -> tuple[dict[str, FlaskClient], dict[str, str]]:
    """The county, and for each of its people a client who is logged in, and a name."""
    means = Means(
        journal=app.extensions["portal_plugins"].kinds["journal"],
        hasher=hasher(app.config["ARGON2_TIME_COST"], app.config["ARGON2_MEMORY_KIB"]),
        id_number_key=app.config["ID_NUMBER_KEY"],
        uploads=app.config["UPLOADS_URL"],
        say=lambda _words: None,
    )
    loaded = load(db.session, Demand(TEACHERS, 7, NOON), means)
    roles = {one.role: one.username for one in loaded.logins}
    usernames = {person: roles[role] for person, role in LOGINS.items()}
    with across_tenants(db.session):
        clients = {person: _logged_in(app, usernames[person]) for person in LOGINS}
    db.session.commit()
    return clients, usernames


def _client(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    return client


def _logged_in(app: Flask, username: str) -> FlaskClient:
    user = db.session.scalars(select(User).where(User.username == username)).one()
    secret = open_session(db.session, user, device="test", idle=timedelta(days=14))
    client = _client(app)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret
        cookie["_fresh"] = True
    return client


def _draft_leave(client: FlaskClient) -> None:
    fields = {
        "csrf_token": token(client, "/leave/new"),
        "starts_on": "2025-11-24",
        "ends_on": "2025-11-28",
        "reason_class": "sick",
        "reason": "手术后休养。",
        "do": "draft",
    }
    answer = client.post("/leave/new", data=fields)
    assert answer.status_code == 303, answer.text


def _newcomer(app: Flask) -> FlaskClient:
    """Somebody who has typed the code on the slip and chooses a password now."""
    with app.app_context(), across_tenants(db.session):
        invited = select(User).where(User.state == UserState.INVITED).limit(1)
        people = db.session.scalars(invited).all()
        pepper = app.config["CODE_PEPPER"]
        set_tenant(db.session, people[0].tenant_id)
        code = make_codes(db.session, people, by_id=None, pepper=pepper)[0].code
        db.session.commit()
    client = _client(app)
    fields = {"csrf_token": token(client, "/activate"), "code": code}
    assert client.post("/activate", data=fields).status_code == 303
    return client


@contextmanager
def noon() -> Iterator[None]:
    """The portal's clock stands still at noon."""
    before = clock.set_source(lambda: NOON)
    yield
    clock.set_source(before)
