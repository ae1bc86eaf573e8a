"""An installation of its own, and commands run in it as an operator runs them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings of an installation that is fit to be served."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    return ours | {
        "PORTAL_INSTANCE": str(tmp_path_factory.mktemp("县 instance")),
        "PORTAL_SECRET_KEY": "0123456789abcdef",
        "PORTAL_CODE_PEPPER": "0123456789abcdef",
        "PORTAL_ID_NUMBER_KEY": Fernet.generate_key().decode(),
        "PYTHONUTF8": "1",
    }


@pytest.fixture(scope="session")
def upgraded(environment: dict[str, str]) -> Path:
    """The instance folder, its database up to date."""
    run_in(environment, "db", "upgrade").check_returncode()
    return Path(environment["PORTAL_INSTANCE"])


@pytest.fixture(scope="session")
def run(environment: dict[str, str]) -> Run:
    """`run("db", "upgrade", PORTAL_X="…")` runs a command to its end."""

    def run_with(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return run_in(environment | settings, *words)

    return run_with


def run_in(
    environment: dict[str, str], *words: str
) -> subprocess.CompletedProcess[str]:
    """Run `portal` with these words and settings."""
    command = (sys.executable, "-m", "portal", *words)
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60
    )
