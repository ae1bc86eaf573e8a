"""K10: migrations that go up, match the models, go down to nothing, and up again."""

from pathlib import Path

from sqlalchemy import create_engine, inspect

from portal.db import prepare_engine
from portal.plugins import admission, streams
from portal.plugins.admission import Plugin
from portal.plugins.manager import PluginManager
from portal.testing import sources
from portal.testing.fixtures import empty_database


def has_tables(plugin: Plugin) -> bool:
    """Whether there is anything to migrate."""
    return any(kind.base is not None for kind in plugin.kinds)


def test_migrations_go_up_and_down_and_up_again(
    plugin: Plugin, database: str, tmp_path: Path
) -> None:
    if not has_tables(plugin):
        return
    name = plugin.name
    alone = [one for one in admission.installed() if one.name == name]
    plugins = PluginManager.admit_all({}, alone)
    with empty_database(database, tmp_path) as url:
        engine = create_engine(url)
        prepare_engine(engine)
        try:
            assert name not in streams.upgrade(engine, plugins)
            assert name not in streams.check(engine, plugins)

            streams.downgrade(engine, plugins, name)
            left = inspect(engine).get_table_names()
            assert not [table for table in left if table.startswith(f"{name}_")]

            assert name not in streams.upgrade(engine, plugins)
            assert name not in streams.check(engine, plugins)
        finally:
            engine.dispose()


def test_the_scripts_outlive_the_code_they_were_written_for(plugin: Plugin) -> None:
    if not has_tables(plugin):
        return
    assert plugin.folder is not None
    scripts = sorted((plugin.folder / "migrations").glob("*.py"))

    assert scripts, "there are tables, but no migrations"
    assert not [line for one in scripts for line in sources.foreign_imports(one)]
