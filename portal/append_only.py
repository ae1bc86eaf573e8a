"""Tables that only grow: what is written there is never changed and never deleted.

Three walls stand before such a row. The mapper refuses what the code tries, triggers
refuse what anybody sends to the database, and `portal db check` says when
the triggers are gone: SQLite drops them when a migration makes the table anew.
"""

from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection, MetaData, event, inspect, text
from sqlalchemy.orm import Mapper, object_session

M = TypeVar("M", bound=type[Any])

GUARDED = "append_only"
"""Key of `Table.info`: the triggers must be there."""


class AppendOnly(RuntimeError):
    """Somebody tried to change or delete a row that is there for ever."""


def written_once(model: M) -> M:
    """Decorator of a model: its rows are neither changed nor deleted by the code."""

    @event.listens_for(model, "before_update")
    def _changed(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
        session = object_session(row)
        if session is None or session.is_modified(row, include_collections=False):
            _refuse(row)

    @event.listens_for(model, "before_delete")
    def _deleted(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
        _refuse(row)

    return model


def append_only(model: M) -> M:
    """Decorator of a model: `written_once`, and its table must have the triggers.

    The migration that makes the table makes the triggers, named as `triggers` says.
    """
    model.__table__.info[GUARDED] = True
    return written_once(model)


def _refuse(row: object) -> NoReturn:
    raise AppendOnly(f"{type(row).__name__} {inspect(row).identity} stays as it is.")


def triggers(table: str, dialect: str) -> tuple[str, ...]:
    """The names of the triggers that guard a table on a database.

    SQLite needs one against `INSERT OR REPLACE`, which deletes without saying so;
    PostgreSQL one against `TRUNCATE`.
    """
    last = "replace" if dialect == "sqlite" else "truncate"
    return tuple(f"{table}_no_{what}" for what in ("update", "delete", last))


def missing_triggers(connection: Connection, *metadata: MetaData) -> list[str]:
    """The triggers that should guard tables and are not there, or are disabled."""
    dialect = connection.dialect.name
    there = set(connection.scalars(text(_THERE[dialect])))
    tables = [table for each in metadata for table in each.sorted_tables]
    wanted = [
        name
        for table in tables
        if GUARDED in table.info
        for name in triggers(table.name, dialect)
    ]
    return [name for name in wanted if name not in there]


_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    ),
}
