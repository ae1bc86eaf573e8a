"""Installing and removing: a failure leaves all as it was, and is said in words."""

import importlib.metadata
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from portal.errors import Invalid, NotFound
from portal.plugins.installing import environment, steps, trials
from portal.plugins.installing.candidates import Candidate
from portal.plugins.scaffolding import write_plugin
from portal.testing.running import Tried, write_metadata
from portal.workshops.models import Activity


class Environment:
    """What pip would have been asked, and a folder that stands for site-packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []

    def install(self, wheel: Path) -> None:
        self.asked.append("install")
        (self.folder / "portal_reading_log").mkdir(exist_ok=True)
        (self.folder / "portal_reading_log" / "__init__.py").write_text("new", "utf-8")

    def install_editable(self, folder: Path) -> None:
        self.asked.append(f"link to {folder.name}")

    def uninstall(self, distribution: str) -> None:
        self.asked.append(f"uninstall {distribution}")
        shutil.rmtree(self.folder / "portal_reading_log", ignore_errors=True)


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """No test changes the environment that it runs in."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    found = Environment(folder)
    for name in ("install", "install_editable", "uninstall"):
        monkeypatch.setattr(environment, name, getattr(found, name))
    return found


@pytest.fixture
def failing_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_upgrade", lambda _name: "no such table: x")


def candidate(folder: Path, replaces: str = "") -> Candidate:
    """A reading log that brings migrations."""
    (folder / "laid_out/portal_reading_log/migrations").mkdir(parents=True)
    return Candidate(
        name="reading_log",
        distribution="portal-reading-log",
        version="0.2.0",
        wheel=folder / "x.whl",
        folder=folder / "laid_out",
        replaces=replaces,
    )


@pytest.mark.usefixtures("failing_migrations")
def test_a_plugin_whose_tables_fail_is_taken_out_again(
    tmp_path: Path, pip: Environment
) -> None:
    with pytest.raises(Invalid, match="no such table: x"):
        steps.put_in(candidate(tmp_path))

    assert pip.asked == ["install", "uninstall portal-reading-log"]
    assert not list(pip.folder.iterdir())


@pytest.mark.usefixtures("failing_migrations")
def test_of_an_update_that_fails_the_version_before_stays(
    tmp_path: Path, pip: Environment
) -> None:
    module = pip.folder / "portal_reading_log" / "__init__.py"
    module.parent.mkdir()
    module.write_text("old", "utf-8")
    write_metadata(
        pip.folder,
        "reading_log",
        distribution="portal-reading-log",
        version="0.1.0",
        requires="teacher-portal>=0.1,<1",
    )
    (info,) = pip.folder.glob("*.dist-info")
    (info / "RECORD").write_text("portal_reading_log/__init__.py,,\n", "utf-8")

    with pytest.raises(Invalid, match="migration_failed"):
        steps.put_in(candidate(tmp_path, replaces="0.1.0"))

    assert module.read_text("utf-8") == "old"
    assert importlib.metadata.version("portal-reading-log") == "0.1.0"


def test_without_migrations_the_database_is_left_alone(
    tmp_path: Path, pip: Environment, failing_migrations: None
) -> None:
    plain = candidate(tmp_path)
    (plain.folder / "portal_reading_log" / "migrations").rmdir()

    steps.put_in(plain, editable=tmp_path)

    assert pip.asked == [f"link to {tmp_path.name}"]


def test_what_is_not_installed_cannot_be_removed(pip: Environment) -> None:
    with pytest.raises(NotFound, match="no_such_plugin"):
        steps.take_out("nothing_such")

    assert pip.asked == []


# What the operator reads


@pytest.fixture
def plugins(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """`plugins("remove", "x")` runs the command at a Chinese terminal."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    def run(*words: str | Path) -> Result:
        session.commit()
        return app.test_cli_runner().invoke(
            args=["portal", "plugins", *map(str, words)]
        )

    return run


def test_what_the_kit_finds_is_said_check_by_check_and_nothing_is_installed(
    plugins: Callable[..., Result],
    pip: Environment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [
        Tried("reading_log", "k05", "the page is valid", "no label\nand more"),
        Tried(
            "reading_log",
            "k02",
            "the icon is drawn",
            "AssertionError: no icon 'unicorn'",
        ),
        Tried("reading_log", "k05", "the page is valid", "no label\nagain"),
    ]
    monkeypatch.setattr(trials, "try_kit", lambda _candidate: found)
    write_plugin("reading_log", tmp_path / "mine", title="读书记录")

    said = plugins("install", tmp_path / "mine")

    assert said.exit_code == 1
    assert "没有通过合格检查，没有安装" in said.output
    complaints = said.output.partition("没有安装：\n")[2].splitlines()
    assert [line.split()[0] for line in complaints] == ["K2", "-", "K5", "-"]
    assert complaints[1] == "  - the icon is drawn: no icon 'unicorn'"
    assert pip.asked == []


def test_what_the_portal_turns_away_is_said_in_a_sentence_with_the_reason(
    plugins: Callable[..., Result], pip: Environment, tmp_path: Path
) -> None:
    write_plugin("reading_log", tmp_path / "mine", title="读书记录")
    setup = tmp_path / "mine" / "setup.cfg"
    setup.write_text(setup.read_text("utf-8").replace("0.1,<1", "7,<8"), "utf-8")

    said = plugins("install", tmp_path / "mine")

    assert said.exit_code == 1
    assert "要求的平台版本与现在的不符。" in said.output
    assert "teacher-portal<8,>=7" in said.output
    assert pip.asked == []


def test_who_removes_a_plugin_hears_how_many_activities_wait_for_it(
    plugins: Callable[..., Result],
    pip: Environment,
    activity: Callable[..., Activity],
) -> None:
    activity("journal")
    activity("journal")

    said = plugins("remove", "journal")

    assert said.exit_code == 0
    assert "2 个活动" in said.output
    assert pip.asked == ["uninstall portal-journal"]


def test_who_removes_what_is_not_there_hears_it(
    plugins: Callable[..., Result], pip: Environment
) -> None:
    said = plugins("remove", "nothing_such")

    assert said.exit_code == 1
    assert "没有安装名为 nothing_such 的插件" in said.output
