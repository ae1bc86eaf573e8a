"""Contexts where there is no request: for jobs, commands, and what hears of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.errors import NotFound
from portal.organisations.queries import root
from portal.permissions import Actor, Grant, Permission, actor_for
from portal.plugins.context import AddressOf, CoreContext
from portal.plugins.manager import PluginManager
from portal.users.models import User
from portal.workshops.models import Activity, Workshop, WorkshopState


def open_activity(
    session: Session,
    activity_id: int,
    user_id: int | None = None,
    *,
    now: datetime | None = None,
) -> CoreContext:
    """The context of a person in an activity, acting with that person's rights.

    With `user_id` None it is opened for nobody, with the portal's own rights.

    Raises:
        NotFound: no such activity or person here, or its plugin is not working.
    """
    activity = session.get(Activity, activity_id)
    user = None if user_id is None else session.get(User, user_id)
    kind = _plugins().kinds.get(activity.type) if activity else None
    if activity is None or kind is None or (user is None and user_id is not None):
        raise NotFound
    if user is None:
        actor = portal_itself(session)
    else:
        actor = actor_for(session, user.id, activity.tenant_id)
    return CoreContext(
        session,
        activity,
        kind,
        user,
        actor=actor,
        now=now,
        address_of=address_of(kind.name),
    )


def address_of(type_name: str) -> AddressOf:
    """The paths of a type's own pages, where no request says how to begin them."""
    paths = current_app.url_map.bind("")
    return lambda endpoint, values: paths.build(f"{type_name}.{endpoint}", values)


def portal_itself(session: Session) -> Actor:
    """Who acts when nobody does: the portal, with every right in this county."""
    top = root(session)
    everything = frozenset(map(str, Permission))
    return Actor(0, top.tenant_id, (Grant("portal", everything, branch=top.path),))


@dataclass(frozen=True)
class CoreJob:
    """A run of a plugin's job; see `portal.activity.JobContext` for its contract."""

    session: Session
    plugin: str
    now: datetime

    def activities(self, type_name: str) -> Sequence[CoreContext]:
        """The activities of this type in open workshops where the plugin is enabled."""
        plugins = _plugins()
        kind = plugins.kinds.get(type_name)
        if kind is None or plugins.owner(type_name) != self.plugin:
            return []
        rows = self.session.scalars(
            select(Activity)
            .join(Activity.workshop)
            .where(Activity.type == type_name, Workshop.state == WorkshopState.OPEN)
            .options(joinedload(Activity.workshop).joinedload(Workshop.organisation))
            .order_by(Activity.id)
        ).all()
        actor = portal_itself(self.session)
        return [
            CoreContext(
                self.session,
                row,
                kind,
                None,
                actor=actor,
                now=self.now,
                address_of=address_of(type_name),
            )
            for row in rows
            if plugins.enabled_in(self.session, row.workshop.organisation_id)(
                self.plugin
            )
        ]


def run_job(session: Session, plugin: str, name: str) -> None:
    """Do a plugin's job for the session's county; nothing where it works no longer.

    Raises:
        PluginFailed: the job failed, and what it wrote was taken back.
    """
    plugins = _plugins()
    found = plugins.plugins.get(plugin)
    for job in found.jobs if found else ():
        if job.name == name:
            with plugins.guarded(plugin, session):
                job.run(CoreJob(session, plugin, clock.now()))


def _plugins() -> PluginManager:
    found: PluginManager = current_app.extensions["portal_plugins"]
    return found
