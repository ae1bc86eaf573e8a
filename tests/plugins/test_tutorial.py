"""The tutorial, followed block by block from an empty folder to a score sheet."""

import importlib.metadata
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.cli import portal
from portal.db import db
from portal.organisations.models import Organisation
from portal.testing import factories
from portal.testing.fixtures import AsUser
from portal.testing.running import run_kit, write_metadata
from portal.users.models import User
from portal.workshops.models import Workshop

pytestmark = pytest.mark.one_database

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ("tutorial/first-plugin.md", "howto/a-plugin-for-a-school.md")


def blocks(heading: str) -> list[tuple[str, str]]:
    """File and content of each block under a heading of the tutorial."""
    text = (DOCS / "tutorial" / "first-plugin.md").read_text("utf-8")
    section = text.partition(f". {heading}\n")[2].partition("\n## ")[0]
    return BLOCK.findall(section)


def commands(page: str) -> list[list[str]]:
    """What a page tells people to type that begins with `portal`, in words."""
    lines = "".join(SHELL.findall((DOCS / page).read_text("utf-8"))).splitlines()
    words = [shlex.split(line.removeprefix(".venv/bin/")) for line in lines]
    return [said[1:] for said in words if said[0] == "portal"]


def follow(folder: Path, app: Flask) -> None:
    """Let the plugin be written, make it one's own, and install the package."""
    first, *_later = commands(PAGES[0])
    words = ["portal", *first, "--into", str(folder)]
    made = app.test_cli_runner().invoke(args=words)
    assert made.exit_code == 0, made.output
    assert not [
        name
        for name, content in blocks("What it wrote")
        if (folder / name).read_text("utf-8") != content
    ]
    for name, content in blocks("Make it yours"):
        (folder / name).write_text(content, "utf-8")
    setup = ConfigParser()
    setup.read(folder / "setup.cfg", "utf-8")
    write_metadata(
        folder,
        "reading_log",
        distribution=setup["metadata"]["name"],
        version=setup["metadata"]["version"],
        requires=setup["options"]["install_requires"].strip(),
    )


@pytest.fixture(scope="module")
def plugin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The author's folder."""
    return tmp_path_factory.mktemp("reading_log")


@pytest.fixture(scope="module")
def shared_app(
    shared_app: Flask, app_config: Any, plugin_folder: Path, tmp_path_factory: Any
) -> Iterator[Flask]:
    """A portal in which the reading log is the only plugin.

    Python looks into the author's folder only after the app of the other tests is
    made, and only while these run.
    """
    follow(plugin_folder, shared_app)
    sys.path.insert(0, str(plugin_folder))
    (found,) = importlib.metadata.distributions(path=[str(plugin_folder)])
    app = create_app(
        app_config,
        instance_path=str(tmp_path_factory.mktemp("instance")),
        entry_points=list(found.entry_points),
    )
    yield app
    sys.path.remove(str(plugin_folder))
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def enabled(session: Session, county: Organisation) -> None:
    factories.enable_plugin(session, county, "reading_log")


def test_the_entry_point_is_the_one_that_the_tutorial_writes(
    plugin_folder: Path, shared_app: Flask
) -> None:
    setup = ConfigParser()
    setup.read(plugin_folder / "setup.cfg", "utf-8")
    written = setup["options.entry_points"]["portal.plugins"].strip()

    plugins = shared_app.extensions["portal_plugins"].plugins

    assert written == "reading_log = portal_reading_log"
    assert list(plugins) == ["reading_log"]
    assert plugins["reading_log"].fault is None


@pytest.mark.usefixtures("enabled")
def test_a_reading_log_is_written_and_counts(
    session: Session,
    workshop: Workshop,
    learner: User,
    activity: Callable[..., Any],
    as_user: AsUser,
) -> None:
    counts = [{"source": "reading_log", "measure": "entries"}]
    steps = [{"do": "price", "unit": 1, "points": 4}]
    title = {"zh": "读书", "en": "Reading"}
    item = {"id": "reading", "title": title, "counts": counts, "steps": steps}
    scheme = {"format": 1, "title": title, "items": [item]}
    workshop.scheme_version_id = factories.make_scheme(session, scheme).id
    log = activity("reading_log")
    session.commit()
    browser = as_user(learner)
    page = f"/activities/{log.id}"

    assert "还没有写读书记录" in browser.get(page).text
    answer = browser.post(
        f"{page}/write/once",
        data={
            "book": "静悄悄的革命",
            "text": "想起自己总是急着让学生说出标准答案。" * 2,
        },
    )

    assert answer.status_code == 303
    assert "静悄悄的革命" in browser.get(page).text
    record = browser.get("/record").text
    assert "读书" in record
    assert log.title in record


def test_the_reading_log_passes_the_kit(tmp_path: Path, shared_app: Flask) -> None:
    follow(tmp_path, shared_app)

    found = run_kit(tmp_path, "--activity-type", "reading_log", "--database", "sqlite")

    assert found == {"reading_log": set(), "": set()}


@pytest.mark.usefixtures("shared_app")
def test_the_tutorial_shows_every_file_that_is_written(plugin_folder: Path) -> None:
    shown = {name for name, _ in blocks("What it wrote")}
    made = {
        path.relative_to(plugin_folder).as_posix()
        for path in plugin_folder.rglob("*")
        if path.is_file() and ".dist-info" not in path.parent.name
    }

    assert shown == {name for name in made if not name.endswith(".pyc")}


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_can_be_given(page: str) -> None:
    said = commands(page)

    assert said
    for words in said:
        command: click.Command = portal
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), words.pop(0))
            assert found is not None
            command = found
        command.make_context(command.name, words)


def test_the_howto_speaks_of_every_check_and_of_no_other() -> None:
    howto = (DOCS / "howto" / "test-a-plugin.md").read_text("utf-8")
    folder = Path(factories.__file__).parent
    checks = {int(p.stem[6:8]) for p in folder.glob("test_k*.py")}

    assert {int(number) for number in re.findall(r"^\| K(\d+) ", howto, re.M)} == checks
