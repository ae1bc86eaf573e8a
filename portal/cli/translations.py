"""`portal translations`: collect what is to be said, and see what English lacks.

The source of every sentence is Chinese, so Chinese is complete by construction. The
portal and each plugin have a catalogue of their own.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po
from flask import current_app
from flask.cli import with_appcontext

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_pgettext": DEFAULT_KEYWORDS["pgettext"],
}
LANGUAGE = "en"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
WIDTH = 88


@click.group()
def translations() -> None:
    """Extract and check the words."""


@translations.command()
@with_appcontext
def extract() -> None:
    """Collect the sentences of the code.

    Of the portal and of its plugins: brings each
    translations/en/LC_MESSAGES/messages.po up to the code: new sentences are empty,
    those that are gone are left out. Exit status: 0.
    """
    for folder in folders():
        found, translated = collect(folder), catalogue(folder)
        translated.update(found, no_fuzzy_matching=True, update_creation_date=False)
        _write(_path(folder), translated)
        empty = sum(1 for message in translated if message.id and not _said(message))
        click.echo(f"{folder.name}: {len(found)} sentences, {empty} without English")


@translations.command()
@with_appcontext
def check() -> None:
    """Print what English lacks.

    Every sentence without English, or with other placeholders there. Exit status: 0
    when there is none, else 1.
    """
    found = 0
    for folder in folders():
        for line in lacking(folder):
            click.echo(line)
            found += 1
    click.echo("English is complete." if not found else f"English lacks {found}.")
    raise SystemExit(1 if found else 0)


def folders() -> list[Path]:
    """The portal's package and those of the plugins that work."""
    plugins = current_app.extensions["portal_plugins"].admitted()
    own = [plugin.folder for plugin in plugins if plugin.folder is not None]
    return [Path(current_app.root_path), *own]


def collect(folder: Path) -> Catalog:
    """Every sentence of a package, from its Python and its templates."""
    template = Catalog(charset="utf-8", fuzzy=False)
    for name, line, message, comments, context in extract_from_dir(
        folder, METHODS, OPTIONS, KEYWORDS, ("Translators:",)
    ):
        template.add(
            message,
            None,
            [(name.replace("\\", "/"), line)],
            auto_comments=comments,
            context=context,
        )
    return template


def catalogue(folder: Path) -> Catalog:
    """What English has so far."""
    path = _path(folder)
    if not path.exists():
        return Catalog(locale=LANGUAGE, charset="utf-8", fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale=LANGUAGE)


def lacking(folder: Path) -> Iterator[str]:
    """Where a sentence stands that has no English, or English that does not fit."""
    translated = catalogue(folder)
    for message in collect(folder):
        if not message.id:
            continue
        place = "{}/{}:{}".format(folder.name, *message.locations[0])
        first = message.id if isinstance(message.id, str) else message.id[0]
        said = translated.get(message.id, message.context)
        if said is None or not _said(said) or said.fuzzy:
            yield f"{place}  {first}"
        elif not _fits(message, said):
            yield f"{place}  {first}  (other placeholders in English)"


def _fits(message: Message, said: Message) -> bool:
    """Whether the placeholders are the same; a singular may do without the number."""
    wanted = set(PLACEHOLDER.findall(str(message.id)))
    plural = message.pluralizable
    forms = said.string if isinstance(said.string, tuple | list) else [said.string]
    found = [set(PLACEHOLDER.findall(str(form))) for form in forms]
    return all(one <= wanted if plural else one == wanted for one in found)


def _said(message: Message) -> bool:
    said = message.string
    return all(said) if isinstance(said, tuple | list) else bool(said)


def _path(folder: Path) -> Path:
    return folder / "translations" / LANGUAGE / "LC_MESSAGES" / "messages.po"


def _write(path: Path, messages: Catalog) -> None:
    """Write a catalogue so that only its sentences change between two writings."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(
            stream,
            messages,
            width=WIDTH,
            sort_by_file=True,
            include_lineno=False,
            ignore_obsolete=True,
        )
