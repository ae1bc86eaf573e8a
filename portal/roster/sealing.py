"""A sheet as encrypted text: between check and import it waits in the database.

Cells keep their kind, because the check judges it: an ID number in a number cell is
wrong, the same digits as text are right.
"""

import json
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from cryptography.fernet import Fernet

from portal.roster.columns import (
    NOT_COMPUTED,
    Cell,
    NotComputed,
    RosterSheet,
    SheetLine,
)


def seal(sheet: RosterSheet, key: str) -> str:
    """The sheet as text that only the key can read."""
    content = [
        [_packed(cell) for cell in sheet.header],
        [[row.line, [_packed(cell) for cell in row.cells]] for row in sheet.lines],
    ]
    packed = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Fernet(key).encrypt(packed.encode()).decode()


def unseal(sealed: str, key: str) -> RosterSheet:
    """The sheet that `seal` was given, but for the names of its other sheets."""
    header, lines = json.loads(Fernet(key).decrypt(sealed.encode()))
    return RosterSheet(
        tuple(map(_unpacked, header)),
        tuple(SheetLine(line, tuple(map(_unpacked, cells))) for line, cells in lines),
    )


def only(sheet: RosterSheet, lines: Collection[int]) -> RosterSheet:
    """The sheet with these lines, by their numbers, and no others."""
    return RosterSheet(
        sheet.header, tuple(row for row in sheet.lines if row.line in lines)
    )


def _packed(cell: Cell) -> Any:
    match cell:
        case None | bool() | int() | float() | str():
            return cell
        case NotComputed():
            return {"hole": True}
        case datetime():
            return {"datetime": cell.isoformat()}
        case date():
            return {"date": cell.isoformat()}
        case time():
            return {"time": cell.isoformat()}
        case timedelta():
            return {"seconds": cell.total_seconds()}


def _unpacked(packed: Any) -> Cell:
    match packed:
        case {"hole": True}:
            return NOT_COMPUTED
        case {"datetime": str(text)}:
            return datetime.fromisoformat(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case {"time": str(text)}:
            return time.fromisoformat(text)
        case {"seconds": float(seconds)}:
            return timedelta(seconds=seconds)
        case None | bool() | int() | float() | str():
            return packed
    raise ValueError("This is no packed cell.")
