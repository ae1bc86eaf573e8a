"""What is said of something that is no plugin for this portal, before it comes in."""

import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.errors import Conflict, Invalid
from portal.plugins.admission import FaultCode, Refused
from portal.plugins.installing import steps, trials
from portal.plugins.installing.words import KIT_WORDS
from portal.plugins.scaffolding import write_plugin
from portal.testing import running
from portal.testing.running import Tried

pytestmark = pytest.mark.one_database

Change = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plugin's folder as `portal plugins new` writes it."""
    write_plugin("reading_log", tmp_path / "mine", title="读书记录")
    return tmp_path / "mine"


@pytest.fixture
def change(folder: Path) -> Change:
    """`change("setup.cfg", old, new)` in the plugin's folder, which it returns."""

    def write(name: str, old: str, new: str) -> Path:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        return folder

    return write


def refusal(given: Path) -> str:
    """The code by which it is refused."""
    with pytest.raises((Invalid, Conflict)) as raised, steps.examined(given):
        pass
    return raised.value.code


def test_a_folder_is_examined_and_left_as_it_was(folder: Path) -> None:
    before = sorted(path.name for path in folder.rglob("*"))

    with steps.examined(folder) as candidate:
        laid_out = candidate.folder
        assert (candidate.name, candidate.version) == ("reading_log", "0.1.0")
        assert candidate.distribution == "portal-reading-log"
        assert candidate.replaces == ""
        assert (laid_out / "portal_reading_log/templates/reading_log").is_dir()

    assert sorted(path.name for path in folder.rglob("*")) == before
    assert not laid_out.exists()


def test_a_wheel_and_a_source_distribution_are_as_good(
    folder: Path, tmp_path: Path
) -> None:
    source = tmp_path / "portal_reading_log-0.1.0.tar.gz"
    with tarfile.open(source, "w:gz") as archive:
        archive.add(folder, "portal_reading_log-0.1.0")

    with steps.examined(source) as candidate:
        wheel = Path(shutil.copy(candidate.wheel, tmp_path))
    with steps.examined(wheel) as candidate:
        assert candidate.name == "reading_log"


def test_what_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere") == "nothing_there"


def test_a_folder_that_is_none_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("x", "utf-8")

    assert refusal(tmp_path / "notes") == "no_plugin_folder"


@pytest.mark.parametrize("name", ["a.whl", "a.tar.gz", "a.zip", "a.docx"])
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"not what it says")

    assert refusal(tmp_path / name) == "bad_archive"


def test_an_archive_without_packaging_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        archive.writestr("portal_x/__init__.py", "")

    assert refusal(tmp_path / "a.whl") == "bad_archive"


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("setup.cfg", "portal.plugins =", "other.plugins =", "no_entry_point"),
        (
            "setup.cfg",
            "    reading_log = portal_reading_log",
            "    reading_log = portal_reading_log\n    other = portal_other",
            "several_entry_points",
        ),
        ("setup.cfg", "= portal_reading_log\n", "= reading_log\n", "no_package"),
        ("setup.cfg", ",<1", ",<1\n    surely-not-here>=3", "packages_missing"),
        ("setup.cfg", "[metadata]", "[metadata", "build_failed"),
        ("pyproject.toml", "requires", "requires ==", "build_failed"),
        ("pyproject.toml", "setuptools>=80", "surely-not-here", "build_tool_missing"),
    ],
)
def test_bad_packaging_is_named(
    change: Change, name: str, old: str, new: str, code: str
) -> None:
    if code == "no_package":
        old, new = f"reading_log {old}", f"reading_log {new}"

    assert refusal(change(name, old, new)) == code


def test_the_name_of_another_distributions_plugin_is_taken(tmp_path: Path) -> None:
    write_plugin("journal", tmp_path / "mine", title="周记")
    setup = tmp_path / "mine" / "setup.cfg"
    words = setup.read_text("utf-8").replace("name = portal-journal", "name = ours")
    setup.write_text(words, "utf-8")

    assert refusal(tmp_path / "mine") == "plugin_taken"


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("setup.cfg", ">=0.1,<1", ">=7,<8", FaultCode.WRONG_PORTAL),
        ("setup.cfg", "teacher-portal>=0.1,<1", "flask", FaultCode.UNDECLARED_PORTAL),
        ("setup.cfg", "reading_log = portal", "Log = portal", FaultCode.BAD_NAME),
        (
            "portal_reading_log/activity.py",
            "import TextAreaField",
            "import NoSuchField",
            FaultCode.LOAD_FAILED,
        ),
        (
            "portal_reading_log/activity.py",
            'name = "reading_log"',
            'name = "journal"',
            FaultCode.BAD_TYPE,
        ),
    ],
)
def test_what_the_portal_would_turn_away_does_not_come_in(
    change: Change, name: str, old: str, new: str, code: FaultCode
) -> None:
    with pytest.raises(Refused) as raised, steps.examined(change(name, old, new)):
        pass

    assert raised.value.fault.code is code
    assert raised.value.fault.reason


def test_the_kits_complaints_are_those_of_the_plugin(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        Tried("reading_log", "k02", "the icon is drawn", "no icon"),
        Tried("reading_log", "k03", "it is graded"),
        Tried("", "k14", "the list is whole", "not so"),
    ]
    monkeypatch.setattr(trials, "tried", lambda *_: iter(found))

    with steps.examined(folder) as candidate:
        assert trials.try_kit(candidate) == found[:1]


def test_a_kit_that_could_not_run_is_no_pass(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = [Tried("", "conftest", "", "ImportError: x")]
    monkeypatch.setattr(trials, "tried", lambda *_: iter(nothing))

    with (
        steps.examined(folder) as candidate,
        pytest.raises(Invalid, match="ImportError: x"),
    ):
        trials.try_kit(candidate)


def test_every_check_of_the_kit_has_its_words() -> None:
    checks = Path(running.__file__).parent.glob("test_k*.py")

    assert set(KIT_WORDS) == {running.check_of(path.stem) for path in checks}
