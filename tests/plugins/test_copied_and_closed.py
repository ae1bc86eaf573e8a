"""What a type keeps is asked for in a copy and at a close, and holds up neither."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.activity import ActivityContext
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.broken import Mischief
from portal.users.models import User
from portal.workshops import queries
from portal.workshops.copying import copy_workshop
from portal.workshops.models import Activity, Duty, Workshop, WorkshopState
from portal.workshops.service import close_workshop

pytestmark = pytest.mark.one_database

NEW = datetime(2025, 2, 23, 16, tzinfo=UTC)

Said = list[tuple[str, int]]


@pytest.fixture
def journal(activity: Callable[..., Activity]) -> Activity:
    return activity("journal")


@pytest.fixture
def said(shared_app: Flask, app: Flask, monkeypatch: Any) -> Iterator[Said]:
    """What the journal is asked, and of which activity."""
    plugins = shared_app.extensions["portal_plugins"]
    heard: Said = []

    def bring_over(ctx: ActivityContext, source: ActivityContext) -> None:
        heard.append(("bring", source.activity.id))
        assert ctx.activity.id != source.activity.id

    def wind_up(ctx: ActivityContext) -> None:
        heard.append((ctx.workshop.title, ctx.activity.id))

    kind = plugins.kinds["journal"]
    monkeypatch.setattr(kind, "bring_over", bring_over, raising=False)
    monkeypatch.setattr(kind, "wind_up", wind_up, raising=False)
    with app.app_context():
        yield heard


def copied(session: Session, source: Workshop) -> Workshop:
    return copy_workshop(
        session, source, source.project, title="春季坊", starts_at=NEW, by_id=None
    )


def test_a_copy_asks_once_and_a_close_once(
    session: Session, journal: Activity, workshop: Workshop, said: Said
) -> None:
    copied(session, workshop)
    copied(session, workshop)
    close_workshop(session, workshop, by_id=None)
    close_workshop(session, workshop, by_id=None)

    assert said == [("bring", journal.id), (workshop.title, journal.id)]


def test_a_paused_plugin_is_not_asked(
    session: Session,
    county: Organisation,
    journal: Activity,
    workshop: Workshop,
    said: Said,
) -> None:
    factories.enable_plugin(session, county, "journal", enabled=False)

    copied(session, workshop)
    close_workshop(session, workshop, by_id=None)

    assert said == []


def test_one_that_fails_leaves_nothing_and_holds_up_neither(
    session: Session,
    journal: Activity,
    workshop: Workshop,
    learner: User,
    shared_app: Flask,
    app: Flask,
    monkeypatch: Any,
) -> None:
    plugins = shared_app.extensions["portal_plugins"]

    def owe_and_fail(ctx: ActivityContext, *_source: ActivityContext) -> None:
        for person in ctx.participants():
            ctx.owe("tidy", person, ctx.now, "/x", title="整理")
        raise Mischief("on purpose")

    kind = plugins.kinds["journal"]
    monkeypatch.setattr(kind, "bring_over", owe_and_fail, raising=False)
    monkeypatch.setattr(kind, "wind_up", owe_and_fail, raising=False)
    monkeypatch.setattr(plugins, "_propagate", False)
    with app.app_context():
        made = copied(session, workshop)
        close_workshop(session, workshop, by_id=None)

    states = tuple(row.type for row in queries.activities(session, made))
    assert states == ("journal",)
    assert workshop.state == WorkshopState.CLOSED
    assert session.scalars(select(Duty)).all() == []


def test_a_database_that_gives_way_takes_the_close_back(
    session: Session,
    journal: Activity,
    workshop: Workshop,
    shared_app: Flask,
    app: Flask,
    monkeypatch: Any,
) -> None:
    plugins = shared_app.extensions["portal_plugins"]

    def give_way(ctx: ActivityContext) -> None:
        raise OperationalError("UPDATE", {}, Exception("deadlock detected"))

    monkeypatch.setattr(plugins.kinds["journal"], "wind_up", give_way, raising=False)
    monkeypatch.setattr(plugins, "_propagate", False)
    with app.app_context(), pytest.raises(OperationalError):
        close_workshop(session, workshop, by_id=None)
