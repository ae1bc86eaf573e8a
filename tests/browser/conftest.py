"""A true browser against a true server, on a database of its own.

One Chromium serves all tests of a module; every test gets fresh contexts, one for each
person, and a portal with an empty county.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from waitress.server import create_server

from portal.app import create_app
from portal.db import Base, across_tenants, db, writes
from portal.organisations.models import Organisation
from portal.plugins import streams
from portal.testing import factories
from portal.testing.fixtures import Clock
from portal.users import logins
from tests.browser.demonstration import Shown, copy_of, noon, show

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
PASSWORD = "Hetang-2024-yueguang"
AS_SERVED = {
    "WTF_CSRF_ENABLED": True,
    "TRUSTED_HOSTS": ["127.0.0.1", "localhost"],
    "PROPAGATE_PLUGIN_ERRORS": False,
}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

Made = TypeVar("Made")


def aside(work: Callable[[], Made]) -> Made:
    """Do it in another thread.

    Playwright keeps an event loop in this one, in which Flask can close no context.
    """
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work).result()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker show the demonstration: it takes long to load."""
    for item in items:
        if "shown" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("shown"))


@pytest.fixture(scope="session")
def live_app(
    app_config: dict[str, Any],
    database_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The portal as it is served, forms protected, with its schema."""
    settings = {**app_config, **AS_SERVED, "DATABASE_URL": database_url}
    app = create_app(settings, instance_path=str(tmp_path_factory.mktemp("live")))

    def upgrade() -> Engine:
        with app.app_context():
            streams.upgrade(db.engine, app.extensions["portal_plugins"])
            return db.engine

    engine = aside(upgrade)
    yield app
    engine.dispose()


@dataclass(frozen=True)
class Ready:
    """What was made inside the app's context, before the browser started."""

    sessions: sessionmaker[Session]
    password_hash: str


@pytest.fixture(scope="session")
def ready(live_app: Flask) -> Ready:
    """Sessions on the served database, and the hash of PASSWORD."""

    def prepare() -> Ready:
        with live_app.app_context():
            return Ready(db.sessionmaker, logins.hasher().hash(PASSWORD))

    return aside(prepare)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which an app is served by threads of this process."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def address(live_app: Flask) -> Iterator[str]:
    """Where the portal is served."""
    with served(live_app) as where:
        yield where


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The demonstration county, to look at (on SQLite only: it is about pages)."""
    with noon():
        return aside(lambda: show(tmp_path_factory.mktemp("shown"), AS_SERVED))


@pytest.fixture
def copied(shown: Shown, tmp_path: Path) -> Iterator[Shown]:
    """A copy of the demonstration in which a test may act, at the same noon."""
    with noon():
        yield aside(lambda: copy_of(shown, tmp_path))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The one browser of a module, which ends with it.

    Its event loop would be in the way of every test that comes after.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["PORTAL_CHROMIUM"], args=list(QUIET)
        )
        yield browser
        browser.close()


@pytest.fixture
def live(ready: Ready, clock: Clock) -> Iterator[Session]:
    """A session on the served database, which is emptied at the end.

    It reads without a lock, so that the served requests can write. `live.commit()`
    before asserting, and before writing after a read: what a request wrote meanwhile
    is seen by the next transaction only.
    """
    reading = writes.set(False)
    session = ready.sessions(expire_on_commit=False)
    yield session
    writes.reset(reading)
    session.rollback()
    empty(session)
    session.close()


def empty(session: Session, attempts: int = 5) -> None:
    """Delete every row, once more where a request still under way added one.

    A page that was closed may have sent its last draft a moment before.
    """
    for attempt in range(attempts):
        try:
            with across_tenants(session), unguarded(session):
                _untie(session)
                for table in reversed(Base.metadata.sorted_tables):
                    session.execute(table.delete())
            session.commit()
        except (IntegrityError, OperationalError):
            session.rollback()
            if attempt == attempts - 1:
                raise
            time.sleep(0.2)
        else:
            return


def _untie(session: Session) -> None:
    """Take off what goes round in a circle, as a workshop's own scheme does."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.use_alter:
                session.execute(table.update().values({key.parent.name: None}))


@contextmanager
def unguarded(session: Session) -> Iterator[None]:
    """Take the triggers off that keep rows for ever, and put them on again."""
    if session.get_bind().dialect.name == "sqlite":
        found = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        guards = session.execute(text(found)).all()
        for guard in guards:
            session.execute(text(f"DROP TRIGGER {guard.name}"))
        yield
        for guard in guards:
            session.execute(text(guard.sql))
        return
    found = (
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    )
    tables = session.scalars(text(found)).all()
    for table in tables:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    for table in tables:
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


@dataclass
class Person:
    """Somebody at a browser."""

    context: BrowserContext
    page: Page

    def at(self, path: str) -> Page:
        """Open a page of the portal."""
        self.page.goto(path)
        return self.page

    def log_in(self, username: str, password: str = PASSWORD) -> Page:
        """Log in as a person does, by the form."""
        page = self.at("/login")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: not url.endswith("/login"))
        return page


@pytest.fixture
def sit_down(chromium: Browser, address: str) -> Iterator[Callable[..., Person]]:
    """`sit_down(phone=True, scripts=False)` is a person with a fresh browser."""
    opened: list[BrowserContext] = []

    def open_context(
        *, phone: bool = False, scripts: bool = True, **options: Any
    ) -> Person:
        context = chromium.new_context(
            base_url=address,
            viewport=PHONE if phone else DESK,
            locale=options.pop("locale", "zh-CN"),
            java_script_enabled=scripts,
            **options,
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        return Person(context, context.new_page())

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def county(live: Session) -> Organisation:
    """The bureau of an empty county."""
    factories.make_tenant(live, "清溪")
    bureau = live.scalars(select(Organisation)).one()
    live.commit()
    return bureau


@pytest.fixture
def hashed(ready: Ready) -> str:
    """The hash of PASSWORD."""
    return ready.password_hash
