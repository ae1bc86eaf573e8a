"""One stream of migrations for the core and one for each plugin."""

from pathlib import Path
from textwrap import indent
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    inspect,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import UTCDateTime, model_base
from portal.plugins import streams
from portal.plugins.admission import FaultCode
from portal.plugins.manager import PluginManager
from portal.plugins.streams import BrokenReferences
from portal.testing.broken import FakeEntryPoint, entry_point, make_type

SCRIPT = """\
import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {down!r}
branch_labels = None
depends_on = None


def upgrade():
{up}


def downgrade():
{back}
"""

PERSON = """\
op.create_table("person", sa.Column("id", sa.Integer(), primary_key=True))
"""

OWNED = """\
op.create_table(
    "{0}_item",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("person_id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(
        ["person_id"], ["person.id"], name="fk_{0}_item_person_id_person",
        ondelete="CASCADE",
    ),
    sa.PrimaryKeyConstraint("id", name="pk_{0}_item"),
)
"""

RETYPE_PERSON = """\
with op.batch_alter_table("person") as batch:
    batch.add_column(sa.Column("name", sa.String(8)))
    batch.alter_column("id", existing_type=sa.Integer(), existing_nullable=False,
                       type_=sa.BigInteger())
"""


def script(folder: Path, number: int, up: str, back: str = "pass") -> None:
    """Write one migration by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    words = SCRIPT.format(
        revision=f"{number:04d}",
        down=f"{number - 1:04d}" if number > 1 else None,
        up=indent(up, "    "),
        back=indent(back, "    "),
    )
    (folder / f"{number:04d}_step.py").write_text(words, "utf-8")


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Table:
    """A core of one table, in a folder whose name is no friend of configurations."""
    scripts = tmp_path / "一个 100% 的目录" / "versions"
    script(scripts, 1, PERSON, 'op.drop_table("person")')
    metadata = MetaData()
    table = Table("person", metadata, Column("id", Integer, primary_key=True))
    monkeypatch.setattr(streams, "CORE_SCRIPTS", scripts)
    monkeypatch.setattr(streams, "Base", SimpleNamespace(metadata=metadata))
    return table


@pytest.fixture
def make(core: Table, tmp_path: Path) -> Any:
    """`make("quiz", up=…)` is a plugin with one table and one migration."""

    def plugin(name: str, up: str | None = None, **columns: Any) -> FakeEntryPoint:
        class Item(model_base(name)):  # type: ignore[misc] # a base made at run time
            __tablename__ = f"{name}_item"
            id: Mapped[int] = mapped_column(primary_key=True)
            person_id: Mapped[int] = mapped_column(
                ForeignKey(core.c.id, ondelete="CASCADE")
            )

        for key, column in columns.items():
            setattr(Item, key, column)
        folder = tmp_path / "一个 100% 的目录" / f"portal_{name}"
        folder.mkdir(exist_ok=True)
        back = f'op.drop_table("{name}_item")'
        if up != "":
            script(folder / "migrations", 1, up or OWNED.format(name), back)
        kind = make_type(name, base=Item.__mro__[1])
        return entry_point(name, kind, __file__=str(folder / "__init__.py"))

    return plugin


def admit(*entry_points: FakeEntryPoint) -> PluginManager:
    return PluginManager.admit_all({}, entry_points)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def run(engine: Engine, *statements: str) -> list[Any]:
    with engine.begin() as connection:
        results = [connection.execute(text(one)) for one in statements]
        return list(results[-1].all()) if results[-1].returns_rows else []


def folder_of(plugins: PluginManager, name: str) -> Path:
    folder = plugins.plugins[name].folder
    assert folder is not None
    return folder / "migrations"


def test_every_stream_keeps_its_own_revision(engine: Engine, make: Any) -> None:
    plugins = admit(make("poll"), make("quiz"))

    assert streams.behind(engine, plugins) == ["core", "poll", "quiz"]
    assert streams.upgrade(engine, plugins) == {}

    assert streams.behind(engine, plugins) == []
    assert tables(engine) == {
        *("person", "poll_item", "quiz_item"),
        *("alembic_version", "alembic_version_poll", "alembic_version_quiz"),
    }
    assert run(engine, "SELECT version_num FROM alembic_version_quiz") == [("0001",)]


def test_a_second_upgrade_changes_nothing(engine: Engine, make: Any) -> None:
    plugins = admit(make("quiz"))
    streams.upgrade(engine, plugins)
    run(engine, "INSERT INTO person (id) VALUES (1)")

    assert streams.upgrade(engine, plugins) == {}
    assert run(engine, "SELECT id FROM person") == [(1,)]


@pytest.mark.parametrize("mischief", ["raise SystemExit", "1 / 0", "op.drop_x()"])
def test_a_plugin_that_fails_is_put_back_and_quarantined_and_the_others_go_on(
    engine: Engine, make: Any, mischief: str
) -> None:
    plugins = admit(
        make("poll", OWNED.format("poll") + mischief),
        make("quiz"),
        entry_point("plain"),
    )

    faults = streams.upgrade(engine, plugins)

    assert {name: fault.code for name, fault in faults.items()} == {
        "poll": FaultCode.NEEDS_UPGRADE
    }
    assert [plugin.name for plugin in plugins.admitted()] == ["plain", "quiz"]
    assert "quiz_item" in tables(engine)
    assert not {"poll_item", "alembic_version_poll"} & tables(engine)


def test_a_failure_in_the_core_stops_everything(engine: Engine, make: Any) -> None:
    script(streams.CORE_SCRIPTS, 2, 'op.drop_table("there_is_none")')
    plugins = admit(make("quiz"))

    with pytest.raises(Exception, match="there_is_none"):
        streams.upgrade(engine, plugins)

    assert tables(engine) == set()
    assert plugins.plugins["quiz"].fault is None


def test_without_a_plugin_the_core_and_the_others_upgrade_as_ever(
    engine: Engine, make: Any
) -> None:
    streams.upgrade(engine, admit(make("poll"), make("quiz")))
    script(streams.CORE_SCRIPTS, 2, "pass")

    left = admit(make("poll"))

    assert streams.upgrade(engine, left) == {}
    assert streams.behind(engine, left) == []
    assert streams.check(engine, left) == {}
    assert "quiz_item" in tables(engine)


def test_a_quarantined_plugin_is_not_migrated(engine: Engine, make: Any) -> None:
    broken = FakeEntryPoint("quiz", make("quiz").make, ("teacher-portal>=99",))

    streams.upgrade(engine, admit(broken))

    assert tables(engine) == {"person", "alembic_version"}


def test_a_plugin_that_needs_an_upgrade_can_be_quarantined_until_then(
    engine: Engine, make: Any
) -> None:
    streams.upgrade(engine, admit(make("quiz")))
    plugins = admit(make("poll"), make("quiz"))

    assert streams.quarantine_behind(engine, plugins) == ["poll"]

    assert [plugin.name for plugin in plugins.admitted()] == ["quiz"]
    assert streams.upgrade(engine, admit(make("poll"), make("quiz"))) == {}
    assert streams.quarantine_behind(engine, admit(make("poll"))) == []


def test_drift_is_told_apart_by_stream(engine: Engine, make: Any) -> None:
    streams.upgrade(engine, admit(make("poll"), make("quiz")))
    run(engine, "CREATE TABLE forgotten (id INTEGER)")
    plugins = admit(make("poll"), make("quiz", hint=mapped_column(Integer)))

    drift = streams.check(engine, plugins)

    assert drift == {
        "core": ["remove_table forgotten"],
        "quiz": ["add_column quiz_item hint"],
    }


def test_a_changed_type_is_drift(engine: Engine, make: Any, core: Table) -> None:
    plugins = admit(make("quiz"))
    streams.upgrade(engine, plugins)
    script(folder_of(plugins, "quiz"), 2, RETYPE_PERSON.replace("person", "quiz_item"))
    streams.upgrade(engine, plugins)

    (found,) = streams.check(engine, plugins).values()

    assert any("modify_type quiz_item id" in line for line in found)
    assert "remove_column quiz_item name" in found


def test_a_plugins_table_is_its_own_even_when_another_name_begins_the_same(
    engine: Engine, make: Any
) -> None:
    plugins = admit(make("quiz"), make("quiz_pro"))

    streams.upgrade(engine, plugins)

    assert streams.check(engine, plugins) == {}


def test_down_to_the_base_nothing_of_a_plugin_is_left(
    engine: Engine, make: Any
) -> None:
    plugins = admit(make("poll"), make("quiz"))
    streams.upgrade(engine, plugins)

    streams.downgrade(engine, plugins, "quiz")

    assert not [table for table in tables(engine) if "quiz" in table]
    assert streams.behind(engine, plugins) == ["quiz"]
    assert streams.upgrade(engine, plugins) == {}
    assert streams.check(engine, plugins) == {}


def test_one_step_down_keeps_the_rest(engine: Engine, make: Any) -> None:
    plugins = admit(make("quiz"))
    more = 'op.add_column("quiz_item", sa.Column("hint", sa.Integer()))'
    less = 'with op.batch_alter_table("quiz_item") as b:\n    b.drop_column("hint")'
    script(folder_of(plugins, "quiz"), 2, more, less)
    streams.upgrade(engine, plugins)

    streams.downgrade(engine, plugins, "quiz", "0001")

    with engine.connect() as connection:
        assert streams.current(connection, streams.stream(plugins, "quiz")) == "0001"


def test_a_stream_that_nobody_has_is_refused(engine: Engine, core: Table) -> None:
    with pytest.raises(KeyError):
        streams.downgrade(engine, admit(entry_point("plain")), "plain")


def test_a_written_script_brings_the_database_to_the_models(
    engine: Engine, make: Any
) -> None:
    plugins = admit(make("quiz", up="", seen_at=mapped_column(UTCDateTime)))
    streams.upgrade(engine, plugins)
    assert streams.check(engine, plugins) == {"quiz": ["add_table quiz_item"]}

    written = streams.revise(engine, plugins, "quiz", "make items")
    streams.upgrade(engine, plugins)

    assert written.name == "0001_make_items.py"
    assert "portal" not in written.read_text("utf-8")
    assert streams.check(engine, plugins) == {}


def test_scripts_are_numbered_one_after_another(engine: Engine, make: Any) -> None:
    streams.upgrade(engine, admit(make("quiz")))
    plugins = admit(make("quiz", hint=mapped_column(Integer)))

    written = streams.revise(engine, plugins, "quiz", "add a hint")
    streams.upgrade(engine, plugins)

    assert written.name == "0002_add_a_hint.py"
    assert streams.check(engine, plugins) == {}
    streams.downgrade(engine, plugins, "quiz")


def test_making_a_table_anew_keeps_what_points_to_it(engine: Engine, make: Any) -> None:
    plugins = admit(make("quiz"))
    streams.upgrade(engine, plugins)
    run(
        engine,
        "INSERT INTO person (id) VALUES (1)",
        "INSERT INTO quiz_item (id, person_id) VALUES (7, 1)",
    )
    script(streams.CORE_SCRIPTS, 2, RETYPE_PERSON)

    assert streams.upgrade(engine, plugins) == {}

    assert run(engine, "SELECT id, person_id FROM quiz_item") == [(7, 1)]
    with pytest.raises(IntegrityError):
        run(engine, "INSERT INTO quiz_item (id, person_id) VALUES (8, 99)")


def test_a_migration_may_not_leave_references_to_nothing(
    engine: Engine, make: Any
) -> None:
    plugins = admit(make("quiz"))
    streams.upgrade(engine, plugins)
    wrong = 'op.execute("INSERT INTO quiz_item (id, person_id) VALUES (7, 99)")'
    script(folder_of(plugins, "quiz"), 2, wrong)

    faults = streams.upgrade(engine, plugins)

    words = {"sqlite": BrokenReferences.__name__, "postgresql": "IntegrityError"}
    assert faults["quiz"].reason.startswith(words[engine.dialect.name])
    assert run(engine, "SELECT id FROM quiz_item") == []
