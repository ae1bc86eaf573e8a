"""What the rows are called that deeds were done to.

The trail keeps a table and an id. Features above say how a row of theirs is called,
for the trail knows none of them.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

Named = tuple[str, int]
"""Table and id."""

_called: dict[str, tuple[InstrumentedAttribute[int], Select[int, str]]] = {}


def called(id_column: InstrumentedAttribute[int], rows: Select[int, str]) -> None:
    """Say how rows are called; `rows` selects the id first, then the name."""
    _called[id_column.class_.__tablename__] = (id_column, rows)


def names(
    session: Session, wanted: Iterable[tuple[str, int | None]]
) -> Mapping[Named, str]:
    """The names of these rows as far as they are still there: a query a table."""
    ids: dict[str, set[int]] = {}
    for kind, key in wanted:
        if key is not None and kind in _called:
            ids.setdefault(kind, set()).add(key)
    found = {}
    for kind, keys in ids.items():
        column, rows = _called[kind]
        for key, name in session.execute(rows.where(column.in_(keys))):
            found[kind, key] = name
    return found
