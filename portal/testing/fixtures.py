"""Fixtures for our tests and for those of plugin authors.

The app is made once a session and database; each test gets one outer transaction
in which every commit becomes a savepoint, and which is rolled back (architecture
§13, E1).
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.orm import Session

from portal import clock as portal_clock
from portal.activity import ActivityType
from portal.app import create_app
from portal.db import db, set_tenant
from portal.organisations.models import (
    Organisation,
)
from portal.plugins import streams
from portal.tenants import Tenant
from portal.testing import factories
from portal.users.models import User
from portal.users.sessions import open_session
from portal.workshops.models import Activity, Workshop, WorkshopGroup

START = datetime(2024, 9, 1, 16, tzinfo=UTC)
"""Monday 2024-09-02 00:00 in Shanghai: the first day of term in the worked cases."""


@dataclass
class Clock:
    """The portal's clock, which stands still until a test moves it."""

    at: datetime = START

    def set(self, moment: datetime) -> None:
        """Put the clock to an aware moment."""
        self.at = moment

    def move(self, **span: float) -> None:
        """Move the clock by a timedelta's arguments."""
        self.at += timedelta(**span)


class AsUser(Protocol):
    """What `as_user` gives: a browser in which a person is logged in."""

    def __call__(self, user: User, host: str = "localhost") -> FlaskClient: ...


CountQueries = Callable[[], AbstractContextManager[list[str]]]
"""What `count_queries` gives: a context that collects the SELECTs sent inside."""


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock of this test, at the first minute of the term."""
    stopped = Clock()
    portal_clock.set_source(lambda: stopped.at)
    yield stopped
    portal_clock.set_source(None)


@pytest.fixture(scope="session")
def database_url(
    database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An empty database of its own for this session."""
    with empty_database(database, tmp_path_factory.mktemp("db")) as url:
        yield url


@pytest.fixture
def empty_url(database: str, tmp_path: Path) -> Iterator[str]:
    """A database without a table, for this test alone."""
    with empty_database(database, tmp_path) as url:
        yield url


@contextmanager
def empty_database(database: str, folder: Path) -> Iterator[str]:
    """The address of a new database: a file in `folder`, or one on the server."""
    if database == "sqlite":
        yield f"sqlite:///{folder / 'test.sqlite3'}"
        return
    server = os.environ["PORTAL_TEST_POSTGRESQL"]
    name = f"portal_{uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def app_config(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Configuration of a testing app."""
    return testing_config(database_url, tmp_path_factory.mktemp("uploads"))


def testing_config(database_url: str, uploads: Path) -> dict[str, Any]:
    """Quick passwords, no CSRF, errors of plugins not contained."""
    return {
        "TESTING": True,
        "DATABASE_URL": database_url,
        "SECRET_KEY": "testing",
        "ID_NUMBER_KEY": Fernet.generate_key().decode(),
        "CODE_PEPPER": "testing",
        "UPLOADS_URL": uploads.as_uri(),
        "THEMES_DIR": str(Path(__file__).parents[2] / "themes"),
        "ARGON2_TIME_COST": 1,
        "ARGON2_MEMORY_KIB": 8,
        "WTF_CSRF_ENABLED": False,
        "RATELIMIT_ENABLED": False,
        "PROPAGATE_PLUGIN_ERRORS": True,
        "TRUSTED_HOSTS": ["localhost", "other.example"],
    }


@pytest.fixture(scope="session")
def shared_app(
    app_config: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The app of this session and database, with its schema."""
    app = create_app(app_config, instance_path=str(tmp_path_factory.mktemp("instance")))
    with app.app_context():
        engine = db.engine
        streams.upgrade(engine, app.extensions["portal_plugins"])
    yield app
    engine.dispose()


@pytest.fixture
def connection(shared_app: Flask) -> Iterator[Connection]:
    """One outer transaction, rolled back at the end."""
    with shared_app.app_context():
        engine: Engine = db.engine
        sessionmaker = db.sessionmaker
    with engine.connect() as connection:
        transaction = connection.begin()
        sessionmaker.configure(
            bind=connection, binds={}, join_transaction_mode="create_savepoint"
        )
        yield connection
        transaction.rollback()
        sessionmaker.configure(
            bind=engine, join_transaction_mode="conditional_savepoint"
        )


@pytest.fixture
def app(shared_app: Flask, connection: Connection, clock: Clock) -> Flask:
    """The app, inside this test's transaction."""
    return shared_app


@pytest.fixture
def forms_are_protected(shared_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask every form of this test for its CSRF token, as outside of tests."""
    monkeypatch.setitem(shared_app.config, "WTF_CSRF_ENABLED", True)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session beside the requests', for arranging and asserting.

    Commit what a request shall see; a request's own session starts anew.
    """
    with app.app_context():
        session = db.sessionmaker()
    yield session
    session.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is logged in."""
    return app.test_client()


@pytest.fixture
def other_tenant(session: Session) -> Tenant:
    """Another county on the same portal, at other.example."""
    before = session.info.get("tenant_id")
    tenant = factories.make_tenant(session, "邻水", host="other.example")
    session.commit()
    set_tenant(session, before)
    return tenant


@pytest.fixture
def tenant(session: Session) -> Tenant:
    """The county of the test."""
    tenant = factories.make_tenant(session, "清溪")
    session.commit()
    return tenant


@pytest.fixture
def county(session: Session, tenant: Tenant) -> Organisation:
    """The county's bureau: the root of the tree."""
    return session.scalars(select(Organisation)).one()


@pytest.fixture
def school(session: Session, county: Organisation) -> Organisation:
    """A school of the county."""
    return factories.make_school(session, county, "清溪县实验小学")


@pytest.fixture
def other_school(session: Session, county: Organisation) -> Organisation:
    """Another school of the county."""
    return factories.make_school(session, county, "清溪县城关小学")


@pytest.fixture
def county_officer(session: Session, county: Organisation) -> User:
    """The county's training officer."""
    user = factories.make_user(session, "许国华", school=county)
    factories.give_role(session, user, "county_officer", county)
    return user


@pytest.fixture
def school_officer(session: Session, school: Organisation) -> User:
    """The training officer of the school."""
    user = factories.make_user(session, "何秀兰", school=school)
    factories.give_role(session, user, "training_officer", school)
    return user


@pytest.fixture
def workshop(session: Session, county: Organisation) -> Workshop:
    """An open workshop of eighteen weeks from the first day of term."""
    return factories.make_workshop(session, county, starts_at=START)


@pytest.fixture
def group(session: Session, workshop: Workshop) -> WorkshopGroup:
    """The first group of the workshop."""
    return factories.make_group(session, workshop, "第一组")


@pytest.fixture
def learner(
    session: Session, school: Organisation, workshop: Workshop, group: WorkshopGroup
) -> User:
    """A teacher who takes part."""
    user = factories.make_user(session, "陈晓燕", school=school)
    factories.enrol(session, workshop, user, "learner", group)
    return user


@pytest.fixture
def group_leader(
    session: Session, school: Organisation, workshop: Workshop, group: WorkshopGroup
) -> User:
    """The leader of the first group."""
    user = factories.make_user(session, "林志远", school=school)
    factories.enrol(session, workshop, user, "group_leader", group)
    return user


@pytest.fixture
def workshop_leader(session: Session, county: Organisation, workshop: Workshop) -> User:
    """The leader of the workshop."""
    user = factories.make_user(session, "周文彬", school=county)
    factories.enrol(session, workshop, user, "workshop_leader")
    return user


@pytest.fixture
def activity(session: Session, workshop: Workshop) -> Callable[..., Activity]:
    """`activity(type, **settings)` makes an activity in the workshop."""

    def make(type_name: str | ActivityType = "journal", **settings: Any) -> Activity:
        name = type_name if isinstance(type_name, str) else type_name.name
        return factories.make_activity(session, workshop, name, **settings)

    return make


@pytest.fixture
def as_user(app: Flask, session: Session) -> AsUser:
    """`as_user(person)` is a browser in which the person is logged in.

    At another county's portal it is `as_user(person, host="other.example")`.
    """

    def log_in(user: User, host: str = "localhost") -> FlaskClient:
        token = open_session(session, user, device="test", idle=timedelta(days=14))
        session.commit()
        client = app.test_client()
        with client.session_transaction(base_url=f"http://{host}") as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client

    return log_in


@pytest.fixture
def count_queries(connection: Connection) -> CountQueries:
    """`with count_queries() as statements:` collects the SELECTs sent inside."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                statements.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(connection, "before_cursor_execute", note)

    return collect
