"""The reference of the commands and of the settings says what there is."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from portal.cli import COMMANDS, GROUPS, portal
from portal.config import DEFAULTS

DOCS = Path(__file__).parents[2] / "docs" / "reference"


def commands(
    group: click.Group, path: str = "portal"
) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group, with its full name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def documented(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


def test_every_command_is_in_the_reference_and_no_other() -> None:
    headings = re.findall(r"^### `(portal [a-z ]+)", documented("commands.md"), re.M)
    names = [name for name, _ in commands(portal)]

    assert sorted(heading.strip() for heading in headings) == sorted(names)


def test_every_option_is_in_the_reference() -> None:
    text = documented("commands.md")
    sections = {part.split("`")[1]: part for part in text.split("### ")[1:]}
    by_name = {" ".join(k.split(" ")[:3]).strip(): v for k, v in sections.items()}
    for name, command in commands(portal):
        section = next(v for k, v in by_name.items() if k == name or name in v)
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert parameter.opts[0] in section, (name, parameter.opts[0])


def test_every_command_says_what_its_exit_status_means() -> None:
    silent = [
        name
        for name, command in commands(portal)
        if "exit status" not in " ".join((command.help or "").lower().split())
    ]

    assert silent == []


def test_the_table_of_contents_names_every_group_in_one_line() -> None:
    words = {**GROUPS, **COMMANDS}

    assert all(line.endswith(".") and len(line) < 60 for line in words.values())


def test_every_setting_is_in_the_reference_with_its_default_and_no_other() -> None:
    rows = re.findall(
        r"^\| `((?!PORTAL_)[A-Z0-9_]+)` \| `?([^|`]*)`? \|",
        documented("configuration.md"),
        re.M,
    )
    told = {name: default.strip() for name, default in rows}

    assert list(told) == list(DEFAULTS)
    for name, value in DEFAULTS.items():
        assert told[name] == str(value), name
