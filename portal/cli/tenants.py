"""`portal tenants`: set up a county, its bureau and its first officer."""

from datetime import timedelta

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.cli.counties import counties
from portal.db import db
from portal.errors import Conflict
from portal.organisations.models import Organisation, OrganisationKind
from portal.organisations.plugins import set_plugin
from portal.organisations.roles import grant_role
from portal.organisations.service import make_organisation, make_tenant
from portal.tenants import Tenant
from portal.users.activation import NewCode, make_codes
from portal.users.models import User, UserState
from portal.users.names import normalise_name


@click.group()
def tenants() -> None:
    """Set up a county and its first officer."""


@tenants.command("list")
@with_appcontext
def list_tenants() -> None:
    """List the counties.

    With the host each answers to. Exit status: 0.
    """
    for county in counties(db.session):
        click.echo(f"{county.code}  {county.name}  {county.host or 'any host'}")


@tenants.command()
@click.option("--code", required=True, help="Short name of the county, for commands.")
@click.option("--name", required=True, help="Its name, as 清溪县.")
@click.option("--officer", required=True, help="Name of its first training officer.")
@click.option("--username", default="officer", show_default=True, help="To log in.")
@click.option("--title", help="What the site is called; else the name.")
@click.option("--host", help="The host name that leads to it; else any.")
@with_appcontext
def create(
    code: str, name: str, officer: str, username: str, title: str | None, host: str
) -> None:
    """Set up a county.

    With its bureau, all installed plugins enabled, and its first officer. Prints
    the officer's activation code, with which they choose a password at /activate;
    it is shown this once. Exit status: 0, or 1 when the code or the host is another
    county's.
    """
    session = db.session
    if not host and session.scalar(select(Tenant.id).where(Tenant.host.is_(None))):
        raise click.ClickException("There is a county for any host: give a --host.")
    try:
        county = make_tenant(
            session, code=code, name=name, site_title=title or name, host=host or None
        )
    except Conflict as error:
        raise click.ClickException("That code or host is another county's.") from error
    bureau = make_organisation(
        session, kind=OrganisationKind.BUREAU, code=code, name=name
    )
    for plugin in current_app.extensions["portal_plugins"].admitted():
        set_plugin(session, bureau, plugin.name, enabled=True, by=None)
    new = first_officer(session, bureau, officer, username)
    session.commit()
    until = new.expires_at.astimezone(county.zone)
    click.echo(f"{name} is set up.")
    click.echo(f"{officer} activates the account {username} with this code:")
    click.echo(f"\n  {new.code}\n\nIt is good until {until:%Y-%m-%d}, once.")


def first_officer(
    session: Session, bureau: Organisation, name: str, username: str
) -> NewCode:
    """Make the county's officer, from whom all others have their roles."""
    user = User(
        username=username,
        username_key=normalise_name(username),
        name=name,
        state=UserState.INVITED,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    grant_role(session, user, bureau, "county_officer", by=None)
    config = current_app.config
    valid = timedelta(days=config["ACTIVATION_DAYS"])
    (new,) = make_codes(
        session, [user], by_id=None, pepper=config["CODE_PEPPER"], valid=valid
    )
    return new
