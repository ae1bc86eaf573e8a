"""`portal doctor`: everything that can be unwell, looked over in one go."""

from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cli.counties import counties
from portal.cli.plugins import states
from portal.db import db, only_reading, set_tenant
from portal.health import checks
from portal.health.checks import Finding
from portal.jobs.models import Job, JobState
from portal.organisations.queries import root
from portal.plugins import streams
from portal.plugins.manager import PluginManager, PluginState


@click.command()
@with_appcontext
def doctor() -> None:
    """Look the whole installation over.

    Settings, database, drift, plugins, storage, jobs and clock. Prints a line for
    each thing, those that are unwell marked `BAD`. Exit status: 0 when all is well,
    else 1.
    """
    unwell = 0
    with only_reading():
        for finding in look():
            unwell += not finding.well
            mark = "ok " if finding.well else "BAD"
            click.echo(f"{mark}  {finding.name:18} {finding.detail}")
    click.echo("All is well." if not unwell else f"{unwell} things are not well.")
    raise SystemExit(1 if unwell else 0)


def look() -> Iterator[Finding]:
    """Everything, in an order in which what depends on another comes after it."""
    app, engine = current_app, db.engine
    plugins: PluginManager = app.extensions["portal_plugins"]
    yield from checks.settings(app.config, debug=app.debug)
    answers = checks.database(engine)
    yield answers
    if answers.well:
        yield from checks.durability(engine)
        schema = checks.schema(engine, plugins)
        yield schema
        if schema.well:
            yield drift(plugins)
            yield from plugin_findings(db.session, plugins)
            with engine.connect() as connection:
                yield checks.jobs(connection)
            yield failed_jobs(db.session)
        yield checks.time_of_day(engine)
    yield checks.uploads(app.config["UPLOADS_URL"])
    yield checks.disk(Path(app.instance_path), app.config["UPLOADS_URL"])


def drift(plugins: PluginManager) -> Finding:
    """Whether the tables are those of the models."""
    found = streams.check(db.engine, plugins)
    lines = [f"{name}: {line}" for name, lines in found.items() for line in lines]
    return Finding("drift", not lines, "; ".join(lines) or "none")


def plugin_findings(session: Session, plugins: PluginManager) -> Iterator[Finding]:
    """Every plugin with its state in each county, where there are counties."""
    bad = {PluginState.QUARANTINED, PluginState.MISSING}
    for county in counties(session):
        set_tenant(session, county.id)
        for line in states(session, plugins, root(session)):
            words = " ".join(filter(None, (line.state, line.version, line.reason)))
            detail = f"{words} in {county.code}"
            yield Finding(f"plugin {line.name}", line.state not in bad, detail)
    if not counties(session):
        for line in states(session, plugins, None):
            well = line.state not in bad
            yield Finding(f"plugin {line.name}", well, line.reason or "installed")


def failed_jobs(session: Session) -> Finding:
    """Jobs that were given up; `portal jobs list` says why."""
    failed = select(func.count(Job.id)).where(Job.state == JobState.FAILED)
    count = session.scalar(failed) or 0
    return Finding("failed jobs", not count, f"{count}")
