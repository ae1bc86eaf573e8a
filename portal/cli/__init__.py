"""The `portal` command, also as `flask portal`: its help is a table of contents.

Each group is a module of this package; the groups are listed here and nowhere else.
"""

import sys
from importlib import import_module

import click
from flask import Flask
from flask.cli import ScriptInfo, with_appcontext
from sqlalchemy.exc import DBAPIError

from portal import __version__, create_app
from portal.errors import PortalError

GROUPS = {
    "credits": "Verify the ledger of credits.",
    "db": "Create, upgrade and check the database; write migrations.",
    "demo": "Load the demonstration county.",
    "jobs": "Show and sweep jobs; run the worker.",
    "plugins": "List, write, install and remove plugins.",
    "roster": "Check and import rosters.",
    "scheme": "Check schemes, try them on records, rebuild score sheets.",
    "tenants": "Set up a county and its first officer.",
    "themes": "List themes and check them.",
    "translations": "Extract and check the words.",
}
"""Name of each group and what it is for; `portal.cli.<name>` holds its commands."""

COMMANDS = {
    "doctor": "Look the whole installation over.",
    "serve": "Serve the portal and run its jobs.",
}
"""Commands that stand alone."""


class Contents(click.Group):
    """Loads a group's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command there is, by name."""
        return sorted({**GROUPS, **COMMANDS})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name."""
        if name not in {**GROUPS, **COMMANDS}:
            return None
        module = import_module(f"portal.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Name and purpose of each, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted({**GROUPS, **COMMANDS}.items()))


@click.group(cls=Contents)
@click.version_option(__version__, prog_name="portal")
def portal() -> None:
    """The teacher learning portal.

    `portal COMMAND --help` says what a command does and what its exit status means.
    """


def _create() -> Flask:
    from portal.config import UnsafeConfiguration

    try:
        app: Flask = create_app()
    except UnsafeConfiguration as error:
        raise click.ClickException(str(error)) from error
    return app


def main() -> None:
    """Entry point of the console command `portal`, which makes its own app."""
    try:
        portal.main(prog_name="portal", obj=ScriptInfo(create_app=_create))
    except DBAPIError as error:
        sys.exit(f"Error: the database says: {error.orig}. See `portal doctor`.")
    except PortalError as error:
        sys.exit(f"Error: {error.code} {dict(error.params) or ''}".rstrip())


__all__ = ["main", "portal", "with_appcontext"]
