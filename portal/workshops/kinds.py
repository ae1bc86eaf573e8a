"""The activity types that a workshop can use, asked of the app's plugins.

Only what the plugin manager must offer is named here: workshops lie below it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, cast

from flask import current_app
from sqlalchemy.orm import Session

from portal.activity import ActivityType
from portal.workshops.models import Activity, Workshop


class Plugins(Protocol):
    """What workshops ask of `portal.plugins.manager.PluginManager`."""

    kinds: dict[str, ActivityType]
    built_in: dict[str, ActivityType]
    enabled_in: Callable[[Session, int], Callable[[str], bool]]

    def owner(self, type_name: str) -> str | None:
        """The plugin whose type this is."""

    def guarded(
        self, plugin: str, session: Session | None = None
    ) -> AbstractContextManager[None]:
        """Run plugin code so that it can break only itself."""


def plugins() -> Plugins:
    """The plugins of this app."""
    return cast(Plugins, current_app.extensions["portal_plugins"])


def kind_of(activity: Activity) -> ActivityType | None:
    """The activity's type; None while its plugin is quarantined or missing."""
    return plugins().kinds.get(activity.type)


def kinds_for(session: Session, workshop: Workshop) -> list[ActivityType]:
    """The types that may be added: built in, or enabled where the workshop belongs."""
    manager = plugins()
    enabled = manager.enabled_in(session, workshop.organisation_id)
    return [
        kind
        for name, kind in sorted(manager.kinds.items())
        if name in manager.built_in or enabled(manager.owner(name) or "")
    ]


def guarded(kind: ActivityType, session: Session) -> AbstractContextManager[None]:
    """The guard under which the type's own code runs."""
    manager = plugins()
    return manager.guarded(manager.owner(kind.name) or kind.name, session)
