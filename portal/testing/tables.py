"""What the tables of a plugin must be, so that the core can look after their rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Float,
    Integer,
    Numeric,
    String,
    Table,
)
from sqlalchemy.orm import DeclarativeBase

from portal.db import PersonRole, UTCDateTime

ALLOWED = (String, Integer, Float, Numeric, Boolean, Date, UTCDateTime, JSON, Enum)
"""Column types whose values survive JSON, and so a backup. Text is a String."""

HOMES = ("activity", "submission", "organisation")
"""Tables of the core through which a row's place is known."""


def faults(base: type[DeclarativeBase], plugin: str) -> list[str]:
    """Say what is wrong with a plugin's tables; empty for good ones."""
    return [
        fault
        for table in base.metadata.sorted_tables
        for fault in _table_faults(table, plugin)
    ]


def _table_faults(table: Table, plugin: str) -> Iterator[str]:
    if not table.name.startswith(f"{plugin}_"):
        yield f"the table {table.name} does not begin with {plugin}_"
    for column in table.columns:
        if _points_to_a_person(column) and _role(column) not in get_args(PersonRole):
            yield f"{column} does not say who the person is: use person(role)"
        if not isinstance(column.type, ALLOWED):
            yield f"{column} has the type {column.type!r}, which no backup can keep"
    if not _reaches_home(table, set()):
        yield f"{table.name} leads to no activity, submission or organisation"


def _points_to_a_person(column: Column[object]) -> bool:
    return any(key.column.table.name == "user" for key in column.foreign_keys)


def _role(column: Column[object]) -> object:
    return column.info.get("person")


def _reaches_home(table: Table, seen: set[str]) -> bool:
    """Whether one comes from the table to a home by following its keys."""
    if table.name in seen:
        return False
    seen.add(table.name)
    targets = [key.column.table for key in table.foreign_keys]
    return any(
        target.name in HOMES or _reaches_home(target, seen)
        for target in targets
        if target.name != "user"
    )
