"""The locks and the import rules: what a careless change would loosen."""

import configparser
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
NPM = ROOT / "assets" / "package-lock.json"


def requirements(lock: Path) -> list[str]:
    return re.split(r"\n(?=\S)", lock.read_text().strip())


def names(lock: Path) -> set[str]:
    return {requirement.split()[0] for requirement in requirements(lock)}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host(lock: Path) -> None:
    assert "://" not in lock.read_text()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_every_package_by_its_hash(lock: Path) -> None:
    loose = [
        requirement
        for requirement in requirements(lock)
        if not re.match(r"\S+==\S+ .*--hash=sha256:", requirement, re.DOTALL)
    ]

    assert loose == []


def test_the_tests_run_on_the_packages_that_the_portal_runs_on() -> None:
    run, test = (ROOT / "requirements" / name for name in ("run.txt", "test.txt"))

    assert names(run) <= names(test)


def test_the_lock_of_npm_names_no_registry() -> None:
    packages = json.loads(NPM.read_text())["packages"]
    installed = {name: told for name, told in packages.items() if name}

    assert [name for name, told in installed.items() if "resolved" in told] == []
    assert [name for name, told in installed.items() if "integrity" not in told] == []


def test_every_plugin_stands_under_the_import_rules() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    packages = {
        path.parent.name for path in ROOT.glob("plugins/*/portal_*/__init__.py")
    }
    rules = "importlinter:contract:"

    assert packages <= set(settings["importlinter"]["root_packages"].split())
    assert packages <= set(settings[f"{rules}core"]["forbidden_modules"].split())
    assert packages <= set(settings[f"{rules}plugins"]["source_modules"].split())
