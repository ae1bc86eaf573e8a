"""One stream of migrations for the core and one for each plugin.

With one version table for all, uninstalling a plugin breaks every later upgrade
(“Can't locate revision”). So each plugin has a version table of its own, scripts in
its own package, and a transaction of its own (architecture §8, E3). All of it goes
through Alembic's public interface.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect, text

from portal.append_only import missing_triggers
from portal.db import Base, UTCDateTime
from portal.plugins.admission import Fault, FaultCode, Plugin
from portal.plugins.manager import FAULTS, PluginManager

logger = logging.getLogger(__name__)

CORE = "core"
ENVIRONMENT = Path(__file__).parents[1] / "migrations"
CORE_SCRIPTS = ENVIRONMENT / "versions"
VERSION_TABLE = "alembic_version"
LOCK = 7_102_024


class BrokenReferences(RuntimeError):
    """A migration on SQLite left rows that point to nothing; it was taken back."""


@dataclass(frozen=True)
class Stream:
    """The migrations of the core (`"core"`) or of one plugin, by its name."""

    name: str
    scripts: Path
    metadata: tuple[MetaData, ...]

    @property
    def version_table(self) -> str:
        """The table that holds the stream's revision."""
        return VERSION_TABLE if self.name == CORE else f"{VERSION_TABLE}_{self.name}"

    @property
    def directory(self) -> ScriptDirectory:
        """The stream's scripts."""
        return ScriptDirectory.from_config(self.config())

    @property
    def head(self) -> str | None:
        """The newest revision of the scripts; None when there are none."""
        return self.directory.get_current_head()

    def config(self, **attributes: Any) -> Config:
        """Alembic's configuration, with what `env.py` passes to `configure`."""
        config = Config(attributes={"version_table": self.version_table} | attributes)
        options = {
            "script_location": ENVIRONMENT,
            "version_locations": self.scripts,
            "path_separator": "newline",
            "file_template": "%(rev)s_%(slug)s",
        }
        for name, value in options.items():
            config.set_main_option(name, str(value).replace("%", "%%"))
        return config


def streams(plugins: PluginManager) -> list[Stream]:
    """The core's stream, then those of the admitted plugins that have tables."""
    core = Stream(CORE, CORE_SCRIPTS, (Base.metadata,))
    return [core, *filter(None, map(_stream_of, plugins.admitted()))]


def _stream_of(plugin: Plugin) -> Stream | None:
    bases = {kind.base for kind in plugin.kinds if kind.base is not None}
    if plugin.folder is None or not bases:
        return None
    metadata = tuple(base.metadata for base in bases)
    return Stream(plugin.name, plugin.folder / "migrations", metadata)


def stream(plugins: PluginManager, name: str) -> Stream:
    """The stream of this name.

    Raises:
        KeyError: no admitted plugin of this name has tables.
    """
    return {found.name: found for found in streams(plugins)}[name]


def upgrade(engine: Engine, plugins: PluginManager) -> dict[str, Fault]:
    """Bring the core and then every plugin to its newest revision.

    A failure in the core is raised and stops everything. A plugin that fails is put
    back to where it was and quarantined, and the others go on. Returns the faults.
    """
    core, *others = streams(plugins)
    _run(engine, core, command.upgrade, "head")
    faults: dict[str, Fault] = {}
    for found in others:
        try:
            _run(engine, found, command.upgrade, "head")
        except FAULTS as error:
            logger.exception("The migrations of %s failed", found.name)
            reason = f"{type(error).__name__}: {error}"
            faults[found.name] = Fault(FaultCode.NEEDS_UPGRADE, reason)
            plugins.quarantine(found.name, faults[found.name])
    return faults


def downgrade(
    engine: Engine, plugins: PluginManager, name: str, revision: str = "base"
) -> None:
    """Take a stream back. At `"base"` nothing of it is left, its data included.

    Raises:
        KeyError: no admitted plugin of this name has tables.
    """
    found = stream(plugins, name)
    with _migrating(engine) as connection:
        _command(connection, found, command.downgrade, revision)
        if revision == "base":
            connection.execute(text(f"DROP TABLE {found.version_table}"))


def revise(engine: Engine, plugins: PluginManager, name: str, message: str) -> Path:
    """Write the next script of a stream from what its models changed; return it."""
    found = stream(plugins, name)
    found.scripts.mkdir(exist_ok=True)
    number = sum(1 for _ in found.directory.walk_revisions()) + 1
    with _migrating(engine) as connection:
        config = found.config(**_options(connection, found, plugins))
        script = command.revision(
            config, message, autogenerate=True, rev_id=f"{number:04d}"
        )
    assert isinstance(script, Script)
    return Path(script.path)


def current(connection: Connection, found: Stream) -> str | None:
    """The revision the database is at; None before the first."""
    options = {"version_table": found.version_table}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def behind(engine: Engine, plugins: PluginManager) -> list[str]:
    """The streams whose database is not at the newest revision, by name."""
    with engine.connect() as connection:
        return [s.name for s in streams(plugins) if current(connection, s) != s.head]


def quarantine_behind(engine: Engine, plugins: PluginManager) -> list[str]:
    """Quarantine the plugins that need `portal db upgrade`; return their names.

    The core is not spoken of: `behind` says so of it.
    """
    late = [name for name in behind(engine, plugins) if name != CORE]
    for name in late:
        plugins.quarantine(name, Fault(FaultCode.NEEDS_UPGRADE, "portal db upgrade"))
    return late


def check(engine: Engine, plugins: PluginManager) -> dict[str, list[str]]:
    """How the database differs from the models, by stream; empty when it does not.

    The triggers that guard append-only tables belong to the schema.
    """
    drift: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for found in streams(plugins):
            options = _options(connection, found, plugins)
            options.pop("connection")
            context = MigrationContext.configure(connection, opts=options)
            metadata: Any = list(found.metadata)
            lines = [_describe(one) for one in compare_metadata(context, metadata)]
            unguarded = missing_triggers(connection, *found.metadata)
            lines += [f"remove_trigger {name}" for name in unguarded]
            if lines:
                drift[found.name] = lines
    return drift


def _describe(difference: Any) -> str:
    """Put one of Alembic's nested tuples into a line: `add_column quiz_item hint`."""
    if isinstance(difference, list):
        return "; ".join(_describe(one) for one in difference)
    named = (getattr(part, "name", None) or part for part in difference)
    return " ".join(str(part) for part in named if part and not isinstance(part, dict))


def _run(engine: Engine, found: Stream, what: Callable[..., Any], target: str) -> None:
    with _migrating(engine) as connection:
        _command(connection, found, what, target)


def _command(
    connection: Connection, found: Stream, what: Callable[..., Any], target: str
) -> None:
    what(found.config(connection=connection, render_as_batch=True), target)


def _options(
    connection: Connection, found: Stream, plugins: PluginManager
) -> dict[str, Any]:
    """Options to compare a stream's models with its own tables and no others."""
    owner = _owners(connection, plugins)

    def include(_item: object, name: str | None, kind: str, *_rest: object) -> bool:
        return kind != "table" or (name is not None and owner(name) == found.name)

    return {
        "connection": connection,
        "target_metadata": list(found.metadata),
        "version_table": found.version_table,
        "include_object": include,
        "render_item": _plain_type,
        "render_as_batch": True,
        "compare_type": True,
    }


def _plain_type(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write an instant as the database knows it: a script imports nothing of ours."""
    instant = kind == "type" and isinstance(item, UTCDateTime)
    return "sa.DateTime(timezone=True)" if instant else False


def _owners(connection: Connection, plugins: PluginManager) -> Callable[[str], str]:
    """Say whose a table is. Version tables name the plugins that are gone, too."""
    prefix = f"{VERSION_TABLE}_"
    tables = inspect(connection).get_table_names()
    gone = {table.removeprefix(prefix) for table in tables if table.startswith(prefix)}
    known = sorted(gone | plugins.plugins.keys(), key=len, reverse=True)

    def owner(table: str) -> str:
        if table in Base.metadata.tables:
            return CORE
        if table == VERSION_TABLE or table.startswith(prefix):
            return ""
        return next((name for name in known if table.startswith(f"{name}_")), CORE)

    return owner


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction, alone: a second upgrade waits, and then finds nothing to do.

    SQLite changes a table by making it anew; dropping the old one would delete what
    points to it. So keys are not enforced meanwhile, and checked before the commit.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                lock = text("SELECT pg_advisory_xact_lock(:key)")
                connection.execute(lock, {"key": LOCK})
                yield connection
            return
        enforced = _pragma(connection, "foreign_keys")
        _pragma(connection, "foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
                    raise BrokenReferences(str(broken[:3]))
        finally:
            _pragma(connection, f"foreign_keys = {enforced or 0}")


def _pragma(connection: Connection, what: str) -> Any:
    """Ask the driver itself: within a transaction SQLite ignores this pragma."""
    cursor = connection.connection.cursor()
    try:
        row = cursor.execute(f"PRAGMA {what}").fetchone()
    finally:
        cursor.close()
    return row and row[0]
