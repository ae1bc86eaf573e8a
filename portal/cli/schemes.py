"""`portal schemes`: check a scheme before it is used, and rebuild score sheets."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cli.counties import counties
from portal.db import db, set_tenant
from portal.schemes.document import load_scheme
from portal.schemes.models import ScoreSheet
from portal.schemes.problem_words import say
from portal.schemes.reading import SchemeError
from portal.schemes.service import rebuild as rebuild_sheets
from portal.users.models import User
from portal.workshops.models import Workshop

Stored = tuple[Decimal, bool | None, Mapping[str, Any]]
"""What a stored sheet says: total, qualified or not, and the whole of it."""


@click.group()
def schemes() -> None:
    """Check schemes and rebuild score sheets."""


@schemes.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def check(file: Path) -> None:
    """Check the scheme in FILE.

    Says where it is wrong and what is expected there. Where FILE is no JSON the
    place is line:column, else the path in the document. docs/reference/schemes.md
    describes the format. Exit status: 0 when it can be used, else 1.
    """
    try:
        scheme = load_scheme(file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: {error}") from error
    except SchemeError as error:
        for problem in error.problems:
            click.echo(f"{file.name}  {say(problem)}")
        raise SystemExit(1) from error
    click.echo(f"{file.name} is a scheme of {len(scheme.items)} items.")


@schemes.command()
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
