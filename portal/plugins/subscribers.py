"""What activity types do when their workshop is copied, or closes: part of it.

One that fails loses its own part, is logged, and holds up neither the copy nor the
close.
"""

from collections.abc import Callable

from flask import current_app, has_app_context
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.activity import ActivityType
from portal.plugins.manager import PluginFailed, PluginManager, PluginState
from portal.plugins.opening import open_activity
from portal.workshops.kept import brings_over, winds_up
from portal.workshops.models import Activity


@brings_over
def _bring_over(session: Session, source: Activity, copy: Activity) -> None:
    """Let the type bring what it keeps beside the settings."""

    def bring(kind: ActivityType) -> None:
        opened = [open_activity(session, one.id) for one in (copy, source)]
        kind.bring_over(*opened)

    _ask(session, copy, bring)


@winds_up
def _wind_up(session: Session, activity: Activity) -> None:
    """Let the type report what it has not said yet."""
    _ask(
        session,
        activity,
        lambda kind: kind.wind_up(open_activity(session, activity.id)),
    )


def _ask(
    session: Session, activity: Activity, do: Callable[[ActivityType], None]
) -> None:
    """Do it with the activity's type, where its plugin works and is enabled.

    Where there is no app, as in a test of a service alone, there are no plugins.
    """
    if not has_app_context():
        return
    plugins: PluginManager = current_app.extensions["portal_plugins"]
    owner = plugins.owner(activity.type) or activity.type
    enabled = plugins.enabled_in(session, activity.workshop.organisation_id)
    if plugins.state(owner, enabled) is not PluginState.ENABLED:
        return
    try:
        with plugins.guarded(owner, session):
            do(plugins.kinds[activity.type])
    except PluginFailed as failure:
        # The database gave way, not the plugin: all is taken back, to be asked again.
        if isinstance(failure.__cause__, OperationalError):
            raise failure.__cause__ from None
