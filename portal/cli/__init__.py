"""The `portal` command, also as `flask portal`: its help is a table of contents.

Each group is a module of this package; the groups are listed here and nowhere else.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup, with_appcontext

GROUPS = {
    "db": "Create, upgrade and check the database.",
    "demo": "Load the demonstration county.",
    "jobs": "Show and sweep jobs; run the worker.",
    "plugins": "List plugins and their states.",
    "roster": "Check and import rosters.",
    "schemes": "Check schemes and rebuild score sheets.",
    "tenants": "Set up a county and its first officer.",
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
def portal() -> None:
    """The teacher learning portal."""


def _create(*_args: Any) -> Flask:
    """Make the app of `PORTAL_INSTANCE`, or of the instance folder beside the code."""
    from portal.app import create_app
    from portal.config import UnsafeConfiguration

    instance = os.environ.get("PORTAL_INSTANCE")
    try:
        return create_app(instance_path=instance and str(Path(instance).absolute()))
    except UnsafeConfiguration as error:
        raise click.ClickException(str(error)) from error


def main() -> None:
    """Entry point of the console command `portal`."""

    @click.group(
        cls=FlaskContents, create_app=_create, add_default_commands=False, name="portal"
    )
    def entry() -> None:
        """The teacher learning portal."""

    entry.main(prog_name="portal")


class FlaskContents(Contents, FlaskGroup):
    """The same contents as a command of their own, which makes the app."""

    list_commands = Contents.list_commands

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name."""
        return Contents.get_command(self, ctx, name)


__all__ = ["main", "portal", "with_appcontext"]
