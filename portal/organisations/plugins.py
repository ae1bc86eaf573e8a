"""What an organisation decided about a plugin: the nearest decision above holds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.service import record
from portal.errors import Forbidden, Invalid
from portal.organisations.models import Organisation, OrganisationPlugin
from portal.permissions import Actor, Permission

Decisions = Mapping[int, Mapping[str, tuple[bool, bool]]]
"""By organisation and plugin: whether it is enabled, whether admitted."""


def enabled_plugins(session: Session, organisation: Organisation) -> Mapping[str, bool]:
    """What holds for each admitted plugin in an organisation; what is absent is off."""
    ids = [int(step) for step in organisation.path.strip("/").split("/")]
    decisions: dict[int, dict[str, tuple[bool, bool]]] = defaultdict(dict)
    for place, plugin, enabled, admitted in session.execute(
        select(
            OrganisationPlugin.organisation_id,
            OrganisationPlugin.plugin,
            OrganisationPlugin.enabled,
            OrganisationPlugin.admitted,
        ).where(OrganisationPlugin.organisation_id.in_(ids))
    ):
        decisions[place][plugin] = (enabled, admitted)
    return nearest(organisation.path, decisions)


def nearest(path: str, decisions: Decisions) -> Mapping[str, bool]:
    """What holds for each admitted plugin in the organisation of this path.

    The root admits. Of what it admitted the nearest decision above holds; what it
    did not admit is off everywhere, whatever was decided below.
    """
    line = [decisions.get(int(step), {}) for step in path.strip("/").split("/")]
    return {
        plugin: next(place[plugin][0] for place in reversed(line) if plugin in place)
        for plugin, (_, admitted) in line[0].items()
        if admitted
    }


def choosers(session: Session) -> Mapping[str, Sequence[Organisation]]:
    """The organisations below the root that enabled each plugin themselves."""
    rows = session.execute(
        select(OrganisationPlugin.plugin, Organisation)
        .join(Organisation, Organisation.id == OrganisationPlugin.organisation_id)
        .where(OrganisationPlugin.enabled, Organisation.parent_id.is_not(None))
        .order_by(Organisation.path)
    )
    found: dict[str, list[Organisation]] = defaultdict(list)
    for plugin, organisation in rows:
        found[plugin].append(organisation)
    return found


def admit_plugin(
    session: Session, root: Organisation, plugin: str, *, by: Actor | None
) -> None:
    """Let the organisations of the county choose a plugin; by itself it is off.

    Whatever they decided before holds.

    Args:
        by: who decides; None is the operator at the command line.

    Raises:
        Forbidden: the person may not decide this.
        Invalid: "only_the_county_admits".
    """
    if root.parent_id is not None:
        raise Invalid("only_the_county_admits")
    if by is not None and not by.within(Permission.ADMIT_PLUGINS, root.path):
        raise Forbidden
    row = _row(session, root, plugin)
    row.admitted, row.enabled = True, False
    actor_id = by.user_id if by else None
    record(session, actor_id, "plugin.admitted", root, plugin=plugin)


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

    At the root this admits the plugin and enables it everywhere, or shuts it out of
    the whole county.

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
    row = _row(session, organisation, plugin)
    row.enabled = enabled
    row.admitted = enabled and at_root
    if settings is not None:
        row.settings = dict(settings)
    action = "plugin.enabled" if enabled else "plugin.disabled"
    actor_id = by.user_id if by else None
    record(session, actor_id, action, organisation, plugin=plugin)


def _row(
    session: Session, organisation: Organisation, plugin: str
) -> OrganisationPlugin:
    row = session.get(OrganisationPlugin, (organisation.id, plugin))
    if row is None:
        row = OrganisationPlugin(organisation_id=organisation.id, plugin=plugin)
        session.add(row)
    return row


def _admitted(session: Session, organisation: Organisation, plugin: str) -> bool:
    top = organisation.path.strip("/").split("/")[0]
    row = session.get(OrganisationPlugin, (int(top), plugin))
    return row is not None and row.admitted
