"""What an organisation decided about a plugin: the nearest decision above holds."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.errors import Forbidden, Invalid
from portal.organisations.models import Organisation, OrganisationPlugin
from portal.permissions import Actor, Permission


def enabled_plugins(session: Session, organisation: Organisation) -> Mapping[str, bool]:
    """What holds for each plugin in an organisation; one that is absent is off.

    The root admits. Of what it admitted the nearest decision above holds; what it
    did not admit is off everywhere, whatever was decided below.
    """
    ids = [int(step) for step in organisation.path.strip("/").split("/")]
    rows = session.scalars(
        select(OrganisationPlugin).where(OrganisationPlugin.organisation_id.in_(ids))
    )
    decisions = sorted(rows, key=lambda row: ids.index(row.organisation_id))
    top = [row for row in decisions if row.organisation_id == ids[0]]
    enabled = {row.plugin: row.enabled for row in top}
    admitted = {row.plugin for row in top if row.enabled}
    for row in decisions:
        if row.plugin in admitted:
            enabled[row.plugin] = row.enabled
    return enabled


def set_plugin(
    session: Session,
    organisation: Organisation,
    plugin: str,
    *,
    enabled: bool,
    by: Actor | None,
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Decide about a plugin in an organisation; it holds from the next request on.

    At the root this admits the plugin to the county, or shuts it out of all of it.

    Args:
        by: who decides; None is the operator at the command line.
        settings: what the plugin is to know there; None keeps what there is.

    Raises:
        Forbidden: the person may not decide this there.
        Invalid: "plugin_not_admitted" by the county.
    """
    at_root = organisation.parent_id is None
    needed = Permission.ADMIT_PLUGINS if at_root else Permission.ENABLE_PLUGINS
    if by is not None and not by.within(needed, organisation.path):
        raise Forbidden
    if enabled and not at_root and not _admitted(session, organisation, plugin):
        raise Invalid("plugin_not_admitted", plugin=plugin)
    row = session.get(OrganisationPlugin, (organisation.id, plugin))
    if row is None:
        row = OrganisationPlugin(organisation_id=organisation.id, plugin=plugin)
        session.add(row)
    row.enabled = enabled
    if settings is not None:
        row.settings = dict(settings)
    action = "plugin.enabled" if enabled else "plugin.disabled"
    actor_id = by.user_id if by else None
    record(session, actor_id, action, organisation, plugin=plugin)


def _admitted(session: Session, organisation: Organisation, plugin: str) -> bool:
    top = organisation.path.strip("/").split("/")[0]
    row = session.get(OrganisationPlugin, (int(top), plugin))
    return row is not None and row.enabled
