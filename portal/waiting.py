"""How much waits behind the pages of the menu, asked for all of them at once.

A feature says with `count_for`, as a select, what waits behind its page. The numbers
are columns of one query (`portal.frame.surroundings`), so a further one costs no query.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Select

from portal.permissions import Actor

Count = Select[int]
CountOf = Callable[[Actor], Count | None]

_everybodys: dict[str, Count] = {}
_of_some: dict[str, CountOf] = {}


def count_for(endpoint: str, count: Count) -> None:
    """Let `count` count what waits for the person `:user_id` behind a page."""
    _everybodys[endpoint] = count
    _with_everybodys.cache_clear()


def count_for_some(endpoint: str) -> Callable[[CountOf], CountOf]:
    """Decorator: this function makes the count of a page, or None for who has none."""

    def keep(count_of: CountOf) -> CountOf:
        _of_some[endpoint] = count_of
        return count_of

    return keep


def with_counts(
    found: Select[*tuple[Any, ...]], actor: Actor
) -> tuple[Select[*tuple[Any, ...]], list[str]]:
    """The select with a number for each page in its last columns, and the pages."""
    own = {
        endpoint: count
        for endpoint, count_of in _of_some.items()
        if (count := count_of(actor)) is not None
    }
    statement = _with_everybodys(found)
    if own:
        columns = (count.scalar_subquery() for count in own.values())
        statement = statement.add_columns(*columns)
    return statement, [*_everybodys, *own]


@cache
def _with_everybodys(found: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Kept, for making it takes longer than asking it; it holds no person's values."""
    columns = (count.scalar_subquery() for count in _everybodys.values())
    return found.add_columns(*columns)
