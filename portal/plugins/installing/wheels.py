"""A wheel, made of whatever was given: a folder, a source distribution, or a wheel.

Folders are copied first, so that building leaves nothing in the author's folder and
nothing of an earlier build comes along. Building needs no network: it happens with the
build tools of the portal's own environment, without isolation.
"""

import shutil
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from portal.errors import Invalid
from portal.plugins.installing.processes import last_line, run

LEFT_BEHIND = shutil.ignore_patterns(
    ".*", "__pycache__", "*.egg-info", "build", "dist", "node_modules", "venv"
)
SOURCES = (".tar.gz", ".tgz", ".zip")
DESCRIPTIONS = ("pyproject.toml", "setup.cfg", "setup.py")
OLD_WAY = {
    "requires": ["setuptools"],
    "build-backend": "setuptools.build_meta:__legacy__",
}
"""What holds where there is no pyproject.toml (PEP 517)."""

BUILD = """
import importlib, sys
module, _, rest = sys.argv[1].partition(":")
backend = importlib.import_module(module)
for name in filter(None, rest.split(".")):
    backend = getattr(backend, name)
backend.build_wheel(sys.argv[2])
"""


def wheel_of(given: Path, scratch: Path) -> Path:
    """The wheel of what was given; what has to be written lies in `scratch`.

    Raises:
        Invalid: "nothing_there", "no_plugin_folder", "bad_archive",
            "build_tool_missing", "build_failed".
    """
    if not given.exists():
        raise Invalid("nothing_there", path=str(given))
    if given.is_dir():
        return _built(_copied(given, scratch), scratch)
    if given.suffix == ".whl" and zipfile.is_zipfile(given):
        return given
    if given.name.endswith(SOURCES):
        return _built(_unpacked(given, scratch), scratch)
    raise Invalid("bad_archive", path=str(given))


def _copied(folder: Path, scratch: Path) -> Path:
    if not any((folder / name).is_file() for name in DESCRIPTIONS):
        raise Invalid("no_plugin_folder", path=str(folder))
    copy = scratch / "source"
    shutil.copytree(folder, copy, ignore=LEFT_BEHIND, ignore_dangling_symlinks=True)
    return copy


def _unpacked(archive: Path, scratch: Path) -> Path:
    folder = scratch / "unpacked"
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as zipped:
                zipped.extractall(folder)  # noqa: S202 - no tar; zipfile keeps within
        else:
            with tarfile.open(archive) as tarred:
                tarred.extractall(folder, filter="data")
    except (OSError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise Invalid("bad_archive", path=str(archive)) from error
    inside = [path for path in folder.iterdir() if path.is_dir()]
    return _copied(inside[0] if len(inside) == 1 else folder, scratch)


def _built(source: Path, scratch: Path) -> Path:
    system = _build_system(source)
    for line in system["requires"]:
        if not is_met(line):
            raise Invalid("build_tool_missing", requirement=line)
    out = scratch / "wheel"
    out.mkdir()
    backend = system.get("build-backend", OLD_WAY["build-backend"])
    ran = run(sys.executable, "-P", "-c", BUILD, backend, out, folder=source)
    made = list(out.glob("*.whl"))
    if ran.returncode or not made:
        raise Invalid("build_failed", reason=last_line(ran.stderr or ran.stdout))
    return made[0]


def _build_system(source: Path) -> Mapping[str, Any]:
    path = source / "pyproject.toml"
    try:
        text = path.read_text("utf-8") if path.is_file() else ""
        system: Mapping[str, Any] = tomllib.loads(text).get("build-system", OLD_WAY)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid("build_failed", reason=f"pyproject.toml: {error}") from error
    return system


def is_met(line: str) -> bool:
    """Whether this environment has what a requirement asks for."""
    wanted = Requirement(line)
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
        return True
    try:
        here = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return False
    return wanted.specifier.contains(here, prereleases=True)
