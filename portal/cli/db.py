"""`portal db`: the schema of the core and of every plugin."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.db import db as database
from portal.plugins import streams
from portal.plugins.manager import PluginManager


@click.group()
def db() -> None:
    """Create, upgrade and check the database."""


def _plugins() -> PluginManager:
    found: PluginManager = current_app.extensions["portal_plugins"]
    return found


@db.command()
@with_appcontext
def upgrade() -> None:
    """Bring the database up to the code.

    The core's tables first, then each plugin's; one that fails is left as it was and
    quarantined. Exit status: 0 when all are up to date, else 1.
    """
    faults = streams.upgrade(database.engine, _plugins())
    for name, fault in faults.items():
        click.echo(f"{name}: {fault.reason}", err=True)
    click.echo("The database is up to date." if not faults else "Some plugins failed.")
    sys.exit(1 if faults else 0)


@db.command()
@with_appcontext
def check() -> None:
    """Compare the tables with the models.

    Exit status: 0 when they agree, 1 on any difference, which is printed.
    """
    differences = streams.check(database.engine, _plugins())
    for name, found in differences.items():
        for line in found:
            click.echo(f"{name}: {line}")
    found_any = any(differences.values())
    click.echo("Differences found." if found_any else "No drift anywhere.")
    sys.exit(1 if found_any else 0)
