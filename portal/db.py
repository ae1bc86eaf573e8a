"""The database: base classes, column types, the session and the tenant's wall.

A `PortalSession` belongs to one tenant (`session.info["tenant_id"]`). Every ORM
statement on a `TenantScoped` table is filtered by it, and refused when there is
none: forgetting the filter is impossible rather than forbidden (promise V02).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal
from weakref import WeakKeyDictionary

from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import (
    Column,
    ColumnClause,
    DateTime,
    Dialect,
    Engine,
    Executable,
    ForeignKey,
    MetaData,
    Table,
    event,
    inspect,
    literal_column,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedColumn,
    ORMExecuteState,
    Session,
    UOWTransaction,
    declared_attr,
    mapped_column,
    registry,
    with_loader_criteria,
)
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import ExecutableOption
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT_MS = 5000
"""How long a writer on SQLite waits for the one before it."""

PersonRole = Literal["owner", "author", "mention"]


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only and returns them in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of the core's models."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: UTCDateTime()}  # noqa: RUF012 — SQLAlchemy's API


class TenantScoped:
    """Mixin of tables that belong to one tenant."""

    @declared_attr
    def tenant_id(cls) -> Mapped[int]:  # noqa: N805 — a declared_attr takes the class
        return mapped_column(ForeignKey("tenant.id"), index=True)


class UnscopedQuery(RuntimeError):
    """A query for tenant data in a session that has no tenant."""


class PluginMayNotCommit(RuntimeError):
    """A plugin tried to end the core's transaction."""


class PortalSession(Session):
    """A session of one tenant, which plugin code can neither commit nor roll back.

    `info["tenant_id"]` is the tenant; `info["plugin"]` is the name of the plugin
    whose code runs at the moment, set by the plugin manager's guard.
    """

    def refresh(
        self,
        instance: object,
        attribute_names: Iterable[str] | None = None,
        with_for_update: Any = None,
    ) -> None:
        """Read a row again; `with_for_update=True` locks it and none it came with.

        PostgreSQL cannot lock what an outer join may leave empty, as in a row that
        was loaded together with others.
        """
        if with_for_update is True:
            with_for_update = {"of": type(instance)}
        super().refresh(instance, attribute_names, with_for_update)

    def commit(self) -> None:
        if plugin := self.info.get("plugin"):
            raise PluginMayNotCommit(plugin)
        super().commit()

    def rollback(self) -> None:
        if plugin := self.info.get("plugin"):
            raise PluginMayNotCommit(plugin)
        super().rollback()


db = SQLAlchemy(session_options={"class_": PortalSession})

writes: ContextVar[bool] = ContextVar("writes", default=True)
"""Whether the transaction about to begin will write; requests that only read say no."""


@contextmanager
def only_reading() -> Iterator[None]:
    """Transactions that begin inside only read: on SQLite they lock nobody out."""
    token = writes.set(False)
    try:
        yield
    finally:
        writes.reset(token)


def _tenant_tables() -> set[Any]:
    return {
        mapper.local_table
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, TenantScoped)
    }


def _tables_in(statement: Any) -> set[Any]:
    return {part for part in visitors.iterate(statement) if isinstance(part, Table)}


@cache
def _wall(tenant_id: int) -> ExecutableOption:
    """The criterion that keeps a statement within a tenant.

    Made once for each tenant, for making it took longer than most queries; it holds
    nothing but the number. The number stands in the statement itself: as a parameter
    it made SQLAlchemy compare all parameters of a statement one by one, each time.
    """
    own: ColumnClause[int] = literal_column(str(int(tenant_id)))
    return with_loader_criteria(
        TenantScoped, lambda cls: cls.tenant_id == own, include_aliases=True
    )


@event.listens_for(PortalSession, "do_orm_execute")
def _keep_to_the_tenant(state: ORMExecuteState) -> None:
    if state.is_column_load or state.session.info.get("across_tenants"):
        return
    tenant_id = state.session.info.get("tenant_id")
    if tenant_id is None:
        if leaked := _tables_in(state.statement) & _tenant_tables():
            names = ", ".join(sorted(table.name for table in leaked))
            raise UnscopedQuery(f"No tenant is set, but {names} is asked.")
        return
    state.statement = _walled(state.statement, tenant_id)


def _walled(statement: Executable, tenant_id: int) -> Executable:
    """The statement behind the tenant's wall.

    One that is asked again, because a module holds it, is not put there again: a
    new one would have its cache key made each time. What nobody holds goes, weakly.
    """
    known = _BEHIND_WALLS.setdefault(statement, {})
    found = known.get(tenant_id)
    if found is None:
        found = known[tenant_id] = statement.options(_wall(tenant_id))
    return found


_BEHIND_WALLS: WeakKeyDictionary[Executable, dict[int, Executable]]
_BEHIND_WALLS = WeakKeyDictionary()


@event.listens_for(PortalSession, "before_flush")
def _stamp_the_tenant(
    session: Session, _context: UOWTransaction, _instances: object
) -> None:
    tenant_id = session.info.get("tenant_id")
    for row in session.new:
        if not isinstance(row, TenantScoped):
            continue
        if row.tenant_id is None:
            row.tenant_id = tenant_id
        elif tenant_id not in (None, row.tenant_id):
            raise UnscopedQuery(f"{row!r} belongs to another tenant.")


@contextmanager
def across_tenants(session: Session) -> Iterator[None]:
    """Lift the tenant's wall: only for start-up, jobs and commands."""
    before = session.info.get("across_tenants")
    session.info["across_tenants"] = True
    try:
        yield
    finally:
        session.info["across_tenants"] = before


def set_tenant(session: Session, tenant_id: int | None) -> None:
    """Put the session behind this tenant's wall."""
    session.info["tenant_id"] = tenant_id


def prepare_engine(engine: Engine) -> None:
    """Give SQLite the durability and concurrency that the promises need.

    WAL with `synchronous=FULL` lost nothing at power cuts (NORMAL did), and
    `BEGIN IMMEDIATE` makes two writers wait instead of fail (promises.md §4).
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes.get() else "BEGIN")


def _primary_key_of(table: str) -> Column[Any] | str:
    """The column itself where it is known: a string cannot cross two MetaData."""
    known = Base.metadata.tables.get(table)
    return f"{table}.id" if known is None else known.c.id


def person(role: PersonRole, *, nullable: bool | None = None) -> MappedColumn[Any]:
    """A column that points to a user and says who that is.

    "owner": the row is about them — exported, deleted on erasure. "author": they
    wrote it in someone's context — exported, then anonymised. "mention": a pointer
    only — set to null.
    """
    if role == "owner":
        rule, optional = "CASCADE", False
    else:
        rule, optional = "SET NULL", True
    return mapped_column(
        ForeignKey(_primary_key_of("user"), ondelete=rule),
        nullable=optional if nullable is None else nullable,
        index=True,
        info={"person": role},
    )


def activity_key() -> MappedColumn[Any]:
    """A column that points to the activity a plugin's row belongs to."""
    return mapped_column(
        ForeignKey(_primary_key_of("activity"), ondelete="CASCADE"), index=True
    )


def submission_key() -> MappedColumn[Any]:
    """A column that points to the submission a plugin's row is about."""
    return mapped_column(
        ForeignKey(_primary_key_of("submission"), ondelete="CASCADE"), index=True
    )


def organisation_key() -> MappedColumn[Any]:
    """A column that points to the organisation that owns a plugin's row."""
    return mapped_column(
        ForeignKey(_primary_key_of("organisation"), ondelete="CASCADE"), index=True
    )


def model_base(plugin: str) -> type[DeclarativeBase]:
    """A declarative base of the plugin's own: own registry, own MetaData.

    With a shared registry one bad relationship in one plugin broke every query of
    all; apart, only that plugin fails (architecture, E7).

    Raises:
        TypeError: at import, when a table's name does not begin with `<plugin>_`.
    """

    class PluginBase(DeclarativeBase):
        __abstract__ = True
        registry = registry(
            metadata=MetaData(naming_convention=NAMING_CONVENTION),
            type_annotation_map={datetime: UTCDateTime()},
        )

        def __init_subclass__(cls, **kwargs: Any) -> None:
            table = getattr(cls, "__tablename__", None)
            if table is not None and not table.startswith(f"{plugin}_"):
                raise TypeError(f"Table {table!r} must begin with '{plugin}_'.")
            super().__init_subclass__(**kwargs)

    return PluginBase


def is_new(row: object) -> bool:
    """Whether the row is not in the database yet."""
    return not inspect(row).has_identity
