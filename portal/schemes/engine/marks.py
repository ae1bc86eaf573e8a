"""Marks as a person reads them: never rounded across a limit."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=80)
"""Wide enough that no sum or product of facts and rules is ever rounded."""


def show_mark(value: Decimal, limits: Iterable[Decimal] = ()) -> str:
    """The mark with one decimal, half up, or as many as keep it on its side.

    59.96 with the limit 60 is shown as "59.96", not "60.0": whoever reads it would
    think it passed (`cases.md`, rules common to all cases).
    """
    limits = tuple(limits)
    decimals = 1
    shown = _rounded(value, decimals)
    while any((value >= limit) != (shown >= limit) for limit in limits):
        decimals += 1
        shown = _rounded(value, decimals)
    return format(shown, "f")


def whole(value: Decimal) -> Decimal:
    """The mark rounded half up to a whole one, where a scheme asks for it."""
    return value.quantize(Decimal(1), ROUND_HALF_UP, EXACT)


def plain(value: Decimal) -> str:
    """The exact number without needless zeros: `"4.5"`, `"230"`."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACT)
