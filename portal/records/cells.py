"""Reading one cell of a records sheet: an amount, a stage, a time, a word.

Each reader gives the value or raises `Unreadable` with the code of the sentence.
Full-width digits are read as digits; nothing else is guessed.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import regex

from portal.roster.cells import as_text, is_blank, shown
from portal.roster.columns import Cell, NotComputed
from portal.users.codes import tidy

LARGEST_AMOUNT = Decimal(10) ** 9
MOST_DECIMALS = 4
LONGEST_KEY = 64
LONGEST_EVIDENCE = 200
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""What is outside them is a slip, and near the ends of time it has no UTC."""

_NUMBER = regex.compile(r"[0-9]+(\.[0-9]+)?")
_DAY = regex.compile(
    r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"
    r"(?:[T\s]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<part>[0-9]{1,6}))?)?)?"
)
_SOURCE = regex.compile(r"[a-z][a-z0-9_]*([:.][a-z0-9_]+)*")


class Unreadable(Exception):
    """A cell does not say what its column asks for."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def text_of(cell: Cell) -> str:
    """The cell as text without blanks around it; half-width.

    Raises:
        Unreadable: it is a formula whose value the file does not hold.
    """
    if isinstance(cell, NotComputed):
        raise Unreadable("cell_not_computed")
    if is_blank(cell):
        return ""
    return unicodedata.normalize("NFKC", as_text(cell)).strip()


def amount_of(cell: Cell) -> Decimal:
    """A number from 0 on, with as many decimals as a spreadsheet shows, at most 4.

    Raises:
        Unreadable: it is text, a date, negative, too large or too fine.
    """
    given = text_of(cell)
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise Unreadable("not_a_number", given=shown(given))
    if isinstance(cell, int | float):
        # 15 digits are what a spreadsheet keeps and shows; the rest is noise.
        given = format(Decimal(format(cell, ".15g")), "f")
    if given.startswith(("-", "−")):
        raise Unreadable("negative", given=shown(given))
    if not _NUMBER.fullmatch(given):
        raise Unreadable("not_a_number", given=shown(given))
    try:
        amount = Decimal(given)
    except InvalidOperation as error:
        raise Unreadable("not_a_number", given=shown(given)) from error
    return _checked(amount, given)


def _checked(amount: Decimal, given: str) -> Decimal:
    if amount > LARGEST_AMOUNT:
        raise Unreadable("too_large", given=given[:40], limit=f"{LARGEST_AMOUNT}")
    plain = amount.normalize()
    exponent = plain.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
        raise Unreadable("too_fine", given=given[:40], limit=str(MOST_DECIMALS))
    return plain if plain == 0 or not isinstance(exponent, int) else _unscaled(plain)


def _unscaled(amount: Decimal) -> Decimal:
    """Without an exponent: 3E+1 is 30."""
    return Decimal(format(amount, "f"))


def whole_of(cell: Cell, code: str) -> int:
    """A whole number from 0 on.

    Raises:
        Unreadable: it is none; `code` says what stood to be read.
    """
    try:
        amount = amount_of(cell)
    except Unreadable as error:
        raise Unreadable(code, given=shown(text_of(cell))) from error
    if amount != int(amount):
        raise Unreadable(code, given=shown(text_of(cell)))
    return int(amount)


def time_of(cell: Cell, zone: ZoneInfo) -> datetime:
    """A moment in the county's zone; a day alone is its beginning.

    A date cell, or text as 2024-09-02 or 2024-09-02 14:30.

    Raises:
        Unreadable: it is neither, there is no such day, or it is far from now.
    """
    found = _time_of(cell, zone)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        years = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise Unreadable("time_too_far", given=shown(text_of(cell)), **years)
    return found


def _time_of(cell: Cell, zone: ZoneInfo) -> datetime:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=zone)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=zone)
    given = text_of(cell)
    found = _DAY.fullmatch(given) if isinstance(cell, str) else None
    if found is None:
        raise Unreadable("time_format", given=shown(given))
    parts = {name: int(found[name] or 0) for name in ("hour", "minute", "second")}
    micro = int((found["part"] or "0").ljust(6, "0"))
    try:
        day = (int(found["year"]), int(found["month"]), int(found["day"]))
        return datetime(*day, **parts, microsecond=micro, tzinfo=zone)
    except ValueError as error:
        raise Unreadable("time_format", given=shown(given)) from error


def source_of(cell: Cell, known: Mapping[str, str] | None) -> str:
    """The source by its name or word; with `known` None any name that is well formed.

    Raises:
        Unreadable: it is not among those known.
    """
    given = tidy(text_of(cell))
    if known is None:
        if len(given) <= LONGEST_KEY and _SOURCE.fullmatch(given):
            return given
        raise Unreadable("source_format", given=shown(given))
    found = known.get(given)
    if found is None:
        raise Unreadable("source_unknown", given=shown(given))
    return found


def measure_of(cell: Cell, known: Mapping[str, str]) -> str:
    """The measure by its name or word.

    Raises:
        Unreadable: there is no such measure.
    """
    given = tidy(text_of(cell))
    found = known.get(given)
    if found is None:
        raise Unreadable("measure_unknown", given=shown(given))
    return found
