"""`portal plugins`: what is installed, in which state, and where it is enabled.

Writing, installing and removing plugins is in `portal.cli.installing`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cli.counties import enter, named, organisation
from portal.cli.installing import install, new, remove
from portal.db import db, only_reading
from portal.errors import Invalid
from portal.organisations.models import Organisation
from portal.organisations.plugins import admit_plugin, enabled_plugins, set_plugin
from portal.plugins import streams
from portal.plugins.manager import PluginManager, PluginState
from portal.tenants import Tenant
from portal.workshops.models import Activity

_place = click.option(
    "--organisation", "code", metavar="CODE", help="There; else in the whole county."
)


@dataclass(frozen=True)
class Line:
    """A plugin as the list shows it, missing ones by the name of their type."""

    name: str
    version: str
    state: PluginState
    reason: str = ""


@click.group()
def plugins() -> None:
    """List, write, install and remove plugins."""


for _command in (new, install, remove):
    plugins.add_command(_command)


@plugins.command("list")
@_place
@named
@with_appcontext
def list_plugins(code: str | None, tenant: str | None) -> None:
    """List the plugins and their states.

    Enabled, paused, quarantined with the reason, or missing: then activities are there
    and the plugin is not. Exit status: 1 when one is quarantined or missing, else 0.
    """
    place = None
    if tenant or code or db.session.scalar(select(Tenant.id).limit(1)):
        enter(db.session, tenant)
        place = organisation(db.session, code)
    lines = list(states(db.session, manager(), place))
    for line in lines:
        reason = f"  {line.reason}" if line.reason else ""
        click.echo(f"{line.state:12} {line.name} {line.version}".rstrip() + reason)
    if not lines:
        click.echo("No plugin is installed.")
    bad = {PluginState.QUARANTINED, PluginState.MISSING}
    raise SystemExit(1 if any(line.state in bad for line in lines) else 0)


def manager() -> PluginManager:
    """The plugins of this app, those behind their code put into quarantine."""
    found: PluginManager = current_app.extensions["portal_plugins"]
    with only_reading():
        streams.quarantine_behind(db.engine, found)
    return found


def states(
    session: Session, found: PluginManager, place: Organisation | None
) -> Iterator[Line]:
    """Every plugin's state in an organisation; without one none is enabled."""
    decided = enabled_plugins(session, place) if place is not None else {}
    for name, plugin in found.plugins.items():
        state = found.state(name, lambda name: decided.get(name, False))
        reason = plugin.fault.reason if plugin.fault else ""
        yield Line(name, plugin.version, state, reason)
    if place is not None:
        used = select(Activity.type).distinct().order_by(Activity.type)
        for name in session.scalars(used):
            if found.owner(name) is None:
                yield Line(name, "", PluginState.MISSING, "its activities are kept")


@plugins.command()
@click.argument("name")
@_place
@named
@with_appcontext
def enable(name: str, code: str | None, tenant: str | None) -> None:
    """Enable the plugin NAME.

    In the county, or in one organisation and below it; it holds from the next
    request on. Exit status: 0, or 1 when it cannot be.
    """
    _must_be_installed(name)
    _decide(name, code, tenant, enabled=True)


@plugins.command()
@click.argument("name")
@named
@with_appcontext
def admit(name: str, tenant: str | None) -> None:
    """Let organisations choose the plugin NAME.

    It is off in the county until one of them enables it, for itself and below. Exit
    status: 0, or 1 when it cannot be.
    """
    _must_be_installed(name)
    enter(db.session, tenant)
    place = organisation(db.session, None)
    admit_plugin(db.session, place, name, by=None)
    db.session.commit()
    click.echo(f"{name} may be enabled by the organisations of {place.name}.")


@plugins.command()
@click.argument("name")
@_place
@named
@with_appcontext
def disable(name: str, code: str | None, tenant: str | None) -> None:
    """Pause the plugin NAME.

    In the county, or in one organisation and below it. Nothing is deleted. Exit
    status: 0, or 1 when it cannot be.
    """
    _decide(name, code, tenant, enabled=False)


def _must_be_installed(name: str) -> None:
    if name not in manager().plugins:
        raise click.ClickException(f"No plugin {name} is installed.")


def _decide(name: str, code: str | None, tenant: str | None, *, enabled: bool) -> None:
    enter(db.session, tenant)
    place = organisation(db.session, code)
    try:
        set_plugin(db.session, place, name, enabled=enabled, by=None)
    except Invalid as error:
        raise click.ClickException(
            f"The county has not admitted {name}: see `portal plugins admit`."
        ) from error
    db.session.commit()
    click.echo(f"{name} is {'enabled' if enabled else 'paused'} in {place.name}.")
