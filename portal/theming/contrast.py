"""How well text can be read on its ground: WCAG 2.2, success criteria 1.4.3, 1.4.11."""

import re
from typing import NamedTuple

TEXT = 4.5
"""The least ratio of text to its ground (AA)."""
OUTLINE = 3.0
"""The least ratio of a control's outline to what is beside it."""

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*\)")

Colour = tuple[int, int, int]


class Pair(NamedTuple):
    """A token that is drawn on another, and the least ratio of the two."""

    front: str
    ground: str
    least: float


_GROUNDS = ("paper", "surface", "wash")
_WASHES = ("accent-wash", "ok-wash", "warn-wash", "danger-wash")

PAIRS = (
    *(
        Pair(front, ground, TEXT)
        for front in ("ink", "muted", "accent")
        for ground in (*_GROUNDS, *_WASHES)
    ),
    *(Pair("accent-deep", ground, TEXT) for ground in _GROUNDS),
    *(
        Pair(state, ground, TEXT)
        for state in ("ok", "warn", "danger")
        for ground in (*_GROUNDS, f"{state}-wash")
    ),
    Pair("on-accent", "accent", TEXT),
    Pair("on-accent", "accent-deep", TEXT),
    Pair("on-danger", "danger", TEXT),
    *(Pair("edge", ground, OUTLINE) for ground in ("paper", "surface")),
)
"""Everything that the portal's sheet draws on something."""


def colour(value: str) -> Colour | None:
    """An opaque colour as `#rgb`, `#rrggbb` or `rgb(…)` says it; None of anything else.

    Others cannot be checked: what is half transparent has the colour of its ground.
    """
    if _HEX.fullmatch(value):
        digits = value[1:] if len(value) == 7 else "".join(2 * one for one in value[1:])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.fullmatch(value.lower()):
        red, green, blue = (min(int(part), 255) for part in found.groups())
        return red, green, blue
    return None


def ratio(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(of: Colour) -> float:
    """Relative luminance of an sRGB colour, as WCAG 2.2 defines it."""
    red, green, blue = (
        part / 255 / 12.92
        if part / 255 <= 0.04045
        else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in of
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
