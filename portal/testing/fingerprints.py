"""Telling whether anything was written: a digest of every table of the core."""

import hashlib
from collections.abc import Container

from sqlalchemy import Connection, select

from portal.db import Base


def fingerprint(
    connection: Connection, *, leave_out: Container[str] = ()
) -> dict[str, str]:
    """A digest of the rows by table.

    Args:
        leave_out: tables (`"draft"`) and columns (`"user.last_seen_at"`).
    """
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name in leave_out:
            continue
        columns = [c for c in table.columns if str(c) not in leave_out]
        rows = sorted(map(repr, connection.execute(select(*columns))))
        found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found
