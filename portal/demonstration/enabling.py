"""The types of plugins in the demonstration: enabled in all of the county."""

from flask import current_app, has_app_context
from sqlalchemy.orm import Session

from portal.activity import ActivityType
from portal.organisations.plugins import set_plugin
from portal.organisations.queries import root
from portal.permissions import actor_for
from portal.plugins.manager import PluginManager
from portal.users.models import User


def enabled_type(session: Session, name: str, officer: User) -> ActivityType | None:
    """The type of a plugin, which the officer enables; None where it is not installed.

    Without an app, as where a county is loaded by itself, there are no plugins.
    """
    if not has_app_context():
        return None
    plugins: PluginManager = current_app.extensions["portal_plugins"]
    kind = plugins.kinds.get(name)
    if kind is not None:
        bureau = root(session)
        by = actor_for(session, officer.id, bureau.tenant_id)
        set_plugin(session, bureau, name, enabled=True, by=by)
    return kind
