"""Managers of fake plugins, and what they answer."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.activity import Place
from portal.events import NoticeSent
from portal.hookspecs import hookimpl
from portal.plugins.manager import (
    PluginManager,
)
from portal.testing.broken import FakeEntryPoint, entry_point

EVENT = NoticeSent(
    tenant_id=1,
    organisation_id=1,
    at=datetime(2024, 9, 2, tzinfo=UTC),
    notice_id=1,
    title="通知",
    recipients=1,
)


def everywhere(_plugin: str) -> bool:
    return True


def admit(*entry_points: FakeEntryPoint, **config: Any) -> PluginManager:
    plugins = PluginManager.admit_all(config, entry_points)
    plugins.enabled_in = lambda _session, _organisation: everywhere
    return plugins


def answering(name: str, answer: Any = None) -> FakeEntryPoint:
    """A plugin that answers `portal_fill_place`, by default with its name."""

    @hookimpl
    def portal_fill_place(place: Place) -> Any:
        return answer or name

    return entry_point(name, portal_fill_place=portal_fill_place)


def fill(plugins: PluginManager, **more: Any) -> list[tuple[str, Any]]:
    more = {"enabled": everywhere, "place": Place.DASHBOARD, "page": None} | more
    return list(plugins.each("portal_fill_place", **more))


def names(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT name FROM tenant ORDER BY id")))
