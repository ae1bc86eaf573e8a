"""What a wheel says of itself, read before anything of it is run or installed."""

import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement
from packaging.utils import canonicalize_name

from portal import __version__
from portal.errors import Conflict, Invalid
from portal.plugins import admission
from portal.plugins.installing.wheels import is_met


@dataclass(frozen=True)
class Candidate:
    """A plugin that would come in: its wheel, and the folder where it is laid out.

    `replaces` is the version that is installed now, "" when none is.
    """

    name: str
    distribution: str
    version: str
    wheel: Path
    folder: Path
    replaces: str = ""

    @property
    def has_migrations(self) -> bool:
        """Whether it brings tables, or changes them."""
        return (self.folder / f"portal_{self.name}" / "migrations").is_dir()


def read(wheel: Path, folder: Path) -> Candidate:
    """Lay a wheel out in a folder and see that it is a plugin for this portal.

    Raises:
        Invalid: "bad_archive", "no_entry_point", "several_entry_points", "no_package",
            "packages_missing".
        Conflict: "plugin_taken" by another distribution.
        admission.Refused: its name is none, or it wants another portal.
    """
    try:
        with zipfile.ZipFile(wheel) as zipped:
            zipped.extractall(folder)
    except (OSError, zipfile.BadZipFile) as error:
        raise Invalid("bad_archive", path=str(wheel)) from error
    found = list(metadata.distributions(path=[str(folder)]))
    if len(found) != 1:
        raise Invalid("bad_archive", path=str(wheel))
    (dist,) = found
    entry_point = _entry_point(dist)
    _check(entry_point, dist, folder)
    return Candidate(
        name=entry_point.name,
        distribution=dist.name,
        version=dist.version,
        wheel=wheel,
        folder=folder,
        replaces=_installed(entry_point.name, dist.name),
    )


def _entry_point(dist: metadata.Distribution) -> metadata.EntryPoint:
    found = list(dist.entry_points.select(group=admission.GROUP))
    if not found:
        raise Invalid("no_entry_point", distribution=dist.name)
    if len(found) > 1:
        names = ", ".join(sorted(one.name for one in found))
        raise Invalid("several_entry_points", names=names)
    return found[0]


def _check(
    entry_point: metadata.EntryPoint, dist: metadata.Distribution, folder: Path
) -> None:
    admission.check_name(entry_point, ())
    admission.check_requirement(dist, __version__)
    package = f"portal_{entry_point.name}"
    if entry_point.value != package or not (folder / package).is_dir():
        raise Invalid("no_package", package=package, value=entry_point.value)
    try:
        missing = [line for line in dist.requires or () if not is_met(line)]
    except InvalidRequirement as error:
        raise Invalid("bad_requirement", reason=str(error)) from error
    if missing:
        raise Invalid("packages_missing", packages=" ".join(missing))


def _installed(name: str, distribution: str) -> str:
    """The version of this plugin that is installed; no other may have its name."""
    for one in admission.installed():
        if one.name != name or one.dist is None:
            continue
        if canonicalize_name(one.dist.name) != canonicalize_name(distribution):
            raise Conflict("plugin_taken", name=name, distribution=one.dist.name)
        return one.dist.version
    return ""
