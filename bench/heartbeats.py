"""What a heartbeat costs: `python -m bench.heartbeats`; docs/performance.md says more.

One teacher learns with one material on a portal in a temporary folder; the clock moves
half a minute before each heartbeat. Told are the statements that one sends (without
those that begin and end a transaction) and the processor time of this process for it,
as the median over an hour of learning; the heartbeats that write a fact, apart.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal import clock
from portal.app import create_app
from portal.db import db
from portal.organisations.models import Organisation
from portal.plugins import streams
from portal.plugins.opening import open_activity
from portal.testing import factories
from portal.testing.fixtures import START, testing_config
from portal.users.sessions import open_session

BEATS = 120
A_FACT = 15
"""More statements than these mean that a fact was written, and a sheet computed."""

COURSE = {
    "format": 1,
    "title": {"zh": "学时", "en": "Minutes"},
    "items": [
        {
            "id": "minutes",
            "title": {"zh": "学习时长", "en": "Minutes"},
            "counts": [{"source": "material", "measure": "watch_minutes"}],
            "steps": [{"do": "price", "unit": 40, "points": 1}],
        }
    ],
}


def main() -> None:
    """Measure, and print two lines."""
    with TemporaryDirectory() as folder, app_in(Path(folder)) as app:
        url, browser = prepare(app)
        common: list[tuple[int, float]] = []
        facts: list[tuple[int, float]] = []
        for statements, seconds in beats(app, browser, url):
            of_kind = facts if statements > A_FACT else common
            of_kind.append((statements, seconds))
        tell("a heartbeat", common)
        tell("one that writes a fact", facts)


def tell(what: str, found: list[tuple[int, float]]) -> None:
    """One line of the report."""
    statements = median(count for count, _ in found)
    ms = 1000 * median(seconds for _, seconds in found)
    print(f"{what}: {statements:.0f} statements, {ms:.1f} ms, {len(found)} times")


@contextmanager
def app_in(folder: Path) -> Iterator[Flask]:
    """A portal with its schema, closed at the end."""
    config = testing_config(f"sqlite:///{folder / 'bench.sqlite3'}", folder)
    app = create_app(config, instance_path=str(folder))
    with app.app_context():
        streams.upgrade(db.engine, app.extensions["portal_plugins"])
    yield app
    with app.app_context():
        db.engine.dispose()


def prepare(app: Flask) -> tuple[str, FlaskClient]:
    """A workshop with one material, and a learner's browser."""
    clock.set_source(lambda: START + timedelta(hours=9))
    with app.test_request_context():
        session: Session = db.sessionmaker()
        factories.make_tenant(session, "清溪")
        county = session.scalars(select(Organisation)).one()
        factories.enable_plugin(session, county, "material")
        scheme = factories.make_scheme(session, COURSE)
        workshop = factories.make_workshop(
            session, county, starts_at=START, scheme=scheme
        )
        learner = factories.make_user(session, "陈晓燕")
        factories.enrol(session, workshop, learner)
        activity = factories.make_activity(session, workshop, "material")
        session.commit()
        url = f"/activities/{activity.id}/material/1/beat"
        compose(app, open_activity(session, activity.id, learner.id))
        token = open_session(session, learner, device="b", idle=timedelta(days=1))
        session.commit()
        session.close()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return url, browser


def compose(app: Flask, ctx: Any) -> None:
    """A page of two hours, made by the plugin's own type."""
    app.extensions["portal_plugins"].kinds["material"].compose(
        ctx, "page", "课标解读", text="先看学生学到了什么。", minutes=120
    )


def beats(app: Flask, browser: FlaskClient, url: str) -> Iterator[tuple[int, float]]:
    """Statements and seconds of each heartbeat of an hour."""
    told = browser.post(url, data={"state": "on"}).get_json()
    for number in range(1, BEATS + 1):
        at = START + timedelta(hours=9, seconds=30 * number)
        clock.set_source(lambda at=at: at)
        form = {"opening": told["opening"], "number": number, "state": "on"}
        with counted(app) as statements:
            began = process_time()
            with browser.post(url, data=form) as answer:
                assert answer.get_json()["number"] == number, answer.text
            seconds = process_time() - began
        yield len(statements), seconds


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that are sent inside, without those around a transaction."""
    statements: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")):
            statements.append(statement)

    listen: Callable[..., None] = event.listen
    with app.app_context():
        engine = db.engine
    listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
