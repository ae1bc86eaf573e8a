"""`portal serve`: the web server and, beside it, the workers that run the jobs."""

import json
import logging
import os
import signal
from pathlib import Path
from socket import AddressFamily, socket
from socket import create_server as create_socket
from threading import Timer
from types import FrameType
from typing import Any, NoReturn

import click
from flask import Flask
from flask.cli import with_appcontext
from waitress.server import create_server

from portal.config import DEFAULTS
from portal.db import db
from portal.health import checks
from portal.jobs.supervision import Workers
from portal.plugins import streams
from portal.web import this_app

THREADS = 8
CONNECTIONS = 5000
"""Slow clients wait in a buffer and hold no thread: 200 of them were not felt."""

FORWARDED = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}

GRACE = 1.8
"""Seconds from the signal to the end, whatever hangs."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen there.")
@click.option("--port", default=8000, show_default=True, help="Listen on that port.")
@with_appcontext
def serve(host: str, port: int) -> None:
    """Serve the portal and run its jobs.

    Until Ctrl-C or SIGTERM, which leave nothing running. Exit status: 0 when it was
    asked to end; 1 when it may not start, with the reason: unsafe settings, a database
    that is behind the code, a port that is taken.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = this_app()
    refuse_unsafe(app)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if app.config["BASE_URL"] == DEFAULTS["BASE_URL"]:
        app.config["BASE_URL"] = f"http://127.0.0.1:{port}"
    server = make_server(app, listen(host, port))
    workers = Workers(
        app.config["JOB_WORKERS"],
        {
            "PORTAL_INSTANCE": app.instance_path,
            "PORTAL_BASE_URL": app.config["BASE_URL"],
        },
    )
    end_on_signals(workers)
    workers.start()
    announce(app, address)
    server.run()
    workers.end()
    workers.wait()


def refuse_unsafe(app: Flask) -> None:
    """Refuse settings and a database that would lose or betray data (promise P22).

    A plugin whose tables are behind its code is quarantined, and the portal starts.
    """
    refuse(checks.settings(app.config, debug=app.debug))
    refuse([checks.database(db.engine)])
    refuse(checks.durability(db.engine))
    plugins = app.extensions["portal_plugins"]
    if streams.CORE in streams.behind(db.engine, plugins):
        raise click.ClickException(
            "The database is behind the code. Run `portal db upgrade`, then again."
        )
    for name in streams.quarantine_behind(db.engine, plugins):
        click.echo(f"Plugin {name} waits for `portal db upgrade`.", err=True)


def refuse(findings: list[checks.Finding]) -> None:
    """End with what is not as it must be, if anything is."""
    unwell = [f"{found.name}: {found.detail}" for found in findings if not found.well]
    if unwell:
        lines = "\n  ".join(unwell)
        raise click.ClickException(f"The portal does not start like this:\n  {lines}")


def listen(host: str, port: int) -> socket:
    """The address, taken before anything else is started."""
    family = AddressFamily.AF_INET6 if ":" in host else AddressFamily.AF_INET
    try:
        return create_socket((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        raise click.ClickException(f"{host}:{port}: {error}.") from error


def make_server(app: Flask, taken: socket) -> Any:
    """Waitress, at the address that was taken.

    It buffers an upload before the app refuses it politely, so it takes twice what
    the app does. Forwarding headers are believed from the configured proxy only.
    """
    proxy = app.config["TRUSTED_PROXY"]
    headers = {"trusted_proxy": proxy, "trusted_proxy_headers": FORWARDED}
    return create_server(
        app,
        sockets=[taken],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        max_request_body_size=2 * app.config["MAX_CONTENT_LENGTH"],
        ident=None,
        clear_untrusted_proxy_headers=True,
        **(headers if proxy else {}),
    )


def end_on_signals(workers: Workers) -> None:
    """End server and workers on SIGTERM and Ctrl-C, by force after `GRACE` seconds."""

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        last = Timer(GRACE, os._exit, (0,))
        last.daemon = True
        last.start()
        workers.end()
        raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def announce(app: Flask, address: str) -> None:
    """Print where the portal is, and one login for each role of a demonstration."""
    click.echo(f"\nThe portal is at {address} (Ctrl-C ends it).")
    if not (Path(app.static_folder or "") / "dist" / "manifest.json").exists():
        click.echo("The front end is not built: plain style sheet, plain text areas.")
    for line in demonstration_logins(Path(app.instance_path)):
        click.echo(line)


def demonstration_logins(instance: Path) -> list[str]:
    """What `portal demo load` noted: a list of `role`, `username` and `password`."""
    path = instance / "demo-logins.json"
    if not path.exists():
        return []
    logins = json.loads(path.read_text("utf-8"))
    widest = max((len(login["role"]) for login in logins), default=0)
    lines = (
        f"  {login['role']:{widest}}  {login['username']}  {login['password']}"
        for login in logins
    )
    return ["Log in to the demonstration (role, name, password):", *lines]
