"""`portal themes`: which themes there are, and whether they hold what they promise."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.theming import installed, own_tokens
from portal.theming.checking import Ground, check
from portal.theming.folders import DEFAULT
from portal.theming.sheets import read_sheet


@click.group()
def themes() -> None:
    """List themes and check them."""


@themes.command("list")
@with_appcontext
def list_() -> None:
    """List the installed themes: key, name, the theme each is based on.

    They lie in THEMES_DIR, each in a folder named by its key. One that cannot be
    read is not among them; `portal themes check` says why. Exit status: 0.
    """
    click.echo(f"{DEFAULT:16} the portal's own look")
    for theme in installed().values():
        names = " / ".join(theme.names.values()) or theme.key
        click.echo(f"{theme.key:16} {names}, based on {theme.parent}")


@themes.command("check")
@click.argument("name", required=False)
@with_appcontext
def check_(name: str | None) -> None:
    """Check the theme NAME, or all of them.

    Says what is wrong, by file and line: a parent that is missing, a token that there
    is none of, colours that cannot be told apart, a page or block to override that
    is no more, a file that is not there. Exit status: 0 when nothing is wrong, else 1.
    """
    folders = _folders(Path(current_app.config["THEMES_DIR"]), name)
    ground = _ground()
    wrong = 0
    for folder in folders:
        problems = check(folder, ground)
        wrong += len(problems)
        for problem in problems:
            click.echo(str(problem))
        if not problems:
            click.echo(f"{folder.name}: nothing is wrong.")
    raise SystemExit(1 if wrong else 0)


def _folders(place: Path, name: str | None) -> list[Path]:
    found = sorted(path for path in place.glob("*") if path.is_dir())
    if name is None:
        if not found:
            raise click.ClickException(f"There is no theme in {place}.")
        return found
    if name not in {path.name for path in found}:
        raise click.ClickException(f"There is no folder {name} in {place}.")
    return [place / name]


def _ground() -> Ground:
    app = current_app
    loader = app.jinja_env.loader
    assert loader is not None
    return Ground(
        installed(),
        read_sheet(own_tokens().read_text("utf-8")),
        app.jinja_env,
        loader,
    )
