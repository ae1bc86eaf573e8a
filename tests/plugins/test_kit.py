"""The conformance kit, tried on plugins of which we know what is wrong with them."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from portal.testing import reading_html, sources, unfit
from portal.testing.running import check_of, run_kit

SECOND_TIME = (
    *("bare", "group_leader", "workshop_leader", "officer", "ninety_others"),
    *("other_pages", "page_of_the_settings", "another_county", "outsiders"),
    *("two_windows", "twice_is_one", "method_that_raises"),
)
"""What is left out with fourteen plugins: the same checks, as other people."""

FIT = (
    "attendance",
    "cases",
    "discussion",
    "material",
    "peer_review",
    "quiz",
    "reading",
)
"""What is tried elsewhere, and as fit as the journal."""


def install(plugins: Iterable[unfit.Unfit], folder: Path) -> Path:
    for plugin in plugins:
        unfit.write(plugin, folder)
    return folder


def test_a_plugin_with_everything_passes_on_every_database(
    tmp_path: Path, database: str
) -> None:
    install([unfit.FIT], tmp_path)

    found = run_kit(tmp_path, "--activity-type", "fit", "--database", database)

    assert found == {"fit": set(), "": set()}


def test_each_unfit_plugin_fails_its_own_check_and_no_other(tmp_path: Path) -> None:
    install(unfit.UNFIT, tmp_path)
    quick = f"not ({' or '.join([*SECOND_TIME, *FIT])})"

    found = run_kit(tmp_path, "-k", quick, "--database", "sqlite")

    unfit_ones = {one.name for one in unfit.UNFIT}
    assert {name: found[name] for name in found if name in unfit_ones} == {
        one.name: {one.check} for one in unfit.UNFIT if one.name != "asks_each"
    } | {"asks_each": set()}
    assert not found["journal"]


def test_a_page_that_asks_for_each_person_is_caught_by_a_crowd(tmp_path: Path) -> None:
    install([one for one in unfit.UNFIT if one.name == "asks_each"], tmp_path)

    found = run_kit(tmp_path, "-k", "ninety and asks_each", "--database", "sqlite")

    assert found == {"asks_each": {"k05"}}


def test_there_is_an_unfit_plugin_for_each_check_of_the_kit() -> None:
    folder = Path(unfit.__file__).parent
    checks = {check_of(path.stem) for path in folder.glob("test_k*.py")}

    assert {one.check for one in unfit.UNFIT} == checks


def test_an_unknown_activity_type_is_said_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--pyargs", "portal.testing"),
            *("-p", "no:cacheprovider", "--activity-type", "no_such"),
        ],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode != 0
    assert "No installed plugin has a type 'no_such'" in done.stdout + done.stderr


# What the checks can tell


@pytest.mark.parametrize(
    ("part", "complaint"),
    [
        ("<p>好</p>", ""),
        ("<p><div>x</div></p>", "invalid HTML"),
        ('<input name="a">', "no label"),
        ('<label for="a">甲</label><input id="a" name="a">', ""),
        ('<label>甲 <input name="a"></label>', ""),
        ('<input name="a" aria-label="甲">', ""),
        ('<input type="hidden" name="a">', ""),
        ('<p style="color: red">x</p>', "inline style"),
        ('<p onclick="x()">x</p>', "inline onclick"),
        ("<script>x()</script>", "inline script"),
        ('<script src="/static/x.js"></script>', ""),
        ('<script type="application/json">{"a": 1}</script>', ""),
        ('<script type="application/json">{a}</script>', "not JSON"),
        ('<a href="javascript:x()">x</a>', "script in href"),
        ('<p id="a">x</p><p id="a">y</p>', "two things have the id"),
    ],
)
def test_a_page_is_told_what_is_wrong_with_it(part: str, complaint: str) -> None:
    page = f"<!doctype html><html><head><title>x</title></head><body>{part}"

    found = reading_html.faults(f"{page}</body></html>")

    assert bool(found) is bool(complaint)
    assert all(complaint in fault for fault in found)


def test_what_a_browser_sends_is_read_off_the_controls() -> None:
    page = """
    <input name="a" value="1"><input type="checkbox" name="b" value="x" checked>
    <input type="checkbox" name="b" value="y"><input type="radio" name="c" value="z">
    <select name="d"><option value="p">P</option><option value="q">Q</option></select>
    <textarea name="e">\nzwei</textarea><input type="submit" name="f" value="go">
    """

    sent = reading_html.sent_by(page)

    assert sent == {"a": ["1"], "b": ["x"], "d": ["p"], "e": ["zwei"]}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("from portal.api import Grade", False),
        ("from portal import api", False),
        ("import portal.testing.fixtures", False),
        ("import portal_other", False),
        ("from portal.db import db", True),
        ("from portal import db", True),
        ("import portal.users.models", True),
    ],
)
def test_only_the_door_may_be_imported(tmp_path: Path, line: str, fault: bool) -> None:
    (tmp_path / "activity.py").write_text(f"{line}\n", "utf-8")

    assert bool(sources.back_doors(tmp_path)) is fault
