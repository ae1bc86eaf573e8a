"""`portal db`: the schema of the core and of every plugin."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine, create_engine

from portal.db import db as database
from portal.db import prepare_engine
from portal.plugins import streams
from portal.plugins.manager import PluginManager


@click.group()
def db() -> None:
    """Create, upgrade and check the database; write migrations."""


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


@db.command()
@click.argument("stream")
@click.argument("message")
@with_appcontext
def revise(stream: str, message: str) -> None:
    """Write the next migration of STREAM from what its models changed.

    STREAM is a plugin's name, or core; MESSAGE says what changes and becomes part of
    the file's name. The models are compared with what the migrations up to now make
    of an empty database, which is made for it: yours is not looked at. Read the
    script before you keep it. Exit status: 0 when one is written, else 1.
    """
    plugins = _plugins()
    if stream not in {found.name for found in streams.streams(plugins)}:
        raise click.ClickException(_no_stream(plugins, stream))
    with _empty_database() as engine:
        faults = streams.upgrade(engine, plugins)
        if stream in faults:
            raise click.ClickException(f"{stream}: {faults[stream].reason}")
        if stream not in streams.check(engine, plugins):
            raise click.ClickException(
                f"The models of {stream} are what its migrations make already."
            )
        path = streams.revise(engine, plugins, stream, message)
    click.echo(f"{path} is written. Read it, then run: portal db upgrade")


def _no_stream(plugins: PluginManager, name: str) -> str:
    found = plugins.plugins.get(name)
    if found is None:
        return f"No plugin {name} is installed."
    if found.fault is not None:
        return f"{name} is quarantined: {found.fault.reason}"
    return f"{name} has no tables: no activity type of it has a base."


@contextmanager
def _empty_database() -> Iterator[Engine]:
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/empty.sqlite3")
        prepare_engine(engine)
        try:
            yield engine
        finally:
            engine.dispose()
