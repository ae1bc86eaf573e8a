"""The environment that the portal runs in: putting a distribution in, and out again.

pip does it where the environment has pip, else uv. Neither is let near an index: what
is installed is a wheel that is here, whose requirements were seen to be met.
"""

import shutil
import sys
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from portal.errors import Invalid
from portal.plugins.installing.processes import last_line, run


def install(wheel: Path) -> None:
    """Install a wheel, in place of whatever version is there.

    Raises:
        Invalid: "install_failed", "no_installer".
    """
    if _has_pip():
        _run(*_pip("install"), "--no-deps", "--no-index", "--force-reinstall", wheel)
    else:
        _run(*_uv("install"), "--no-deps", "--offline", "--reinstall", wheel)


def install_editable(folder: Path) -> None:
    """Install a folder as a link to it, so that a change is there at the next start.

    Raises:
        Invalid: "install_failed", "no_installer".
    """
    alone = ("--no-deps", "--no-build-isolation")
    if _has_pip():
        _run(*_pip("install"), *alone, "--no-index", "--editable", folder)
    else:
        _run(*_uv("install"), *alone, "--offline", "--reinstall", "--editable", folder)


def uninstall(distribution: str) -> None:
    """Take a distribution out.

    Raises:
        Invalid: "install_failed", "no_installer".
    """
    if _has_pip():
        _run(*_pip("uninstall"), "--yes", distribution)
    else:
        _run(*_uv("uninstall"), distribution)


@dataclass(frozen=True)
class Kept:
    """The files of a distribution, copied to be put back."""

    copies: dict[Path, Path]

    def put_back(self) -> None:
        """Lay the files where they were."""
        for place, copy in self.copies.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(copy, place)


def keep(distribution: str, folder: Path) -> Kept:
    """Copy the files of an installed distribution into a folder."""
    copies = {}
    for number, file in enumerate(metadata.distribution(distribution).files or ()):
        place = Path(str(file.locate()))
        if place.is_file():
            copies[place] = folder / str(number)
            shutil.copy2(place, copies[place])
    return Kept(copies)


def _has_pip() -> bool:
    return find_spec("pip") is not None


def _pip(command: str) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "pip", "--disable-pip-version-check"),
        *("--no-input", "--quiet", command),
    )


def _uv(command: str) -> tuple[str, ...]:
    uv = shutil.which("uv")
    if uv is None:
        raise Invalid("no_installer", python=sys.executable)
    return (uv, "--quiet", "pip", command, "--python", sys.executable)


def _run(*command: str | Path) -> None:
    ran = run(*command)
    if ran.returncode:
        raise Invalid("install_failed", reason=last_line(ran.stderr or ran.stdout))
