"""`portal demo`: the demonstration county, so that every page has something to show."""

from datetime import datetime, time
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import with_appcontext

from portal import clock
from portal.activity import ActivityType
from portal.db import db
from portal.demonstration import logins
from portal.demonstration.county import TIME_ZONE
from portal.demonstration.load import (
    FEWEST_TEACHERS,
    MOST_TEACHERS,
    Demand,
    Means,
    is_empty,
    load,
)
from portal.users.passwords import hasher


@click.group()
def demo() -> None:
    """Load the demonstration county."""


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a county.")
@click.option(
    "--teachers",
    type=click.IntRange(FEWEST_TEACHERS, MOST_TEACHERS),
    default=60,
    show_default=True,
    help="How many teachers take part.",
)
@click.option("--seed", default=7, show_default=True, help="Another seed, others.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day in the sixth week at which the demonstration stands.",
)
@with_appcontext
def load_(if_empty: bool, teachers: int, seed: int, today: datetime | None) -> None:
    """Make the county 清溪县 with six weeks of journals that end this week.

    The same seed makes the same county. Exit status: 0 when it is loaded, or when
    there is a county and `--if-empty` is given; else 1.
    """
    if not is_empty(db.session):
        if if_empty:
            click.echo("There is a county already; no demonstration is loaded.")
            return
        raise click.ClickException(
            "There is a county already. The demonstration goes into an empty database."
        )
    started = monotonic()
    demand = Demand(teachers, seed, _present(today))
    loaded = load(db.session, demand, _means())
    db.session.commit()
    path = logins.write(loaded.logins, Path(current_app.instance_path))
    click.echo(
        f"{loaded.workshops} workshops with {loaded.texts} texts in "
        f"{monotonic() - started:.1f} s. Logins are in {path.name}."
    )


def _present(today: datetime | None) -> datetime:
    """The present moment of the demonstration: now, or noon of another day."""
    zone = ZoneInfo(TIME_ZONE)
    now = clock.now().astimezone(zone)
    if today is None or today.date() == now.date():
        return now
    return datetime.combine(today.date(), time(12), zone)


def _means() -> Means:
    config = current_app.config
    return Means(
        journal=_journal(),
        hasher=hasher(config["ARGON2_TIME_COST"], config["ARGON2_MEMORY_KIB"]),
        id_number_key=config["ID_NUMBER_KEY"],
        uploads=config["UPLOADS_URL"],
        say=click.echo,
    )


def _journal() -> ActivityType:
    kind: ActivityType | None = current_app.extensions["portal_plugins"].kinds.get(
        "journal"
    )
    if kind is None:
        raise click.ClickException(
            "The demonstration needs the journal plugin. `portal plugins list` says "
            "what keeps it away."
        )
    return kind
