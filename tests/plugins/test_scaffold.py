"""`portal plugins new`: what it writes, and that it writes all of it or nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.errors import Conflict, Invalid
from portal.plugins.scaffolding import write_plugin


def test_the_smallest_plugin_has_at_most_eighty_lines_in_all(tmp_path: Path) -> None:
    files = write_plugin("reading_log", tmp_path / "new", title="读书记录")

    lines = [line for path in files for line in path.read_text("utf-8").splitlines()]
    assert len(lines) <= 80
    assert {path.relative_to(tmp_path / "new").as_posix() for path in files} == {
        "setup.cfg",
        "pyproject.toml",
        "portal_reading_log/__init__.py",
        "portal_reading_log/activity.py",
        "portal_reading_log/templates/reading_log/view.html",
    }


@pytest.mark.parametrize("name", ["form", "activity_type", "a", "class"])
def test_whatever_its_name_it_is_in_good_order(tmp_path: Path, name: str) -> None:
    write_plugin(name, tmp_path / "new", title="It's $name, 读书")

    for check in (("check",), ("format", "--check")):
        ran = subprocess.run(
            [sys.executable, "-m", "ruff", *check, "--isolated", "--no-cache", "."],
            cwd=tmp_path / "new",
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("name", ["", "Reading", "reading-log", "9lives", "_a", "a__b"])
def test_a_name_that_cannot_be_is_refused_and_nothing_written(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(Invalid, match="bad_plugin_name"):
        write_plugin(name, tmp_path / "new", title="读书")

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("title", ["", " ", '"', "a\nb", "\\", "{{ 7 }}", "长" * 41])
def test_a_title_that_would_break_the_files_is_refused(
    tmp_path: Path, title: str
) -> None:
    with pytest.raises(Invalid, match="bad_plugin_title"):
        write_plugin("reading", tmp_path / "new", title=title)

    assert not list(tmp_path.iterdir())


def test_a_folder_with_something_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")

    with pytest.raises(Conflict, match="folder_not_empty"):
        write_plugin("reading", tmp_path, title="读书")

    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()

    assert write_plugin("reading", folder, title="读书")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_where_it_would_lie_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no_folder"):
        write_plugin("reading", tmp_path / "no" / "where", title="读书")
