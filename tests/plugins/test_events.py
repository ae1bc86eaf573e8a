"""Events wait for the commit and are told to everybody, one by one."""

import logging
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import events
from portal.db import PortalSession
from portal.events import Enrolled, Event, NoticeSent
from portal.hookspecs import hookimpl
from portal.plugins.manager import PluginManager
from portal.tenants import Tenant
from portal.testing.broken import ON_EVENT, entry_point

SENT = NoticeSent(
    tenant_id=1,
    organisation_id=7,
    at=datetime(2024, 9, 2, tzinfo=UTC),
    notice_id=1,
    title="本周周记",
    recipients=91,
)
AGAIN = replace(SENT, notice_id=2)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the core's one receiver heard; nobody else is subscribed meanwhile."""
    heard: list[Any] = []
    monkeypatch.setattr(events, "_receivers", [])

    @events.subscribe(NoticeSent)
    def receive(_session: Session, event: NoticeSent) -> None:
        heard.append(event)

    return heard


def test_an_event_is_told_once_after_the_commit(
    county_session: PortalSession, heard: list[Any]
) -> None:
    events.publish(county_session, SENT)
    events.publish(county_session, AGAIN)
    county_session.commit()
    assert heard == []

    events.deliver(county_session)
    events.deliver(county_session)

    assert heard == [SENT, AGAIN]


def test_a_rollback_drops_what_was_published(
    county_session: PortalSession, heard: list[Any]
) -> None:
    county_session.execute(text("SELECT 1"))
    events.publish(county_session, SENT)
    county_session.rollback()

    events.deliver(county_session)

    assert heard == []


def test_a_rollback_to_a_savepoint_drops_what_was_published_since(
    county_session: PortalSession, heard: list[Any]
) -> None:
    events.publish(county_session, SENT)
    savepoint = county_session.begin_nested()
    with county_session.begin_nested():
        events.publish(county_session, AGAIN)
    savepoint.rollback()
    county_session.commit()

    events.deliver(county_session)

    assert heard == [SENT]


def test_a_released_savepoint_keeps_what_was_published_in_it(
    county_session: PortalSession, heard: list[Any]
) -> None:
    with county_session.begin_nested():
        events.publish(county_session, SENT)
    county_session.commit()

    events.deliver(county_session)

    assert heard == [SENT]


def test_a_flush_that_fails_in_a_savepoint_keeps_the_events_before_it(
    county_session: PortalSession, heard: list[Any]
) -> None:
    events.publish(county_session, SENT)
    savepoint = county_session.begin_nested()
    events.publish(county_session, AGAIN)
    county_session.add(Tenant(code="qingxi", name="", site_title=""))
    with pytest.raises(IntegrityError):
        county_session.flush()
    savepoint.rollback()
    county_session.commit()

    events.deliver(county_session)

    assert heard == [SENT]


def test_a_receiver_hears_only_what_it_subscribed_to(
    county_session: PortalSession, heard: list[Any]
) -> None:
    where: Any = {"tenant_id": 1, "organisation_id": 7, "at": SENT.at}
    enrolled = Enrolled(**where, workshop_id=1, workshop_title="坊", user_id=1)
    events.publish(county_session, enrolled)

    events.deliver(county_session)

    assert heard == []


def test_a_receiver_that_fails_is_rolled_back_and_the_others_still_hear(
    county_session: PortalSession, heard: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    @events.subscribe(Event)
    def fail(session: Session, _event: Event) -> None:
        session.execute(text("UPDATE tenant SET name = 'half'"))
        raise RuntimeError("out of paper")

    @events.subscribe(Event)
    def write(session: Session, _event: Event) -> None:
        session.execute(text("UPDATE tenant SET site_title = '已改'"))

    events.publish(county_session, SENT)
    with caplog.at_level(logging.ERROR):
        events.deliver(county_session)

    assert heard == [SENT]
    assert "out of paper" in caplog.text
    row = county_session.execute(text("SELECT name, site_title FROM tenant")).one()
    assert tuple(row) == ("清溪县", "已改")


def test_what_a_receiver_publishes_waits_for_the_next_delivery(
    county_session: PortalSession, heard: list[Any]
) -> None:
    @events.subscribe(NoticeSent)
    def answer(session: Session, event: NoticeSent) -> None:
        if event is SENT:
            events.publish(session, AGAIN)

    events.publish(county_session, SENT)
    events.deliver(county_session)
    assert heard == [SENT]

    events.deliver(county_session)
    assert heard == [SENT, AGAIN]


def test_who_takes_part_writes_in_the_transaction_that_publishes(
    county_session: PortalSession,
    heard: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(events, "_participants", [])

    @events.take_part(NoticeSent)
    def write(session: Session, event: NoticeSent) -> None:
        words = {"title": event.title}
        session.execute(text("UPDATE tenant SET site_title = :title"), words)

    @events.take_part(Enrolled)
    def fail(_session: Session, _event: Enrolled) -> None:
        raise AssertionError("nobody enrolled")

    events.publish(county_session, SENT)
    county_session.rollback()
    title = text("SELECT site_title FROM tenant")
    assert county_session.scalars(title).all() == ["清溪县研修"]

    events.publish(county_session, SENT)
    county_session.commit()
    assert county_session.scalars(title).all() == ["本周周记"]


def test_plugins_hear_where_they_are_enabled_and_what_they_write_is_kept(
    county_session: PortalSession, heard: list[Any]
) -> None:
    @hookimpl
    def portal_on_event(event: NoticeSent, session: Session) -> None:
        words = {"title": event.title}
        session.execute(text("UPDATE tenant SET site_title = :title"), words)

    plugins = PluginManager.admit_all(
        {},
        [
            entry_point("listens", portal_on_event=portal_on_event),
            *(bad.entry_point for bad in ON_EVENT),
        ],
    )
    plugins.enabled_in = lambda _session, organisation: lambda _p: organisation == 7

    events.publish(county_session, replace(SENT, organisation_id=8, title="别处"))
    events.publish(county_session, SENT)
    events.deliver(county_session, plugins)
    county_session.rollback()

    row = county_session.execute(text("SELECT name, site_title FROM tenant")).one()
    assert tuple(row) == ("清溪县", "本周周记")
    assert plugins.failures == {bad.name: 1 for bad in ON_EVENT}


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        SENT.title = "别的"  # type: ignore[misc] # that is what is tested
