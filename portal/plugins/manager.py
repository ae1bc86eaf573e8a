"""Finds plugins, admits them one by one, and calls their code under one guard.

A plugin can break only itself. At start-up a faulty one is quarantined with its
reason; later every piece of plugin code — a hook, a view, a grade, a template — runs
inside `PluginManager.guarded`. pluggy's own call stops at the first exception, so
`pm.hook.x()` is never used: implementations are called one by one (architecture §5).
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import click
import pluggy
from sqlalchemy.orm import Session, SessionTransaction

from portal import __version__, hookspecs
from portal.activity import ActivityType
from portal.events import Event
from portal.plugins import admission
from portal.plugins.admission import EntryPoint, Fault, FaultCode, Plugin, Refused

logger = logging.getLogger(__name__)

FAULTS = (Exception, SystemExit)
"""What plugin code may throw at us; a keyboard interrupt is the operator's."""

Enabled = Callable[[str], bool]
"""Says of a plugin's name whether it is enabled in the organisation concerned."""


class PluginState(StrEnum):
    """The four states of a plugin in an organisation (architecture §4)."""

    ENABLED = "enabled"
    PAUSED = "paused"
    QUARANTINED = "quarantined"
    MISSING = "missing"


class PluginFailed(Exception):
    """Plugin code failed and what it wrote was taken back; `__cause__` says how."""

    def __init__(self, plugin: str) -> None:
        super().__init__(plugin)
        self.plugin = plugin


class TransactionLost(RuntimeError):
    """A plugin ended the core's transaction: nothing of this request may be kept."""


def _nowhere(_session: Session, _organisation_id: int) -> Enabled:
    return lambda _plugin: False


class PluginManager:
    """The plugins of one app. Every app has a manager of its own.

    `plugins` holds all that are installed, by name in order, `kinds` the activity
    types of those admitted and those built in. `failures` counts failed calls by
    plugin since start-up in this process. `enabled_in` is how to learn what an
    organisation enabled; the feature that knows sets it.
    """

    def __init__(
        self,
        *,
        version: str = __version__,
        propagate: bool = False,
        trace: bool = False,
        built_in: Iterable[ActivityType] = (),
    ) -> None:
        self.plugins: dict[str, Plugin] = {}
        self.built_in = {kind.name: kind for kind in built_in}
        self.kinds: dict[str, ActivityType] = dict(self.built_in)
        self.failures: Counter[str] = Counter()
        self.enabled_in: Callable[[Session, int], Enabled] = _nowhere
        self._version = version
        self._propagate = propagate
        self._trace = trace
        self._hooks = pluggy.PluginManager(hookspecs.PROJECT)
        self._hooks.add_hookspecs(hookspecs)

    @classmethod
    def admit_all(
        cls,
        config: Mapping[str, Any],
        entry_points: Iterable[EntryPoint] | None = None,
        *,
        built_in: Iterable[ActivityType] = (),
    ) -> PluginManager:
        """Admit what is installed, or the given entry points, in the order of names.

        `built_in` are types of the core: always there, of no plugin, and their names
        are taken.

        Reads `PROPAGATE_PLUGIN_ERRORS` and `TRACE_HOOKS`.
        """
        manager = cls(
            propagate=bool(config.get("PROPAGATE_PLUGIN_ERRORS")),
            trace=bool(config.get("TRACE_HOOKS")),
            built_in=built_in,
        )
        found = admission.installed() if entry_points is None else entry_points
        for entry_point in admission.in_order(found):
            manager.admit(entry_point)
        return manager

    def admit(self, entry_point: EntryPoint) -> Plugin:
        """Let a plugin in whole, or quarantine it with the reason."""
        name, dist = entry_point.name, entry_point.dist
        plugin = Plugin(name, dist.name if dist else "", dist.version if dist else "")
        try:
            admission.check_name(entry_point, {*self.plugins, *self.built_in})
            admission.check_requirement(dist, self._version)
            plugin = replace(plugin, module=admission.load(entry_point))
            plugin = self._register(plugin)
        except FAULTS as error:
            if name in {*self.plugins, *self.built_in}:
                plugin = replace(plugin, name=f"{name} ({entry_point.value})")
            elif self._hooks.has_plugin(name):
                self._hooks.unregister(name=name)
            plugin = replace(plugin, fault=_fault_of(error))
            logger.error("Plugin %s is quarantined: %s", plugin.name, plugin.fault)
        self.plugins[plugin.name] = plugin
        self.kinds.update((kind.name, kind) for kind in plugin.kinds)
        return plugin

    def _register(self, plugin: Plugin) -> Plugin:
        self._hooks.register(plugin.module, plugin.name)
        self._hooks.check_pending()
        mine = [
            (caller.name, found)
            for caller in self._hooks.get_hookcallers(plugin.module) or ()
            for found in caller.get_hookimpls()
            if found.plugin_name == plugin.name
        ]
        admission.check_hooks(found for _, found in mine)

        def told(hook: str, code: FaultCode) -> tuple[Any, ...]:
            try:
                answers: list[Any] = [f.function() for name, f in mine if name == hook]
                return tuple(one for answer in answers for one in answer)
            except FAULTS as error:
                raise Refused(code, _describe(error)) from error

        kinds = told("portal_activity_types", FaultCode.TYPES_FAILED)
        admission.check_kinds(kinds, plugin.name, self.kinds)
        jobs = told("portal_jobs", FaultCode.BAD_JOB)
        admission.check_jobs(jobs)
        return replace(plugin, kinds=kinds, jobs=jobs)

    def quarantine(self, name: str, fault: Fault) -> None:
        """Stop calling a plugin for the rest of this process. Its data are kept."""
        plugin = self.plugins[name]
        if plugin.fault is None:
            self._hooks.unregister(name=name)
        for kind in plugin.kinds:
            self.kinds.pop(kind.name)
        self.plugins[name] = replace(plugin, kinds=(), jobs=(), fault=fault)
        logger.error("Plugin %s is quarantined: %s", name, fault)

    # What is there

    def admitted(self) -> list[Plugin]:
        """The plugins that work, in the order of their names."""
        return [plugin for plugin in self.plugins.values() if plugin.fault is None]

    def owner(self, type_name: str) -> str | None:
        """The installed plugin whose type this is, by its name; None when missing.

        One that works says itself which types are its; of one in quarantine it is told
        from the name. So `reading` is not taken for the owner of a lost `reading_log`.
        A type that is built in owns itself.
        """
        if type_name in self.built_in:
            return type_name
        names = [
            plugin.name
            for plugin in self.plugins.values()
            if f"{type_name}_".startswith(f"{plugin.name}_")
            and (plugin.fault or type_name in {kind.name for kind in plugin.kinds})
        ]
        return max(names, key=len, default=None)

    def state(self, name: str, enabled: Enabled) -> PluginState:
        """The state of a plugin where `enabled` speaks for the organisation."""
        if name in self.built_in:
            return PluginState.ENABLED
        plugin = self.plugins.get(name)
        if plugin is None:
            return PluginState.MISSING
        if plugin.fault is not None:
            return PluginState.QUARANTINED
        return PluginState.ENABLED if enabled(name) else PluginState.PAUSED

    def translation_directories(self) -> list[Path]:
        """The catalogues of the plugins that work and have some."""
        folders = [plugin.folder for plugin in self.admitted()]
        places = [folder / "translations" for folder in folders if folder]
        return [place for place in places if place.is_dir()]

    # Calling plugin code

    @contextmanager
    def guarded(
        self,
        plugin: str,
        session: Session | None = None,
        *,
        passing: tuple[type[BaseException], ...] = (),
    ) -> Iterator[None]:
        """Run plugin code: the one guard for hooks, views, grades and templates.

        With a session the code runs in a savepoint and can neither commit nor roll
        back. Whatever it throws is logged, counted and raised again as `PluginFailed`;
        `passing` names what is an answer rather than a failure, such as an
        `HTTPException` of a view, and goes through as it is. With
        `PROPAGATE_PLUGIN_ERRORS` everything does.

        Raises:
            PluginFailed: the code failed and its savepoint was rolled back.
            TransactionLost: it ended the transaction by force.
        """
        # Flushing the core's rows comes first: their failure is not the plugin's.
        savepoint = None if session is None else session.begin_nested()
        # What a guard within this one counted already goes through as well.
        through: tuple[type[BaseException], ...] = (PluginFailed, *passing)
        try:
            with _lent(savepoint, plugin):
                yield
        except through:
            raise
        except FAULTS as error:
            self.failures[plugin] += 1
            logger.exception("Plugin %s failed", plugin)
            if self._propagate or isinstance(error, TransactionLost):
                raise
            raise PluginFailed(plugin) from error

    def each(
        self,
        hook: str,
        *,
        enabled: Enabled,
        session: Session | None = None,
        **arguments: object,
    ) -> Iterator[tuple[str, Any]]:
        """Call a hook of the enabled plugins, one by one in the order of names.

        Yields each plugin's name with its answer; a plugin that fails yields nothing.
        An answer that is an iterator is read to its end under the guard. The session
        is an argument of the hook, too.
        """
        arguments["session"] = session
        caller = getattr(self._hooks.hook, hook)
        for found in sorted(caller.get_hookimpls(), key=lambda f: f.plugin_name):
            name = found.plugin_name
            if not enabled(name):
                continue
            chosen = {argument: arguments[argument] for argument in found.argnames}
            started = time.perf_counter()
            try:
                with self.guarded(name, session):
                    answer = found.function(**chosen)
                    if isinstance(answer, Iterator):
                        answer = list(answer)
            except PluginFailed as failure:
                self._say(hook, name, f"failed {failure.__cause__!r}", started)
            else:
                self._say(hook, name, f"answered {answer!r}", started)
                yield name, answer

    def tell(self, session: Session, event: Event) -> None:
        """Tell the plugins enabled in the event's organisation what happened."""
        enabled = self.enabled_in(session, event.organisation_id)
        for _ in self.each(
            "portal_on_event", enabled=enabled, session=session, event=event
        ):
            pass

    def _say(self, hook: str, plugin: str, what: str, started: float) -> None:
        if self._trace:
            spent = (time.perf_counter() - started) * 1000
            click.echo(f"{hook}: {plugin} {what} in {spent:.2f} ms", err=True)


@contextmanager
def _lent(savepoint: SessionTransaction | None, plugin: str) -> Iterator[None]:
    """Mark whose code runs, and take back what it wrote when it fails."""
    if savepoint is None:
        yield
        return
    session = savepoint.session
    root, outer = session.get_transaction(), session.info.get("plugin")
    session.info["plugin"] = plugin
    try:
        with savepoint:
            yield
    finally:
        session.info["plugin"] = outer
        if session.get_transaction() is not root:
            raise TransactionLost(plugin)


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _fault_of(error: BaseException) -> Fault:
    match error:
        case Refused():
            return error.fault
        case pluggy.PluginValidationError():
            return Fault(FaultCode.UNKNOWN_HOOK, str(error))
        case _:
            return Fault(FaultCode.LOAD_FAILED, _describe(error))
