"""Which county a command is about: the only one, or the one that is named."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import set_tenant
from portal.organisations.models import Organisation
from portal.organisations.queries import root
from portal.tenants import Tenant

named = click.option(
    "--tenant", metavar="CODE", help="The county; needed where there are several."
)


def counties(session: Session) -> list[Tenant]:
    """All there are, by code."""
    return list(session.scalars(select(Tenant).order_by(Tenant.code)))


def enter(session: Session, code: str | None) -> Tenant:
    """Put the session behind the wall of the county that is meant.

    Raises:
        click.ClickException: there is none of that code, or it is not clear which.
    """
    known = {county.code: county for county in counties(session)}
    if code is None and len(known) == 1:
        code = next(iter(known))
    if code is None:
        names = ", ".join(known) or "none yet; see `portal tenants create`"
        raise click.ClickException(f"Say which county by --tenant: {names}.")
    if code not in known:
        raise click.ClickException(f"There is no county {code}.")
    set_tenant(session, known[code].id)
    return known[code]


def organisation(session: Session, code: str | None) -> Organisation:
    """The organisation of that code in the county; None is the county's root.

    Raises:
        click.ClickException: there is none.
    """
    if code is None:
        return root(session)
    found = session.scalars(
        select(Organisation).where(Organisation.code == code)
    ).one_or_none()
    if found is None:
        raise click.ClickException(f"There is no organisation {code}.")
    return found
