"""`portal scheme`: check and try a scheme before it is used; rebuild score sheets."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cli.counties import counties
from portal.cli.scheme_trying import read, try_on
from portal.db import db, set_tenant
from portal.schemes.documents.scheme import load_template, read_scheme, template_names
from portal.schemes.models import ScoreSheet
from portal.schemes.service import rebuild as rebuild_sheets
from portal.users.models import User
from portal.workshops.models import Workshop

Stored = tuple[Decimal, bool | None, Mapping[str, Any]]
"""What a stored sheet says: total, qualified or not, and the whole of it."""


_JSON = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def scheme() -> None:
    """Check schemes, try them on records, and rebuild score sheets."""


scheme.add_command(try_on)


@scheme.command()
@click.argument("file", type=_JSON)
@with_appcontext
def check(file: Path) -> None:
    """Check the scheme in FILE.

    Says where it is wrong, by line, and what is expected there; the place in the
    document follows. docs/reference/schemes.md describes the format. Exit status: 0
    when it can be used, else 1.
    """
    found = read(file)
    click.echo(f"{file.name} is a scheme of {len(found.items)} items.")


@scheme.command()
@click.argument("name", required=False)
def templates(name: str | None) -> None:
    """List the schemes that ship with the portal, or print the one called NAME.

    Exit status: 0, or 1 when there is none of that name.
    """
    if name is None:
        for each in template_names():
            found = read_scheme(load_template(each))
            click.echo(f"{each:28} {found.dated or '-':10} {found.title.zh}")
        return
    if name not in template_names():
        raise click.ClickException(f"There is no template {name}.")
    click.echo(json.dumps(load_template(name), ensure_ascii=False, indent=2))


@scheme.command()
@click.option("--workshop", type=int, metavar="ID", help="Only this workshop.")
@click.option("--check", "only_look", is_flag=True, help="Compare; write nothing.")
@with_appcontext
def rebuild(workshop: int | None, *, only_look: bool) -> None:
    """Compute score sheets anew from the facts.

    Prints what came out differently: a sheet that is rebuilt equals the one that stood
    there, so nothing should be printed. Exit status: 0 when nothing differed, else 1.
    """
    found = differing = 0
    for county in counties(db.session):
        set_tenant(db.session, county.id)
        for one in _workshops(db.session, workshop):
            found += 1
            for line in differences(db.session, one):
                click.echo(f"{one.title} ({one.id})  {line}")
                differing += 1
        if only_look:
            db.session.rollback()
        else:
            db.session.commit()
    if workshop is not None and not found:
        raise click.ClickException(f"There is no workshop {workshop} with a scheme.")
    click.echo(f"{found} workshops rebuilt; {differing} sheets differed.")
    raise SystemExit(1 if differing else 0)


def _workshops(session: Session, only: int | None) -> list[Workshop]:
    wanted = select(Workshop).where(Workshop.scheme_version_id.is_not(None))
    if only is not None:
        wanted = wanted.where(Workshop.id == only)
    return list(session.scalars(wanted.order_by(Workshop.id)))


def differences(session: Session, workshop: Workshop) -> Iterator[str]:
    """Rebuild a workshop's sheets; say of each that differs what it was and is.

    A sheet that was not there yet is new and no difference.
    """
    before = _stored(session, workshop)
    rebuild_sheets(session, workshop)
    session.flush()
    session.expire_all()
    after = _stored(session, workshop)
    names = {
        user.id: user.username
        for user in session.scalars(select(User).where(User.id.in_(before)))
    }
    for user_id, was in before.items():
        if after.get(user_id) != was:
            now = after[user_id][0] if user_id in after else None
            yield f"{names[user_id]}: was {was[0]}, is {now}"


def _stored(session: Session, workshop: Workshop) -> dict[int, Stored]:
    rows = session.scalars(
        select(ScoreSheet).where(ScoreSheet.workshop_id == workshop.id)
    )
    return {row.user_id: (row.total, row.qualified, row.sheet) for row in rows}
