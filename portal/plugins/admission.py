"""What a distribution must be to come in, and why one was turned away.

The checks raise `Refused`; the manager keeps the reason and goes on. None of them
concludes anything from absence: a plugin that is not here is simply not here.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Protocol

import pluggy
from flask import Flask
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from portal.access import undeclared
from portal.activity import ActivityType, Job, is_plugin_name, problems

DISTRIBUTION = "teacher-portal"
GROUP = "portal.plugins"


class FaultCode(StrEnum):
    """Why a plugin is quarantined. The Plugins page has a sentence for each."""

    BAD_NAME = "bad_name"
    UNDECLARED_PORTAL = "undeclared_portal"
    WRONG_PORTAL = "wrong_portal"
    LOAD_FAILED = "load_failed"
    NOT_A_PACKAGE = "not_a_package"
    UNKNOWN_HOOK = "unknown_hook"
    REORDERED_HOOK = "reordered_hook"
    TYPES_FAILED = "types_failed"
    BAD_TYPE = "bad_type"
    BAD_JOB = "bad_job"
    STOLEN_TYPE = "stolen_type"
    UNDECLARED_PAGE = "undeclared_page"
    NEEDS_UPGRADE = "needs_upgrade"


@dataclass(frozen=True)
class Fault:
    """Why a plugin is quarantined: a code for people, a technical reason beside it."""

    code: FaultCode
    reason: str


@dataclass(frozen=True)
class Plugin:
    """An installed distribution with an entry point, admitted or quarantined.

    `fault` is None for an admitted plugin. `module` is None when it could not be
    loaded.
    """

    name: str
    distribution: str = ""
    version: str = ""
    module: ModuleType | None = None
    kinds: tuple[ActivityType, ...] = ()
    jobs: tuple[Job, ...] = ()
    fault: Fault | None = None

    @property
    def folder(self) -> Path | None:
        """Where the package keeps templates, translations and migrations."""
        file = getattr(self.module, "__file__", None)
        return Path(file).parent if file else None


class Distribution(Protocol):
    """What admission reads of `importlib.metadata.Distribution`."""

    @property
    def name(self) -> str:
        """The distribution's name."""

    @property
    def version(self) -> str:
        """Its version."""

    @property
    def requires(self) -> Sequence[str] | None:
        """Its requirements, as written."""


class EntryPoint(Protocol):
    """What admission needs of `importlib.metadata.EntryPoint`."""

    @property
    def name(self) -> str:
        """The plugin's name."""

    @property
    def value(self) -> str:
        """The package, `portal_<name>`."""

    @property
    def dist(self) -> Distribution | None:
        """The distribution it came with."""

    def load(self) -> object:
        """Import the package; anything may happen."""


class Refused(Exception):
    """A plugin may not come in."""

    def __init__(self, code: FaultCode, reason: str) -> None:
        super().__init__(reason)
        self.fault = Fault(code, reason)


def installed() -> Sequence[EntryPoint]:
    """The entry points of every plugin in this environment."""
    return list(importlib.metadata.entry_points(group=GROUP))


def in_order(entry_points: Iterable[EntryPoint]) -> list[EntryPoint]:
    """Sort by name; of two that claim one name, the package of that name is first."""
    return sorted(
        entry_points, key=lambda e: (e.name, e.value != f"portal_{e.name}", e.value)
    )


def check_name(entry_point: EntryPoint, taken: Iterable[str]) -> None:
    """The name is well formed, free, and that of the package."""
    name = entry_point.name
    if not is_plugin_name(name):
        raise Refused(FaultCode.BAD_NAME, f"{name!r} is not a name for a plugin")
    if name in taken:
        raise Refused(FaultCode.BAD_NAME, f"another distribution is called {name!r}")


def check_requirement(distribution: Distribution | None, version: str) -> None:
    """The distribution says which portal it wants, and this one will do."""
    for line in (distribution and distribution.requires) or ():
        try:
            wanted = Requirement(line)
        except InvalidRequirement as error:
            raise Refused(FaultCode.WRONG_PORTAL, f"{line!r}: {error}") from error
        extra = wanted.marker is not None and not wanted.marker.evaluate({"extra": ""})
        if extra or canonicalize_name(wanted.name) != DISTRIBUTION:
            continue
        if not wanted.specifier.contains(version, prereleases=True):
            reason = f"it wants {wanted}, this is {version}"
            raise Refused(FaultCode.WRONG_PORTAL, reason)
        return
    reason = f"its metadata does not require {DISTRIBUTION}"
    raise Refused(FaultCode.UNDECLARED_PORTAL, reason)


def load(entry_point: EntryPoint) -> ModuleType:
    """Import the package and see that it is the one its name promises."""
    module = entry_point.load()
    package = f"portal_{entry_point.name}"
    if not isinstance(module, ModuleType) or module.__name__ != package:
        reason = f"the entry point must name the package {package!r}, not {module!r}"
        raise Refused(FaultCode.NOT_A_PACKAGE, reason)
    return module


def check_hooks(implementations: Iterable[pluggy.HookImpl]) -> None:
    """No implementation changes its place among the others or wraps them."""
    for found in implementations:
        if found.wrapper or found.hookwrapper or found.tryfirst or found.trylast:
            reason = f"{found.function.__name__} is a wrapper or asks for a place"
            raise Refused(FaultCode.REORDERED_HOOK, reason)


def check_kinds(
    kinds: Sequence[ActivityType], plugin: str, taken: Mapping[str, object]
) -> None:
    """The activity types are whole, the plugin's own, and their pages declared."""
    for number, kind in enumerate(kinds):
        if found := "; ".join(problems(kind, plugin)):
            raise Refused(FaultCode.BAD_TYPE, found)
        if kind.name in taken or kind.name in {k.name for k in kinds[:number]}:
            reason = f"there is a type {kind.name!r} already"
            raise Refused(FaultCode.STOLEN_TYPE, reason)
        if pages := undeclared_pages(kind):
            reason = f"pages without a permission: {', '.join(pages)}"
            raise Refused(FaultCode.UNDECLARED_PAGE, reason)


def check_jobs(jobs: Sequence[Job]) -> None:
    """The jobs are jobs, and each has a name of its own."""
    names = set()
    for job in jobs:
        if not isinstance(job, Job):
            raise Refused(FaultCode.BAD_JOB, f"{job!r} is not a Job")
        if not is_plugin_name(job.name) or job.name in names:
            reason = f"{job.name!r} is not a name of its own for a job"
            raise Refused(FaultCode.BAD_JOB, reason)
        names.add(job.name)


def undeclared_pages(kind: ActivityType) -> list[str]:
    """The endpoints of the type's blueprint that say of nobody that they may come."""
    if kind.blueprint is None:
        return []
    scratch = Flask(__name__, static_folder=None)
    scratch.register_blueprint(kind.blueprint)
    return undeclared(scratch)
