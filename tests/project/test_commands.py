"""manage.py: what the two commands do before anything is installed."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

import manage


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own for manage.py."""
    monkeypatch.setattr(manage, "ROOT", tmp_path)
    monkeypatch.setattr(manage, "VENV", tmp_path / ".venv")
    monkeypatch.delenv("PORTAL_INSTANCE", raising=False)
    (tmp_path / ".venv").mkdir()
    return tmp_path


def settings(root: Path) -> dict[str, str]:
    return runpy.run_path(str(root / "instance" / "portal.cfg"))


def test_the_secrets_are_for_the_eyes_of_the_owner_alone(root: Path) -> None:
    manage.write_configuration()

    assert (root / "instance" / "portal.cfg").stat().st_mode & 0o777 == 0o600


def test_the_secrets_are_written_once(root: Path) -> None:
    manage.write_configuration()
    first = settings(root)
    manage.write_configuration()

    assert settings(root)["SECRET_KEY"] == first["SECRET_KEY"]


def test_the_secrets_go_where_the_portal_looks_for_them(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_INSTANCE", str(root / "elsewhere"))
    manage.write_configuration()

    assert (root / "elsewhere" / "portal.cfg").exists()


def test_two_installations_share_no_secret(root: Path) -> None:
    manage.write_configuration()
    first = settings(root)
    (root / "instance" / "portal.cfg").unlink()
    manage.write_configuration()
    second = settings(root)

    names = {"SECRET_KEY", "ID_NUMBER_KEY", "CODE_PEPPER"}
    assert {name for name in names if first[name] != second[name]} == names


def test_the_key_of_the_id_numbers_encrypts(root: Path) -> None:
    manage.write_configuration()
    box = Fernet(settings(root)["ID_NUMBER_KEY"])

    assert box.decrypt(box.encrypt(b"999001")) == b"999001"


def test_a_step_is_done_again_only_when_an_input_changed(root: Path) -> None:
    done: list[str] = []
    source = root / "source"
    for words in ("one", "one", "two"):
        source.write_text(words)
        manage.step("Building", [source], lambda: done.append("done"), makes=source)

    assert len(done) == 2


def test_a_step_is_done_again_when_what_it_made_is_gone(root: Path) -> None:
    product = root / "product"
    for _ in range(2):
        manage.step("Building", [], product.touch, makes=product)
        assert product.exists()
        product.unlink()


def test_a_step_that_failed_is_tried_again(root: Path) -> None:
    def fail() -> None:
        raise subprocess.CalledProcessError(1, ["npm"])

    done: list[str] = []
    with pytest.raises(subprocess.CalledProcessError):
        manage.step("Building", [], fail, makes=root)
    manage.step("Building", [], lambda: done.append("done"), makes=root)

    assert done


def test_uv_hears_what_pip_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = (
        ":env:.cert='/company.pem'\n"
        "global.extra-index-url='\\nfile:///one\\nfile:///two'\n"
        "global.cert='/old.pem'\n"
        "global.timeout='180'\n"
    )
    monkeypatch.setattr(
        subprocess,
        "run",
        lambda command, **_: subprocess.CompletedProcess(command, 0, listed),
    )

    assert manage.settings_of_pip() == {
        "SSL_CERT_FILE": "/company.pem",
        "UV_COMPILE_BYTECODE": "1",
        "UV_INDEX": "file:///one file:///two",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_a_missing_venv_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(SystemExit, match=r"apt install python3\.\d+-venv"):
        manage.make_environment()


def test_an_unknown_argument_is_refused_before_anything_is_done() -> None:
    command = [sys.executable, manage.__file__, "run", "--prot", "8080"]
    ended = subprocess.run(command, capture_output=True, text=True)

    assert ended.returncode == 2
    assert "--prot 8080" in ended.stderr
