"""`portal roster`: check a spreadsheet of teachers, and import it."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from portal import events
from portal.db import db, only_reading, set_tenant
from portal.errors import PortalError
from portal.organisations import queries
from portal.organisations.models import Organisation
from portal.roster import results, service, taking
from portal.roster.columns import RosterSheet
from portal.roster.files import read_roster, write_problems
from portal.roster.problems import RowStatus
from portal.roster.rows import RosterRow, count
from portal.roster.words import STATUS_WORDS, problem_sentence
from portal.tenants import Tenant
from portal.words import error_sentence

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_roster_file = click.argument("file", type=_FILE)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_school = click.option(
    "--school", metavar="CODE", help="Only schools of this organisation's branch."
)
_county = click.option(
    "--tenant", metavar="CODE", help="The county; needed where there are several."
)


@click.group()
def roster() -> None:
    """Check and import rosters."""


@roster.command()
@_roster_file
@_as_json
@_school
@_county
@with_appcontext
def check(file: Path, as_json: bool, school: str | None, tenant: str | None) -> None:
    """Say of every row of FILE what an import would do; write nothing.

    Exit status: 0 when every row is accepted, else 1. The codes are explained in
    docs/reference/roster.md.
    """
    with only_reading():
        place = _place(tenant, school)
        rows = _judged(_sheet(file), place)
    _tell(rows, as_json=as_json)
    _end(rows)


@roster.command("import")
@_roster_file
@_as_json
@_school
@_county
@click.option(
    "--confirm",
    metavar="ROWS",
    default="",
    help="Numbers of held rows that were compared with the card: 6,11.",
)
@click.option(
    "--problems",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the rows to mend into this .xlsx file.",
)
@with_appcontext
def import_(
    file: Path,
    as_json: bool,
    school: str | None,
    tenant: str | None,
    confirm: str,
    problems: Path | None,
) -> None:
    """Take the good rows of FILE; ask for transfers; leave the others out.

    The same file twice changes nothing. Exit status: 0 when every row was accepted,
    else 1.
    """
    place, sheet = _place(tenant, school), _sheet(file)
    confirmed = _numbers(confirm)
    rows = _judged(sheet, place, confirmed)
    if problems is not None:
        with problems.open("wb") as stream:
            write_problems(stream, sheet.header, rows, sentence=problem_sentence)
    _import(sheet, rows, place, file.name, confirmed)
    _tell(rows, as_json=as_json)
    _end(rows)


def _place(tenant: str | None, school: str | None) -> Organisation:
    """The branch to fill, behind the wall of its county."""
    tenants = db.session.scalars(select(Tenant).order_by(Tenant.code)).all()
    found = [each for each in tenants if tenant in (None, each.code)]
    if len(found) != 1:
        known = ", ".join(each.code for each in tenants) or "none"
        raise click.UsageError(f"Name the county by --tenant. There are: {known}")
    set_tenant(db.session, found[0].id)
    if school is None:
        return queries.root(db.session)
    place = db.session.scalars(
        select(Organisation).where(Organisation.code == school)
    ).one_or_none()
    if place is None:
        raise click.UsageError(f"There is no organisation with the code {school}.")
    return place


def _sheet(file: Path) -> RosterSheet:
    try:
        return read_roster(file.read_bytes(), file.name)
    except PortalError as error:
        raise click.ClickException(error_sentence(error)) from error


def _key() -> str:
    return str(current_app.config["ID_NUMBER_KEY"])


def _judged(
    sheet: RosterSheet, place: Organisation, confirmed: frozenset[int] = frozenset()
) -> list[RosterRow]:
    try:
        judged = service.judge(
            db.session, sheet, place, by=None, key=_key(), confirmed=confirmed
        )
    except PortalError as error:
        raise click.ClickException(error_sentence(error)) from error
    with _progress(judged, len(sheet.lines), "Checking") as rows:
        return list(rows)


def _import(
    sheet: RosterSheet,
    rows: list[RosterRow],
    place: Organisation,
    file_name: str,
    confirmed: frozenset[int],
) -> None:
    """Commit after every chunk: what is done is done, whatever happens then."""
    session, key = db.session, _key()
    kept = service.keep(
        session, sheet, rows, place, by=None, file_name=file_name, key=key
    )
    with _progress(None, len(rows), "Importing") as bar:
        done = 0
        for now_done in taking.take(
            session, kept, by=None, key=key, confirmed=confirmed
        ):
            session.commit()
            bar.update(now_done - done)
            done = now_done
    session.commit()
    events.deliver(session, current_app.extensions["portal_plugins"])


def _progress(rows: Iterable[RosterRow] | None, length: int, label: str) -> Any:
    return click.progressbar(rows, length=length, label=label, file=sys.stderr)


def _numbers(text: str) -> frozenset[int]:
    try:
        return frozenset(int(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise click.BadParameter(
            "Give numbers as 6,11.", param_hint="--confirm"
        ) from None


def _tell(rows: list[RosterRow], *, as_json: bool) -> None:
    if as_json:
        report = results.report(rows, problem_sentence)
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    for row in rows:
        for problem in row.problems:
            status = STATUS_WORDS[row.status]
            sentence = problem_sentence(problem)
            click.echo(
                f"{row.number}\t{row.line}\t{status}\t{problem.column}\t{sentence}"
            )
    numbers = count(rows)
    click.echo(", ".join(f"{name}: {number}" for name, number in numbers.items()))


def _end(rows: list[RosterRow]) -> None:
    sys.exit(0 if all(row.status is RowStatus.ACCEPTED for row in rows) else 1)
