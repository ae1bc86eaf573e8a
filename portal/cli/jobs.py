"""`portal jobs`: what is to be done, what failed, and the worker."""

import logging
import os
import signal

import click
from flask.cli import with_appcontext
from sqlalchemy import case, select

from portal.db import db
from portal.jobs.models import Job, JobState
from portal.jobs.supervision import end_with_parent
from portal.jobs.sweeping import sweep as put_back
from portal.jobs.worker import work as run_worker
from portal.web import this_app

STATES = [state.value for state in JobState]


@click.group()
def jobs() -> None:
    """Show and sweep jobs; run the worker."""


@jobs.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only these.")
@click.option("--limit", default=50, show_default=True, help="At most so many.")
@with_appcontext
def list_jobs(state: str | None, limit: int) -> None:
    """List the jobs, failed ones first.

    Then those that run, wait and are done, each newest first, with what went wrong.
    Exit status: 1 when a job has failed, else 0.
    """
    order = [JobState.FAILED, JobState.RUNNING, JobState.QUEUED, JobState.DONE]
    rank = case({one: number for number, one in enumerate(order)}, value=Job.state)
    found = select(Job).order_by(rank, Job.id.desc()).limit(limit)
    if state is not None:
        found = found.where(Job.state == state)
    rows = db.session.scalars(found).all()
    for row in rows:
        click.echo(line_of(row))
    if not rows:
        click.echo("There are no jobs.")
    failed = select(Job.id).where(Job.state == JobState.FAILED).limit(1)
    raise SystemExit(0 if db.session.scalar(failed) is None else 1)


def line_of(row: Job) -> str:
    """One job in one line: state, number, name, when, how far, what went wrong."""
    steps = f" {row.done}/{row.total}" if row.total else ""
    tries = f", {row.attempts} tries" if row.attempts > 1 else ""
    error = f": {row.error}" if row.error and row.state != JobState.DONE else ""
    due = f"{row.due_at:%Y-%m-%d %H:%M:%S}"
    return f"{row.state:8}{row.id:6}  {row.name}  {due}{steps}{tries}{error}"


@jobs.command()
@with_appcontext
def sweep() -> None:
    """Put back the jobs whose worker was lost.

    A worker does so every few seconds by itself. Exit status: 0.
    """
    count = put_back(db.sessionmaker)
    click.echo(f"{count} lost jobs were put back.")


@jobs.command()
@click.option("--with-parent", is_flag=True, hidden=True)
@with_appcontext
def work(*, with_parent: bool) -> None:
    """Run a worker, until Ctrl-C or SIGTERM. `portal serve` starts its own.

    Exit status: 0.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if with_parent:
        end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    run_worker(this_app())
